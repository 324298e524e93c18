//! Whole documents, small enough to be read here.

use super::{extract, flat};
use crate::extract::Key;
use crate::extract::office::testing::{parts, read, zipped};
use crate::model::{PartKind, State};

fn text(body: &str) -> Vec<u8> {
    zipped(&[(
        "content.xml",
        &format!(
            "<office:document-content><office:body><office:text>{body}</office:text></office:body></office:document-content>"
        ),
    )])
}

fn check(body: &str, expected: &[(PartKind, &str, &str)]) {
    assert_eq!(parts(&read(extract, &text(body))), expected, "{body}");
}

#[test]
fn texts() {
    check(
        "<text:h>标题</text:h><text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d <text:span>e</text:span></text:p>",
        &[(PartKind::Body, "", "标题\na  b\tc\nd e\n")],
    );
    check(
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Mara</dc:creator></office:change-info><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:p>x<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>below</text:p></text:note-body></text:note>\
         <office:annotation><dc:creator>Lin</dc:creator><dc:date>2021-01-01T00:00:00</dc:date><text:p>why</text:p></office:annotation>y</text:p>\
         <text:p><text:a xlink:href='http://a.example/'>link</text:a></text:p>",
        &[
            (PartKind::Body, "", "xy\n"),
            (PartKind::Footnote, "", "below\n"),
            (PartKind::Comment, "Lin", "Lin, 2021-01-01T00:00:00\nwhy\n"),
            (PartKind::Body, "", "link\n"),
            (PartKind::Deleted, "Mara", "gone\n"),
            (PartKind::Body, "links", "link → http://a.example/\n"),
        ],
    );
    check(
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p><text:p>c</text:p></table:table-cell></table:table-row></table:table>",
        &[(PartKind::Table, "", "a\tb\u{2028}c\n")],
    );
}

#[test]
fn readings_stand_beside_their_words() {
    let ruby = |word: &str, reading: &str| {
        format!(
            "<text:ruby><text:ruby-base>{word}</text:ruby-base><text:ruby-text>{reading}</text:ruby-text></text:ruby>"
        )
    };
    let body = format!(
        "<text:p>ここは{}タワー</text:p><text:p>{}{}</text:p>",
        ruby("東京", "とうきょう"),
        ruby("漢", "かん"),
        ruby("字", "じ")
    );
    check(
        &body,
        &[
            (PartKind::Body, "", "ここは東京タワー\n漢字\n"),
            (PartKind::Comment, "readings", "東京 とうきょう\n漢字 かんじ\n"),
        ],
    );
}

#[test]
fn sheets_do_not_grow_with_their_repeats() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name='ta2'><style:table-properties table:display='false'/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>\
         <table:table table:name='账'><table:table-row table:number-rows-repeated='1000000'><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated='2'/>{}{}</table:table-row></table:table>\
         <table:table table:name='H' table:style-name='ta2'><table:table-row table:number-rows-repeated='999999999'>{}</table:table-row></table:table>\
         </office:spreadsheet></office:body></office:document-content>",
        cell("office:value-type='float' office:value='1871500'", "187.2万"),
        cell("office:value-type='date' office:date-value='2021-03-04'", "3/4/21"),
        cell("table:number-columns-repeated='999999999'", "x"),
    );
    let all = read(extract, &zipped(&[("content.xml", &content)]));
    let first = &all.parts[0];
    assert_eq!(all.part_text(first), "187.2万 [1871500]\t3/4/21 [2021-03-04]\n");
    assert_eq!(first.origin, (1_000_001, 3));
    assert!(all.parts[1].hidden && all.text.len() < 100_000);
    assert_eq!(all.warnings.len(), 1);
}

#[test]
fn slides_and_what_masters_say() {
    let content = "<office:document-content><office:body><office:presentation>\
        <draw:page draw:name='p1'><draw:frame><draw:text-box><text:p>on the slide</text:p></draw:text-box></draw:frame>\
        <presentation:notes><draw:frame><draw:text-box><text:p>say this</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>\
        </office:presentation></office:body></office:document-content>";
    let styles = "<office:document-styles><office:master-styles><style:master-page><draw:frame presentation:placeholder='true'><draw:text-box><text:p>Click to edit</text:p></draw:text-box></draw:frame>\
        <draw:frame><draw:text-box><text:p>On every slide</text:p></draw:text-box></draw:frame></style:master-page></office:master-styles></office:document-styles>";
    let all = read(extract, &zipped(&[("content.xml", content), ("styles.xml", styles)]));
    assert_eq!(
        parts(&all),
        [
            (PartKind::Slide, "1", "on the slide\n"),
            (PartKind::Notes, "1", "say this\n"),
            (PartKind::Header, "master", "On every slide\n"),
        ]
    );
}

#[test]
fn who_when_and_locked() {
    let meta = "<office:document-meta><office:meta><meta:initial-creator>林</meta:initial-creator><dc:creator>mara</dc:creator><meta:creation-date>2021-01-01T00:00:00</meta:creation-date><meta:user-defined meta:name='Case'>7</meta:user-defined></office:meta></office:document-meta>";
    let all = read(extract, &zipped(&[("meta.xml", meta), ("content.xml", "<x/>")]));
    assert_eq!(all.meta(&Key::Author), Some("林"));
    assert_eq!(all.meta(&Key::LastModifiedBy), Some("mara"));
    assert_eq!(all.meta(&Key::Other("Case".to_owned())), Some("7"));
    let locked = |entry: &str, content: &str| {
        let manifest = format!(
            "<m:manifest><m:file-entry m:full-path='x'/><m:file-entry m:full-path='{entry}'><m:encryption-data/></m:file-entry></m:manifest>"
        );
        read(extract, &zipped(&[("META-INF/manifest.xml", &manifest), ("content.xml", content)]))
    };
    assert_eq!(locked("content.xml", "?").state(), State::Encrypted);
    // A library of macros with a password of its own locks nothing else.
    let text = "<office:body><office:text><text:p>open</text:p></office:text></office:body>";
    assert_eq!(locked("Basic/Standard/Module1.xml", text).text, "open\n");
}

#[test]
fn flat_files_and_macros() {
    let xml = "<office:document><office:meta><dc:title>T</dc:title></office:meta>\
        <office:scripts><ooo:source-code>Sub Main\nEnd Sub</ooo:source-code></office:scripts>\
        <office:body><office:text><text:p>flat</text:p></office:text></office:body></office:document>";
    let all = read(flat, xml.as_bytes());
    assert_eq!(
        parts(&all),
        [(PartKind::TextBox, "macro", "Sub Main\nEnd Sub\n"), (PartKind::Body, "", "flat\n")]
    );
    assert_eq!(all.meta(&Key::Title), Some("T"));
}
