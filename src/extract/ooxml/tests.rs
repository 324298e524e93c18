//! Whole documents, small enough to be read here.

use super::{docx, flat_opc, pptx, wordml};
use crate::extract::collect::Collected;
use crate::extract::office::testing::{parts, read, read_within, relationships, zipped};
use crate::extract::{Key, Limits};
use crate::model::{PartKind, State};

fn document(body: &str) -> String {
    format!("<w:document><w:body>{body}</w:body></w:document>")
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn word(body: &str) -> Collected {
    read(docx, &zipped(&[("word/document.xml", &document(body))]))
}

fn check(body: &str, expected: &[(PartKind, &str, &str)]) {
    let all = word(body);
    assert_eq!(parts(&all), expected, "{body}");
    assert_eq!(all.outcome, None);
}

#[test]
fn runs_make_paragraphs_whatever_wraps_them() {
    check(
        "<w:p><w:r><w:t>合同</w:t></w:r><w:smartTag><w:r><w:t xml:space='preserve'> No. </w:t></w:r></w:smartTag>\
         <w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:r><w:t>7</w:t></w:r></w:sdtContent></w:sdt>\
         <w:ins w:author='a'><w:r><w:tab/><w:t>new</w:t></w:r></w:ins></w:p>",
        &[(PartKind::Body, "", "合同 No. 7\tnew\n")],
    );
    check(
        "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='720'/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r></w:p>",
        &[(PartKind::Body, "", "a\nb\u{2011}c\n")],
    );
}

#[test]
fn readings_stand_beside_their_words() {
    let ruby = |reading: &str, word: &str| {
        format!(
            "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>{reading}</w:t></w:r></w:rt>\
             <w:rubyBase><w:r><w:t>{word}</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        )
    };
    let body = format!(
        "<w:p>{}{}<w:r><w:t>タワーと</w:t></w:r>{}</w:p>",
        ruby("とう", "東"),
        ruby("きょう", "京"),
        ruby("かんじ", "漢字"),
    );
    check(
        &body,
        &[
            (PartKind::Body, "", "東京タワーと漢字\n"),
            (PartKind::Comment, "readings", "東京 とうきょう\n漢字 かんじ\n"),
        ],
    );
}

#[test]
fn paragraphs_of_a_drawing_stand_apart() {
    check(
        "<w:p><w:r><w:t>around</w:t></w:r><w:r><w:drawing><a:txBody><a:p><a:r><a:t>юные</a:t></a:r></a:p>\
         <a:p><a:r><a:t>next </a:t></a:r><a:r><a:t>line</a:t></a:r></a:p><a:p/></a:txBody></w:drawing></w:r></w:p>",
        &[(PartKind::Body, "", "around\n"), (PartKind::TextBox, "", "юные\nnext line\n")],
    );
}

#[test]
fn deleted_text_leaves_the_flow_with_its_author() {
    check(
        "<w:p><w:r><w:t>kept </w:t></w:r><w:del w:author='Mara'><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>too</w:t></w:r></w:p>",
        &[(PartKind::Body, "", "kept too\n"), (PartKind::Deleted, "Mara", "gone\n")],
    );
}

#[test]
fn tables_are_rows_and_inner_ones_lines_of_a_cell() {
    let cell = |inside: &str| format!("<w:tc>{inside}</w:tc>");
    let inner =
        format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell(&paragraph("x")), cell(&paragraph("y")));
    let table = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>",
        cell(&paragraph("a")),
        cell(&format!("{}{inner}", paragraph("b"))),
        cell(&format!("<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{}", paragraph("wide"))),
    );
    check(
        &format!("{}{table}{}", paragraph("before"), paragraph("after")),
        &[
            (PartKind::Body, "", "before\n"),
            (PartKind::Table, "", "a\tb\u{2028}x y\nwide\t\n"),
            (PartKind::Body, "", "after\n"),
        ],
    );
}

#[test]
fn drawings_are_read_once_and_stand_beside_the_text() {
    let boxed = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", paragraph(text));
    let twice = format!(
        "<w:p><w:r><w:t>one </w:t><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent><w:t>line</w:t></w:r></w:p>",
        boxed("in the box"),
        boxed("in the box")
    );
    check(&twice, &[(PartKind::Body, "", "one line\n"), (PartKind::TextBox, "", "in the box\n")]);
    let only_fallback = twice.replacen(&boxed("in the box"), "", 1);
    check(
        &only_fallback,
        &[(PartKind::Body, "", "one line\n"), (PartKind::TextBox, "", "in the box\n")],
    );
}

#[test]
fn fields_show_their_result_and_give_their_address() {
    check(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> HYPERLINK \"http://a.example/x\" </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>here</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
        &[(PartKind::Body, "", "here\n"), (PartKind::Body, "links", "here → http://a.example/x\n")],
    );
}

#[test]
fn what_stands_around_the_body() {
    let bytes = zipped(&[
        (
            "_rels/.rels",
            &relationships(&[
                ("r", "officeDocument", "w/doc.xml"),
                ("c", "metadata/core-properties", "core.xml"),
            ]),
        ),
        (
            "core.xml",
            "<cp:coreProperties><dc:creator>林默</dc:creator><cp:lastModifiedBy>mara</cp:lastModifiedBy><dcterms:created>2021-01-02T03:04:05Z</dcterms:created></cp:coreProperties>",
        ),
        ("w/doc.xml", &document(&paragraph("body"))),
        (
            "w/_rels/doc.xml.rels",
            &relationships(&[
                ("1", "footer", "f.xml"),
                ("2", "header", "/w/h.xml"),
                ("3", "comments", "c.xml"),
                ("4", "footnotes", "n.xml"),
                ("5", "image", "media/a.png"),
                ("6", "attachedTemplate", "http://t.example/a.dotm"),
            ]),
        ),
        ("w/h.xml", &format!("<w:hdr>{}</w:hdr>", paragraph("head"))),
        ("w/f.xml", &format!("<w:ftr>{}</w:ftr>", paragraph("foot"))),
        (
            "w/c.xml",
            &format!(
                "<w:comments><w:comment w:author='Mara' w:date='2021-05-06T00:00:00Z'>{}</w:comment></w:comments>",
                paragraph("remark")
            ),
        ),
        (
            "w/n.xml",
            &format!(
                "<w:footnotes><w:footnote w:type='separator' w:id='0'>{}</w:footnote><w:footnote w:id='2'>{}</w:footnote></w:footnotes>",
                paragraph("x"),
                paragraph("note")
            ),
        ),
        ("w/media/a.png", "png"),
    ]);
    let all = read(docx, &bytes);
    assert_eq!(
        parts(&all),
        [
            (PartKind::Body, "", "body\n"),
            (PartKind::Header, "", "head\n"),
            (PartKind::Footer, "", "foot\n"),
            (PartKind::Footnote, "2", "note\n"),
            (PartKind::Comment, "Mara", "Mara, 2021-05-06T00:00:00Z\nremark\n"),
            (PartKind::Body, "links", "attachedTemplate → http://t.example/a.dotm\n"),
        ]
    );
    assert_eq!(all.meta(&Key::Author), Some("林默"));
    assert_eq!(all.meta(&Key::LastModifiedBy), Some("mara"));
    assert_eq!(all.meta(&Key::Created), Some("2021-01-02T03:04:05Z"));
    let children: Vec<_> =
        all.children.iter().map(|c| (c.child.name.as_str(), c.bytes.as_slice())).collect();
    assert_eq!(children, [("w/media/a.png", b"png".as_slice())]);
}

#[test]
fn list_numbers_are_counted() {
    let item = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='5'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [item(0, "a"), item(1, "b"), item(1, "c"), item(0, "d")].concat();
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId='1'>\
        <w:lvl w:ilvl='0'><w:start w:val='3'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='第%1条'/></w:lvl>\
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/></w:lvl>\
        </w:abstractNum><w:num w:numId='5'><w:abstractNumId w:val='1'/></w:num></w:numbering>";
    let bytes = zipped(&[
        ("word/document.xml", &document(&body)),
        ("word/_rels/document.xml.rels", &relationships(&[("1", "numbering", "numbering.xml")])),
        ("word/numbering.xml", numbering),
    ]);
    assert_eq!(read(docx, &bytes).text, "第三条 a\n三.1 b\n三.2 c\n第四条 d\n");
}

#[test]
fn a_cut_file_gives_what_it_still_holds_and_says_so() {
    let bytes =
        zipped(&[("word/document.xml", &document(&paragraph("what is left"))), ("z", "zzz")]);
    let directory = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let all = read(docx, &bytes[..directory]);
    assert_eq!(all.text, "what is left\n");
    assert_eq!(all.state(), State::Failed);
    let all = word("<w:p><w:r><w:t>open");
    assert_eq!(all.text, "open\n");
}

#[test]
fn bombs_end_at_their_limit() {
    let limits = Limits { whole: 1 << 16, ..Limits::default() };
    let large = document(&paragraph(&"a".repeat(1 << 20)));
    let all = read_within(docx, &zipped(&[("word/document.xml", &large)]), limits);
    assert_eq!(all.state(), State::OverLimit, "{}", all.reason());
    let deep = format!("{}{}", "<w:smartTag>".repeat(50_000), paragraph("x"));
    assert!(word(&deep).warnings[0].contains("deeper"));
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    assert_eq!(read(docx, ole).state(), State::Failed);
}

#[test]
fn flat_files_read_as_zipped_ones() {
    let flat = format!(
        "<?xml version='1.0'?><pkg:package><pkg:part pkg:name='/word/document.xml'><pkg:xmlData>{}</pkg:xmlData></pkg:part></pkg:package>",
        document(&paragraph("flat"))
    );
    assert_eq!(read(flat_opc, flat.as_bytes()).text, "flat\n");
    let old = format!(
        "<w:wordDocument><o:DocumentProperties><o:Author>A</o:Author></o:DocumentProperties><w:body>{}</w:body></w:wordDocument>",
        "<w:p><w:r><w:t>old</w:t><w:footnote><w:p><w:r><w:t>below</w:t></w:r></w:p></w:footnote></w:r></w:p>"
    );
    let all = read(wordml, old.as_bytes());
    assert_eq!(parts(&all), [(PartKind::Body, "", "old\n"), (PartKind::Footnote, "", "below\n")]);
    assert_eq!(all.meta(&Key::Author), Some("A"));
}

fn shape(placeholder: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

#[test]
fn slides_in_the_order_of_the_show() {
    let slide = |attributes: &str, shapes: &str| {
        format!("<p:sld {attributes}><p:spTree>{shapes}</p:spTree></p:sld>")
    };
    let table = "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>甲</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>95%</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>";
    let bytes = zipped(&[
        ("_rels/.rels", &relationships(&[("1", "officeDocument", "ppt/presentation.xml")])),
        (
            "ppt/presentation.xml",
            "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='b'/><p:sldId id='257' r:id='a'/></p:sldIdLst></p:presentation>",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            &relationships(&[
                ("a", "slide", "slides/slide1.xml"),
                ("b", "slide", "slides/slide2.xml"),
                ("c", "commentAuthors", "authors.xml"),
            ]),
        ),
        ("ppt/authors.xml", "<p:cmAuthorLst><p:cmAuthor id='0' name='Mara'/></p:cmAuthorLst>"),
        ("ppt/slides/slide1.xml", &slide("show='0'", &shape("<p:ph type='title'/>", "hidden one"))),
        (
            "ppt/slides/slide2.xml",
            &slide(
                "",
                &format!(
                    "{}<p:grpSp>{}</p:grpSp>{table}{}",
                    shape("", "first"),
                    shape("", "grouped"),
                    shape("<p:ph type='sldNum'/>", "1")
                ),
            ),
        ),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            &relationships(&[
                ("n", "notesSlide", "../notesSlides/n.xml"),
                ("l", "slideLayout", "../l.xml"),
                ("c", "comments", "../c.xml"),
            ]),
        ),
        (
            "ppt/notesSlides/n.xml",
            &format!("<p:notes>{}</p:notes>", shape("<p:ph type='body'/>", "say this")),
        ),
        (
            "ppt/c.xml",
            "<p:cmLst><p:cm authorId='0' dt='2021-01-01T00:00:00'><p:text>why?</p:text></p:cm></p:cmLst>",
        ),
        (
            "ppt/l.xml",
            &format!(
                "<p:sldLayout>{}{}</p:sldLayout>",
                shape("<p:ph type='body'/>", "Click to edit"),
                shape("", "Company logo")
            ),
        ),
    ]);
    let all = read(pptx, &bytes);
    assert_eq!(
        parts(&all),
        [
            (PartKind::Slide, "1", "first\ngrouped\n"),
            (PartKind::Table, "1", "甲\t95%\n"),
            (PartKind::Notes, "1", "say this\n"),
            (PartKind::Comment, "Mara", "Mara, 2021-01-01T00:00:00\nwhy?\n"),
            (PartKind::Slide, "2", "hidden one\n"),
            (PartKind::Header, "master", "Company logo\n"),
        ]
    );
    let hidden: Vec<bool> = all.parts.iter().map(|p| p.hidden).collect();
    assert_eq!(hidden, [false, false, false, false, true, false]);
}
