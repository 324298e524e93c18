//! The parts around the text: types, relations, styles, lists, properties, locators.

use crate::export::inert::{markup, one_line};
use crate::export::report::Report;
use std::fmt::Write;

pub const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/><Override PartName="/customXml/itemProps1.xml" ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/></Types>"#;

pub const PACKAGE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>"#;

pub const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/><Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/><Relationship Id="rId6" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml" Target="../customXml/item1.xml"/></Relationships>"#;

pub const APPLICATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Casebook</Application></Properties>"#;

pub const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/><w:footnotePr><w:footnote w:id="0"/><w:footnote w:id="1"/></w:footnotePr><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-GB" w:eastAsia="zh-CN"/></w:settings>"#;

pub const FOOTER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>"#;

/// The number names the part in its document and is the same in every report.
pub const ITEM: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<ds:datastoreItem ds:itemID="{6B1F0C52-5B0E-4C7B-9A55-0B8A3D1C7E01}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="urn:casebook:report:1"/></ds:schemaRefs></ds:datastoreItem>"#;

pub const ITEM_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps" Target="itemProps1.xml"/></Relationships>"#;

/// Title, authors and the day of the report: nothing of the machine or account that wrote it.
pub fn core(report: &Report) -> String {
    let creator = match report.authors.is_empty() {
        true => "Casebook".to_owned(),
        false => report.authors.join(", "),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{}T00:00:00Z</dcterms:created></cp:coreProperties>",
        markup(&one_line(&report.title)),
        markup(&one_line(&creator)),
        markup(&report.date)
    )
}

/// One element for each footnote, its locator as JSON, and one for the seal.
pub fn locators(report: &Report) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<casebook xmlns=\"{}\">\n",
        super::NAMESPACE
    );
    for footnote in &report.footnotes {
        let _ = writeln!(
            text,
            "<footnote n=\"{}\">{}</footnote>",
            footnote.number,
            markup(&footnote.locator.line())
        );
    }
    if let Some(seal) = &report.seal {
        let _ = writeln!(text, "<seal>{}</seal>", markup(&seal.line()));
    }
    text.push_str("</casebook>\n");
    text
}

const SANS: &str =
    "<w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"Microsoft YaHei\" w:cs=\"Arial\"/>";
const MONO: &str = "<w:rFonts w:ascii=\"Courier New\" w:hAnsi=\"Courier New\" w:eastAsia=\"NSimSun\" w:cs=\"Courier New\"/>";

pub fn styles() -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" \
         w:eastAsia=\"SimSun\" w:cs=\"Times New Roman\"/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>\
         <w:lang w:val=\"en-GB\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>",
    );
    let mut paragraph = |id: &str, name: &str, look: &str, letters: &str, is_default: bool| {
        let default = if is_default { " w:default=\"1\"" } else { "" };
        let based = if is_default { "" } else { "<w:basedOn w:val=\"Normal\"/>" };
        let _ = write!(
            text,
            "<w:style w:type=\"paragraph\"{default} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{based}<w:qFormat/>\
             <w:pPr>{look}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
        );
    };
    paragraph("Normal", "Normal", "", "", true);
    paragraph(
        "Title",
        "Title",
        "<w:spacing w:after=\"160\"/>",
        &format!("{SANS}<w:b/><w:sz w:val=\"40\"/><w:szCs w:val=\"40\"/>"),
        false,
    );
    for (level, size) in [(1, 30), (2, 25), (3, 23), (4, 22), (5, 22), (6, 22)] {
        paragraph(
            &format!("Heading{level}"),
            &format!("heading {level}"),
            &format!(
                "<w:keepNext/><w:spacing w:before=\"{}\" w:after=\"80\"/><w:outlineLvl w:val=\"{}\"/>",
                if level == 1 { 400 } else { 240 },
                level - 1
            ),
            &format!("{SANS}<w:b/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>"),
            false,
        );
    }
    paragraph("Fact", "Fact", "<w:spacing w:after=\"20\"/>", "<w:sz w:val=\"20\"/>", false);
    paragraph(
        super::HEADER,
        super::HEADER,
        "<w:keepNext/><w:spacing w:after=\"20\"/>",
        "<w:sz w:val=\"20\"/>",
        false,
    );
    paragraph(
        super::QUOTE,
        "Quotation",
        "<w:pBdr><w:left w:val=\"single\" w:sz=\"12\" w:space=\"8\" w:color=\"999999\"/></w:pBdr>\
         <w:spacing w:after=\"60\"/><w:ind w:left=\"340\"/>",
        "",
        false,
    );
    paragraph(
        "Preformatted",
        "Preformatted",
        "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F2F2\"/>",
        &format!("{MONO}<w:sz w:val=\"19\"/>"),
        false,
    );
    paragraph("ListParagraph", "List Paragraph", "<w:spacing w:after=\"60\"/>", "", false);
    paragraph(
        "FootnoteText",
        "footnote text",
        "<w:spacing w:after=\"20\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
        false,
    );
    let mut letters = |id: &str, name: &str, look: &str| {
        let _ = write!(
            text,
            "<w:style w:type=\"character\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:rPr>{look}</w:rPr></w:style>"
        );
    };
    letters("FootnoteReference", "footnote reference", "<w:vertAlign w:val=\"superscript\"/>");
    letters("Label", "Label", "<w:color w:val=\"595959\"/>");
    letters("Fixed", "Fixed", &format!("{MONO}<w:sz w:val=\"17\"/>"));
    letters("Warning", "Warning", "<w:b/><w:color w:val=\"A00000\"/>");
    text.push_str(
        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr>\
         <w:tblCellMar><w:left w:w=\"108\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\
         </w:styles>",
    );
    text
}

/// One list of the text: numbered from a number, or with bullets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    pub start: Option<u64>,
}

/// Deepest level that Word knows.
pub const DEEPEST: usize = 8;

pub fn numbering(lists: &[List]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
    );
    for (id, format) in [(0, "bullet"), (1, "decimal")] {
        let _ = write!(
            text,
            "<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>"
        );
        for level in 0..=DEEPEST {
            let label = match id {
                0 => "•".to_owned(),
                _ => format!("%{}.", level + 1),
            };
            let _ = write!(
                text,
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{label}\"/>\
                 <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{}\" w:hanging=\"360\"/></w:pPr></w:lvl>",
                360 * (level + 1)
            );
        }
        text.push_str("</w:abstractNum>");
    }
    for (at, list) in lists.iter().enumerate() {
        let _ = write!(
            text,
            "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{}\"/>",
            at + 1,
            u8::from(list.start.is_some())
        );
        if let Some(start) = list.start {
            // Word counts in 31 bits.
            let start = start.min(0x7fff_ffff);
            for level in 0..=DEEPEST {
                let _ = write!(
                    text,
                    "<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>"
                );
            }
        }
        text.push_str("</w:num>");
    }
    text.push_str("</w:numbering>");
    text
}
