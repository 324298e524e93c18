//! Ways to take a word of a sealed report out of sight, to put another over it or to make it say
//! something else, without changing a letter: each is noticed. What a word processor does when it
//! saves a report is not.

use super::Sealed;
use super::tests::{desk, in_parts, seal_of};
use crate::export::recheck::{self, BadReport};
use crate::export::{Format, testing, written};

/// A sealed report, and what its text is looked for by.
struct Victim {
    bytes: Vec<u8>,
}

/// The run with this status of a finding, and a paragraph of its own.
const WORD: &str = "<w:r><w:t xml:space=\"preserve\">supported</w:t></w:r>";
const DOCUMENT: &str = "word/document.xml";
const STYLES: &str = "word/styles.xml";
const NUMBERING: &str = "word/numbering.xml";
const SETTINGS: &str = "word/settings.xml";

fn victim(format: Format) -> Victim {
    let desk = desk();
    let mut report = testing::report();
    report.seal = Some(seal_of(&desk, &report, format));
    Victim { bytes: written(&report, format).unwrap() }
}

impl Victim {
    /// What is found strange where something else stands in a part.
    fn after(&self, part: &str, from: &str, to: &str) -> Sealed {
        let forged = in_parts(&self.bytes, &|name, text| match name == part {
            true => {
                assert!(text.contains(from), "{part} {from}");
                text.replacen(from, to, 1)
            }
            false => text.to_owned(),
        });
        recheck::read(&forged).unwrap().sealed
    }

    #[track_caller]
    fn is_noticed(&self, part: &str, from: &str, to: &str) {
        let sealed = self.after(part, from, to);
        assert!(!sealed.holds(), "{part}: {to}");
    }

    #[track_caller]
    fn is_named(&self, part: &str, from: &str, to: &str, name: &str) {
        let Sealed::By { changes, .. } = self.after(part, from, to) else { panic!("{to}") };
        assert!(changes.iter().any(|change| change.part.starts_with(name)), "{to}: {changes:?}");
    }

    #[track_caller]
    fn still_holds(&self, part: &str, from: &str, to: &str) {
        let sealed = self.after(part, from, to);
        assert!(sealed.holds(), "{part}: {to} {sealed:?}");
    }
}

#[test]
fn letters_that_are_hidden_or_shown_otherwise_are_noticed() {
    let docx = victim(Format::Docx);
    for look in [
        "<w:vanish/>",
        "<w:webHidden/>",
        "<w:specVanish/>",
        "<w:strike/>",
        "<w:dstrike/>",
        "<w:caps/>",
        "<w:smallCaps w:val=\"1\"/>",
        "<w:vertAlign w:val=\"superscript\"/>",
        "<w:vertAlign w:val=\"subscript\"/>",
        "<w:rStyle w:val=\"FootnoteReference\"/>",
        "<w:position w:val=\"2000\"/>",
        "<w:sz w:val=\"2\"/>",
        "<w:color w:val=\"FFFFFF\"/>",
        "<w:color w:val=\"auto\" w:themeColor=\"background1\"/>",
        "<w:highlight w:val=\"black\"/>",
        "<w:shd w:val=\"clear\" w:fill=\"000000\"/>",
        "<w:shd w:val=\"solid\" w:color=\"000000\" w:fill=\"auto\"/>",
        "<w:w w:val=\"1\"/>",
        "<w:spacing w:val=\"-400\"/>",
        "<w:fitText w:val=\"1\"/>",
        "<w:rtl/>",
        "<w:rFonts w:ascii=\"Wingdings\" w:hAnsi=\"Wingdings\"/>",
        "<w:rFonts w:ascii=\"Symbol\"/>",
        "<w:rFonts w:asciiTheme=\"minorHAnsi\"/>",
        "<w:eastAsianLayout w:combine=\"1\"/>",
        "<w:u w:val=\"single\"/>",
        "<w:del w:id=\"1\" w:author=\"x\"/>",
        "<w:ins w:id=\"1\" w:author=\"x\"/>",
        "<x:vanish xmlns:x=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"/>",
    ] {
        let run = WORD.replace("<w:r>", &format!("<w:r><w:rPr>{look}</w:rPr>"));
        docx.is_noticed(DOCUMENT, WORD, &run);
    }
}

#[test]
fn what_is_put_around_or_behind_a_word_is_noticed_and_named() {
    let docx = victim(Format::Docx);
    for (name, around) in [
        ("<w:del", "<w:del w:id=\"9\" w:author=\"a\">@</w:del>"),
        ("<w:ins", "<w:ins w:id=\"9\" w:author=\"a\">@</w:ins>"),
        ("<w:moveFrom", "<w:moveFrom w:id=\"9\" w:author=\"a\">@</w:moveFrom>"),
        ("<w:moveTo", "<w:moveTo w:id=\"9\" w:author=\"a\">@</w:moveTo>"),
        ("<w:sdt", "<w:sdt><w:sdtPr/><w:sdtContent>@</w:sdtContent></w:sdt>"),
        ("<w:smartTag", "<w:smartTag>@</w:smartTag>"),
        ("<w:hyperlink", "<w:hyperlink w:anchor=\"x\" w:tooltip=\"guilty\">@</w:hyperlink>"),
        ("<w:bdo", "<w:bdo w:val=\"rtl\">@</w:bdo>"),
        ("<w:dir", "<w:dir w:val=\"rtl\">@</w:dir>"),
        ("<w:customXml", "<w:customXml w:element=\"a\">@</w:customXml>"),
        ("<x:foo", "<x:foo xmlns:x=\"urn:x\">@</x:foo>"),
        (
            "<mc:AlternateContent",
            "<mc:AlternateContent><mc:Fallback>@</mc:Fallback></mc:AlternateContent>",
        ),
        ("<w:fldSimple", "<w:fldSimple w:instr=\" PAGE \">@</w:fldSimple>"),
        ("<w:dayLong", "@<w:r><w:dayLong/></w:r>"),
        ("<w:pgNum", "@<w:r><w:pgNum/></w:r>"),
        ("<w:ptab", "@<w:r><w:ptab/></w:r>"),
        ("<w:softHyphen", "@<w:r><w:softHyphen/></w:r>"),
        ("<w:sym", "@<w:r><w:sym w:font=\"Wingdings\" w:char=\"F04A\"/></w:r>"),
        ("<m:oMath", "@<m:oMath><m:r><m:t>1</m:t></m:r></m:oMath>"),
        ("<w:commentReference", "@<w:r><w:commentReference w:id=\"0\"/></w:r>"),
        ("<w:permStart", "<w:permStart w:id=\"1\"/>@"),
    ] {
        docx.is_named(DOCUMENT, WORD, &around.replace('@', WORD), name);
    }
    // A field whose result goes when it is updated, and one that never ends.
    let begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>";
    let does = "<w:r><w:instrText> PAGE </w:instrText></w:r>";
    let shown = "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>";
    let end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    docx.is_noticed(DOCUMENT, WORD, &format!("{begin}{does}{shown}{WORD}{end}"));
    docx.is_noticed(DOCUMENT, WORD, &format!("{begin}{WORD}{end}"));
    docx.is_noticed(DOCUMENT, WORD, &format!("{begin}{WORD}"));
    // A number that leads to another footnote than it says.
    docx.is_named(DOCUMENT, " NOTEREF _Note1 ", " NOTEREF _Note2 ", "[1] that leads to _Note2");
}

#[test]
fn paragraphs_tables_and_pages_out_of_sight_are_noticed() {
    let docx = victim(Format::Docx);
    for look in [
        "<w:ind w:left=\"-30000\"/>",
        "<w:ind w:hanging=\"9000\"/>",
        "<w:framePr w:w=\"1\" w:h=\"1\" w:x=\"-20000\" w:y=\"-20000\"/>",
        "<w:spacing w:line=\"1\" w:lineRule=\"exact\"/>",
        "<w:spacing w:line=\"1\"/>",
        "<w:bidi/>",
        "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>",
        "<w:rPr><w:del w:id=\"4\" w:author=\"x\"/></w:rPr>",
        "<w:rPr><w:vanish/></w:rPr>",
        "<w:pStyle w:val=\"Heading3\"/>",
        "<w:pStyle w:val=\"Quotation\"/>",
        "<w:sectPr/>",
        "<w:shd w:val=\"clear\" w:fill=\"101010\"/>",
    ] {
        docx.is_noticed(DOCUMENT, "</w:pPr>", &format!("{look}</w:pPr>"));
    }
    for row in [
        "<w:trPr><w:trHeight w:val=\"1\" w:hRule=\"exact\"/></w:trPr>",
        "<w:trPr><w:hidden/></w:trPr>",
        "<w:trPr><w:del w:id=\"8\" w:author=\"x\"/></w:trPr>",
    ] {
        docx.is_noticed(DOCUMENT, "<w:tr>", &format!("<w:tr>{row}"));
    }
    for cell in ["<w:vMerge/>", "<w:hMerge/>", "<w:gridSpan w:val=\"9\"/>", "<w:cellDel/>"] {
        docx.is_noticed(DOCUMENT, "</w:tcPr>", &format!("{cell}</w:tcPr>"));
    }
    docx.is_noticed(DOCUMENT, "<w:tblGrid><w:gridCol w:w=\"", "<w:tblGrid><w:gridCol w:w=\"1");
    // Where cells begin is what stands beside what.
    let (cell, empty) = ("<w:tc>", "<w:tc><w:tcPr/><w:p/></w:tc>");
    docx.is_noticed(DOCUMENT, cell, &format!("{empty}{cell}"));
    for page in [
        "<w:footnotePr><w:numStart w:val=\"5\"/></w:footnotePr>",
        "<w:footnotePr><w:numFmt w:val=\"upperRoman\"/></w:footnotePr>",
        "<w:pgBorders/>",
        "<w:cols w:num=\"2\"/>",
    ] {
        docx.is_noticed(DOCUMENT, "<w:sectPr>", &format!("<w:sectPr>{page}"));
    }
    docx.is_noticed(DOCUMENT, "w:w=\"11906\"", "w:w=\"100\"");
    docx.is_noticed(DOCUMENT, "w:left=\"1304\"", "w:left=\"-9304\"");
    docx.is_noticed(DOCUMENT, "<w:body>", "<w:background w:color=\"000000\"/><w:body>");
}

#[test]
fn parts_that_change_what_the_text_looks_like_are_noticed() {
    let docx = victim(Format::Docx);
    let look = |inner: &str| format!("<w:pPr></w:pPr><w:rPr>{inner}</w:rPr>");
    let plain = look("");
    for inner in ["<w:strike/>", "<w:vertAlign w:val=\"superscript\"/>", "<w:vanish/>"] {
        docx.is_noticed(STYLES, &plain, &look(inner));
    }
    docx.is_noticed(
        STYLES,
        "<w:pPr></w:pPr>",
        "<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>",
    );
    docx.is_noticed(NUMBERING, "w:val=\"bullet\"", "w:val=\"decimal\"");
    docx.is_noticed(NUMBERING, "w:val=\"•\"", "w:val=\"NOT\"");
    docx.is_noticed(NUMBERING, "w:val=\"•\"", "w:val=\"✗\"");
    docx.is_noticed(NUMBERING, "w:val=\"%2.\"", "w:val=\"%1.\"");
    for setting in [
        "<w:revisionView w:markup=\"0\"/>",
        "<w:mailMerge/>",
        "<w:attachedTemplate/>",
        "<w:evenAndOddHeaders/>",
    ] {
        docx.is_noticed(SETTINGS, "<w:defaultTabStop", &format!("{setting}<w:defaultTabStop"));
    }
    docx.is_noticed(SETTINGS, "<w:footnotePr>", "<w:footnotePr><w:numStart w:val=\"7\"/>");
    let core = "</cp:coreProperties>";
    docx.is_noticed("docProps/core.xml", core, &format!("<dc:subject>guilty</dc:subject>{core}"));
    let above = "<w:separator/></w:r>";
    docx.is_noticed("word/footnotes.xml", above, &format!("{above}<w:r><w:t>False:</w:t></w:r>"));
    docx.is_noticed("word/footer1.xml", "</w:p>", "<w:r><w:t>DRAFT</w:t></w:r></w:p>");
    docx.is_noticed("word/footer1.xml", " PAGE ", " QUOTE DRAFT ");
    // What a parser reads otherwise than this one does.
    docx.is_noticed(DOCUMENT, "encoding=\"UTF-8\"", "encoding=\"GB18030\"");
    docx.is_noticed(DOCUMENT, "<w:document", "<!DOCTYPE a><w:document");
    docx.is_noticed(DOCUMENT, "wordprocessingml/2006/main", "wordprocessingml/2006/other");
    let trimmed = "<w:r><w:t xml:space=\"preserve\">status: ";
    docx.is_noticed(DOCUMENT, &trimmed.replace("<w:r>", ""), "<w:t>status:x ");
}

/// What Word and LibreOffice write of their own accord when they save a report.
#[test]
fn what_word_processors_add_of_themselves_holds() {
    let docx = victim(Format::Docx);
    docx.still_holds(
        DOCUMENT,
        "<w:p>",
        "<w:p w:rsidR=\"00A1\" w:rsidRDefault=\"00A1\" w14:paraId=\"1A\">",
    );
    let run = WORD.replace("<w:r>", "<w:r w:rsidRPr=\"00B2\"><w:rPr><w:rFonts w:hint=\"eastAsia\"/><w:noProof/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr>");
    docx.still_holds(
        DOCUMENT,
        WORD,
        &format!("<w:proofErr w:type=\"spellStart\"/>{run}<w:proofErr w:type=\"spellEnd\"/>"),
    );
    docx.still_holds(
        DOCUMENT,
        WORD,
        &format!(
            "<w:bookmarkStart w:id=\"99\" w:name=\"_GoBack\"/>{WORD}<w:bookmarkEnd w:id=\"99\"/>"
        ),
    );
    docx.still_holds(DOCUMENT, WORD, &WORD.replace("<w:t", "<w:lastRenderedPageBreak/><w:t"));
    docx.still_holds(
        DOCUMENT,
        WORD,
        &WORD.replace(
            "<w:r>",
            "<w:r><w:rPr><w:strike w:val=\"0\"/><w:vanish w:val=\"false\"/></w:rPr>",
        ),
    );
    docx.still_holds(
        DOCUMENT,
        "<w:sectPr>",
        "<w:sectPr w:rsidR=\"00A1\"><w:cols w:space=\"720\"/><w:docGrid w:linePitch=\"360\"/>",
    );
    docx.still_holds(DOCUMENT, "</w:tblBorders>", "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"04A0\" w:firstRow=\"1\"/>");
    docx.still_holds(DOCUMENT, "<w:tr>", "<w:tr w:rsidR=\"00A1\"><w:trPr></w:trPr>");
    docx.still_holds(
        DOCUMENT,
        "xmlns:r=",
        "xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" xmlns:r=",
    );
    docx.still_holds(SETTINGS, "<w:defaultTabStop", "<w:zoom w:percent=\"100\"/><w:rsids><w:rsidRoot w:val=\"00A1\"/></w:rsids><m:mathPr><m:mathFont m:val=\"Cambria Math\"/></m:mathPr><w:shapeDefaults><o:shapedefaults/></w:shapeDefaults><w:defaultTabStop");
    docx.still_holds(STYLES, "</w:docDefaults>", "</w:docDefaults><w:latentStyles w:count=\"1\"><w:lsdException w:name=\"Normal\"/></w:latentStyles>");
    // A style that nobody uses may be as it likes.
    docx.still_holds(STYLES, "</w:styles>", "<w:style w:type=\"paragraph\" w:styleId=\"Index\"><w:name w:val=\"Index\"/><w:rPr><w:rFonts w:ascii=\"Wingdings\"/><w:vanish/></w:rPr></w:style></w:styles>");
    docx.still_holds(NUMBERING, "<w:multiLevelType", "<w:nsid w:val=\"1A\"/><w:multiLevelType");
    docx.still_holds(
        "word/_rels/document.xml.rels",
        "</Relationships>",
        "<Relationship Id=\"rId9\" Type=\"x/theme\" Target=\"theme/theme1.xml\"/></Relationships>",
    );
}

#[test]
fn html_is_every_tag_as_it_was_written() {
    let desk = desk();
    let mut report = testing::report();
    report.seal = Some(seal_of(&desk, &report, Format::Html));
    let text = String::from_utf8(written(&report, Format::Html).unwrap()).unwrap();
    let check = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let forged = text.replacen(from, to, 1);
        match recheck::read(forged.as_bytes()) {
            Ok(read) => assert!(!read.sealed.holds(), "{to}"),
            Err(error) => assert_eq!(error, BadReport::NoLocators, "{to}"),
        }
    };
    check("supported</dd>", "sup<sup>port</sup>ed</dd>");
    check("supported</dd>", "sup<sub>port</sub>ed</dd>");
    check("supported</dd>", "<span>supported</span></dd>");
    check("supported</dd>", "<del>supported</del></dd>");
    check("<ul>", "<ol>");
    check("<ol start=\"1\">", "<ol>");
    check("<dt>status</dt><dd>", "<dd>status</dd><dd>");
    check("<div class=\"against\">", "<div class=\"for\">");
    check("<main>", "<main><hr>");
    check("</style>", ".aside{display:none}</style>");
    check("<style>", "<style media=\"print\">");
    check("<p>", "<p title=\"refuted\">");
    check("<p>", "<p dir=\"rtl\">");
    check("<!DOCTYPE html>", "");
    check("<head>", "<head><base href=\"http://a.example/\">");
    check("</main>", "<!-- x --></main>");
    check("'none'; style-src", "*; style-src");
}
