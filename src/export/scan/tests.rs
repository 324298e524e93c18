use super::*;
use std::io::Write;

fn mask() -> Mask {
    Mask::new(
        ["沈若岚", "wxid_q7", "Anna Petrova", "13900002217", "xn--ihqwcrb4cv8a8dqg056pqjye"]
            .map(|name| Protected { name: name.to_owned(), instead: "▇▇▇".to_owned() }),
    )
}

fn zipped(parts: &[(&str, &[u8])], comment: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.set_comment(comment).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_too_large_to_be_looked_at_is_closed() {
    let zip = zipped(&[("a", &[b'a'; 100]), ("b", &[b'b'; 100]), ("c", b"c")], "");
    let closed = |room| scan_within("x.zip", &zip, &mask(), room).closed;
    assert_eq!(closed(201), Vec::<String>::new());
    assert_eq!(closed(150), ["x.zip!b", "x.zip!c"]);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&[b'a'; 100]).unwrap();
    let gz = gz.finish().unwrap();
    assert_eq!(scan_within("x.gz", &gz, &mask(), 99).closed, ["x.gz"]);
    assert_eq!(scan_within("x.gz", &gz, &mask(), 100).closed, Vec::<String>::new());
}

/// Places where something is left.
#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    let seen = scan(name, bytes, &mask());
    let places: Vec<&str> = seen.left.iter().map(|left| left.place.as_str()).collect();
    assert_eq!(places, expected, "{seen:?}");
}

#[test]
fn planted_names_are_found_in_texts() {
    check("a.md", "付给沈若岚三十万".as_bytes(), &["a.md"]);
    check("a.md", "付给沈若嵐、ＷＸＩＤ＿ｑ７".as_bytes(), &["a.md", "a.md"]);
    check("a.md", "沈**若**岚".as_bytes(), &["a.md"]);
    check("a.md", r"wxid\_q7".as_bytes(), &["a.md"]);
    check("a.json", br#"{"a":"\u6c88\u82e5\u5c9a"}"#, &["a.json"]);
    check("a.csv", "a,\"Anna\nPetrova\"".as_bytes(), &["a.csv"]);
    check("沈若岚.txt", b"nothing", &["沈若岚.txt (the name)"]);
    check("a.md", "沈若，岚 wxid_q72 Anna".as_bytes(), &[]);
}

#[test]
fn planted_names_are_found_in_markup() {
    check("a.html", "<p>沈<b>若</b><span>岚</span></p>".as_bytes(), &["a.html"]);
    check("a.html", "<p title=\"沈若岚\">x</p>".as_bytes(), &["a.html"]);
    check(
        "a.html",
        b"<p data-x='{&quot;a&quot;:&quot;\\u6c88\\u82e5\\u5c9a&quot;}'>x</p>",
        &["a.html"],
    );
    check("a.html", b"<p>&#x6c88;&#33509;&#23706;</p>", &["a.html"]);
    check("a.html", "<p><!-- 沈若岚 --></p>".as_bytes(), &["a.html"]);
    for within in ["<!-- x -->", "<wbr>", "<bdi></bdi>", "<?x?>", "<x-y></x-y>", "<rt>r</rt>"] {
        check("a.html", format!("<p>沈{within}若岚</p>").as_bytes(), &["a.html"]);
    }
    check("a.html", "<p>沈若</p><p>岚</p>".as_bytes(), &[]);
    check("a.xml", "<si><t>沈若</t></si><si><t>岚</t></si>".as_bytes(), &[]);
    check("a.html", "<td>Anna</td><td>x</td>".as_bytes(), &[]);
    check("a.html", "<a title=\"a>b\" href=\"#wxid_q7\">x</a>".as_bytes(), &["a.html"]);
}

#[test]
fn planted_names_are_found_in_containers() {
    let core = "<cp:x><dc:creator>沈若岚</dc:creator></cp:x>".as_bytes();
    check("a.docx", &zipped(&[("docProps/core.xml", core)], ""), &["a.docx!docProps/core.xml"]);
    let runs = "<w:p><w:r><w:t>沈</w:t></w:r><w:bookmarkStart w:id=\"1\"/><w:r><w:rPr><w:b/></w:rPr><w:t>若岚</w:t></w:r></w:p>";
    check(
        "a.docx",
        &zipped(&[("word/document.xml", runs.as_bytes())], ""),
        &["a.docx!word/document.xml"],
    );
    let inner = zipped(&[("wxid_q7.txt", b"x")], "");
    check("a.zip", &zipped(&[("b.zip", &inner)], ""), &["a.zip!b.zip!wxid_q7.txt (the name)"]);
    check("a.zip", &zipped(&[("b.txt", b"x")], "Anna Petrova"), &["a.zip (the comment)"]);
}

/// Every part of a docx that a reader may open, and what stands in it besides its text.
#[test]
fn planted_names_are_found_in_every_part_of_a_docx() {
    let text = "<w:r><w:t>{}</w:t></w:r>";
    let split = "<w:r><w:t>沈</w:t></w:r><w:proofErr w:type=\"x\"/><w:r><w:t>若岚</w:t></w:r>";
    for part in [
        "docProps/core.xml",
        "docProps/app.xml",
        "docProps/custom.xml",
        "word/document.xml",
        "word/header1.xml",
        "word/footer2.xml",
        "word/footnotes.xml",
        "word/endnotes.xml",
        "word/comments.xml",
        "word/people.xml",
        "word/settings.xml",
        "customXml/item1.xml",
        "word/_rels/document.xml.rels",
    ] {
        let place = format!("a.docx!{part}");
        let xml = |inner: &str| format!("<w:p xmlns:w=\"w\">{inner}</w:p>");
        for inner in [
            text.replace("{}", "沈若岚"),
            text.replace("{}", "沈\u{200d}若\u{ad}岚"),
            text.replace("{}", "&#x6C88;&#x82E5;&#x5C9A;"),
            split.to_owned(),
            "<w:x w:author=\"沈若岚\" w:initials=\"s\"/>".to_owned(),
            "<r Target=\"http://a.example/%E6%B2%88%E8%8B%A5%E5%B2%9A\"/>".to_owned(),
            "<!-- 沈若嵐 -->".to_owned(),
        ] {
            let bytes = zipped(&[(part, xml(&inner).as_bytes())], "");
            check("a.docx", &bytes, &[place.as_str()]);
        }
    }
}

#[test]
fn planted_names_are_found_in_keys_cells_and_names_of_exhibits() {
    for json in
        [r#"{"沈若岚":1}"#, r#"{"a":{"\u6c88\u82e5\u5c9a":null}}"#, r#"["沈\u200d若\u00ad岚"]"#]
    {
        check("a.json", json.as_bytes(), &["a.json"]);
    }
    for csv in ["a,沈若岚\n", "a,\"沈\n若岚\"\n", "'沈若岚,b\n", "=HYPERLINK(\"x\";\"沈若嵐\")\n"]
    {
        check("a.csv", csv.as_bytes(), &["a.csv"]);
    }
    for name in ["沈若岚.eml", "％沈若岚", "%E6%B2%88%E8%8B%A5%E5%B2%9A.txt", "shen 沈-若-岚.txt"]
    {
        check(name, b"nothing", &[&format!("{name} (the name)")]);
    }
    check("a.md", "沈[[M580]]若岚".as_bytes(), &["a.md"]);
    check("a.md", "Ānná Pětrovà".as_bytes(), &["a.md"]);
}

/// What a hint proposes is what has to be protected.
#[test]
fn what_says_a_name_in_letters_of_its_own_is_named() {
    let carrier = |text: &str| scan("a.md", text.as_bytes(), &mask()).left.remove(0).carrier;
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(carrier(text).as_deref(), expected, "{text}");
    };
    check("见 5rKI6Iul5bKa。", Some("5rKI6Iul5bKa"));
    check("(e6b288e88ba5e5b29a)", Some("e6b288e88ba5e5b29a"));
    check("q=%E6%B2%88%E8%8B%A5%E5%B2%9A&x", Some("%E6%B2%88%E8%8B%A5%E5%B2%9A&x"));
    check("付给沈若嵐", None);
}

#[test]
fn planted_names_are_found_in_other_encodings() {
    let gbk = encoding_rs::GB18030.encode("沈若岚付款").0;
    check("a.bin", &gbk, &["a.bin"]);
    let wide: Vec<u8> = "\u{6c88}若岚\u{d6}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("a.bin", &wide, &["a.bin"]);
}

#[test]
fn planted_names_are_found_however_they_are_hidden() {
    let found = |bytes: &str| check("a.md", bytes.as_bytes(), &["a.md"]);
    // What nobody sees, as it is and as it is shown; a footnote in the middle.
    for hidden in ['\u{200b}', '\u{ad}', '\u{2060}', '\u{feff}', '\u{202e}', '\u{fe0f}'] {
        found(&format!("沈{hidden}若岚"));
        found(&crate::export::inert::visible(&format!("沈{hidden}若岚")));
    }
    found("沈[^12]若岚");
    found("wxid\\_q7");
    found("http://a.example/?q=%E6%B2%88%E8%8B%A5%E5%B2%9A");
    found("%25E6%25B2%2588%25E8%258B%25A5%25E5%25B2%259A");
    found("=?UTF-8?B?5rKI6Iul5bKa?=");
    // The bytes alone: of UTF-8, of GB18030.
    found("id e6b288e88ba5e5b29a.");
    found("C9F2C8F4E1B0");
    found("0xE6B288E88BA5E5B29A");
    found("(e6 b2 88 e8 8b a5 e5 b2 9a)");
    found("E6-B2-88-E8-8B-A5-E5-B2-9A.");
    found("0xe6, 0xb2, 0x88, 0xe8, 0x8b, 0xa5, 0xe5, 0xb2, 0x9a");
    found("U+6C88 U+82E5 U+5C9A");
    check("a.md", b"e6b288e88ba5e5b2 0123456789abcdef", &[]);
    // The domain is protected in both of its forms.
    check("a.md", "http://他们为什么不说中文.example".as_bytes(), &["a.md"]);
    check("a.md", b"http://xn--ihqwcrb4cv8a8dqg056pqjye.example", &["a.md", "a.md"]);
    found("ANNA&nbsp;petrova");
    found("{\"a\":\"\\u0041nna \\u0050etrova\"}");
    for number in [
        "139 0000 2217",
        "139-0000-2217",
        "(139) 0000.2217",
        "+8613900002217",
        "0086 139 0000 2217",
        "一三九〇〇〇〇二二一七",
        "壹叁玖零零零零贰贰壹柒",
        "幺三九零零零零二二幺七",
        "１３９　００００　２２１７",
        "tel13900002217x",
    ] {
        found(number);
    }
    check("a.md", "13900002218 139000022170 1390000".as_bytes(), &[]);
    check(
        "a.html",
        "<p>沈<sup id=\"ref-1-1\"><a href=\"#fn-1\">[1]</a></sup>若岚</p>".as_bytes(),
        &["a.html"],
    );
    check("a.html", "<p>沈&shy;若&zwnj;岚</p>".as_bytes(), &["a.html"]);
    check("a.csv", "'=\"沈若岚\"".as_bytes(), &["a.csv"]);
}

#[test]
fn what_does_not_open_is_said() {
    let mut bytes = zipped(&[("a.txt", b"nothing")], "");
    bytes.truncate(bytes.len() - 30);
    assert_eq!(scan("a.zip", &bytes, &mask()).closed, ["a.zip"]);
    let gz = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    check("a.gz", &gz("沈若岚".as_bytes()), &["a.gz!"]);
    let mut bytes = gz(&[7; 1_000]);
    bytes.truncate(20);
    assert_eq!(scan("a.gz", &bytes, &mask()).closed, ["a.gz"]);
    let gbk = encoding_rs::GB18030.encode("沈若岚").0;
    let odd = [&[1][..], &"沈若岚Ö".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()]
        .concat();
    check("a.bin", &odd, &["a.bin"]);
    check("a.bin", &[&[0xff, 0xd8][..], &gbk].concat(), &["a.bin"]);
}
