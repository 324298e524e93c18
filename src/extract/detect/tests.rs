use crate::extract::collect::collect;

fn check(bytes: &[u8], name: &str, id: &str) {
    assert_eq!(collect(bytes, name).format, id, "{name} {}", String::from_utf8_lossy(bytes));
}

#[test]
fn names_do_not_decide() {
    check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture.txt", "png");
    check(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "noext", "pdf");
    check(b"only some words", "not_a.pdf", "txt");
    check(b"", "empty.pdf", "empty");
    check(b"{\\rtf1\\ansi hello}", "a.doc", "rtf");
    check(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0", "report.docx", "elf");
    check(&[0x80, 1, 2, 3].repeat(1000), "x.txt", "binary");
}

#[test]
fn mail_is_seen_by_its_header() {
    let mail =
        b"Received: from a.example by b.example\r\nFrom: a@example.com\r\nSubject: x\r\n\r\nbody";
    check(mail, "12345.host:2,S", "eml");
    check(&[b"\n\n".as_slice(), mail].concat(), "x", "eml");
    check(
        &[b"From a@example.com Mon Feb 19 08:05:00 2024\n".as_slice(), mail].concat(),
        "x",
        "mbox",
    );
    check(&[b"1234      \n".as_slice(), mail].concat(), "1.emlx", "emlx");
    check(b"From: the office\nTo: all\nSubject: lunch\n\nSoup.", "memo.txt", "txt");
    check(b"From: the office\nTo: all\nSubject: lunch\n\nSoup.", "memo", "eml");
    check(b"From: a\nSubject: lunch\n\nSoup.", "0001 lunch.eml", "eml");
    check(b"From: a\nSubject: lunch\n\nSoup.", "lunch.txt", "txt");
    check(b"Soup at noon.\nFrom: a\n", "0002.eml", "txt");
    check(b"From: \"L\" <l@example.com>\nTo: all\n\n", "x.txt", "eml");
    check(b"From someone Mon Jun 01 10:00:00 2009\n\nbody", "x", "mbox");
    check(b"From here on: nothing\nDear all\n", "x", "txt");
    check(b"name: value\nother: value\n", "x", "txt");
    let parts = b"Content-Type: multipart/mixed;\n boundary=\"a B\"\n\n--a B\n\nx\n--a B--\n";
    check(parts, "x.txt", "eml");
    check(b"Content-Type: multipart/mixed; boundary=ab\n\nis what a mail says\n", "x", "txt");
}

#[test]
fn markup_is_told_apart() {
    check(b"<!DOCTYPE html><p>x</p>", "x", "html");
    check(b"\n<html><body>x", "x.txt", "html");
    check(b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>", "x", "html");
    check(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", "x", "svg");
    check(b"<?xml version=\"1.0\"?><!-- <html> --><data><a/></data>", "x", "xml");
    check(b"<!DOCTYPE lolz [<!ENTITY a \"<html>\">]><lolz>&a;</lolz>", "x", "xml");
    check(b"<?xml version=\"1.0\"?><w:wordDocument xmlns:w=\"x\"/>", "x.doc", "wordml");
    check(b"<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><pkg:package xmlns:pkg=\"x\"/>", "x", "flat-opc");
    check(b"<?xml version=\"1.0\"?><office:document office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"/>", "x", "fods");
    check(b"<3 this is a text", "x", "txt");
    check(b"<lin> hello\n<mara> hi\n", "x", "txt");
}

#[test]
fn tables_and_text_are_told_apart() {
    check(b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n", "x", "csv");
    check(b"a\tb\n1\t2\n3\t4\n", "x", "tsv");
    check(b"a;b\n1;2\n", "x.csv", "csv");
    check(b"only\none\ncolumn\n", "x.csv", "csv");
    check(b"Dear Sir, yes,\nno, maybe, so,\nbye\n", "x", "txt");
    check(b"| a | b |\n|---|---|\n| 1 | 2 |\n", "x", "md");
    check(b"# one\nplain\n", "x.md", "md");
    check(b"1\n00:00:01,000 --> 00:00:02,500\nHi\n", "x.txt", "subtitles");
    check(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Lin\r\nEND:VCARD\r\n", "x", "vcf");
    check(b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "x.txt", "ics");
    check(b"WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\nHi\n", "x", "subtitles");
    check(b"1\nx --> y\n", "x", "txt");
    check(b"#!/bin/sh\n# one\necho\n", "x", "source");
    let log = "2024-02-19 08:05:00 started\n".repeat(5);
    check(log.as_bytes(), "x", "log");
    check("时间,地点\n".as_bytes(), "x", "txt");
}

#[test]
fn containers_are_opened() {
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};
    let zip = |members: &[(&str, &str)]| {
        let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in members {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let types = |main: &str| {
        format!("<Types><Override ContentType=\"application/vnd.{main}+xml\"/></Types>")
    };
    let word = types("openxmlformats-officedocument.wordprocessingml.document.main");
    check(&zip(&[("[Content_Types].xml", &word)]), "x", "docx");
    let sheet = types("ms-excel.sheet.binary.macroEnabled.main");
    check(&zip(&[("[Content_Types].xml", &sheet)]), "x", "xlsb");
    check(&zip(&[("META-INF/container.xml", ""), ("content.opf", "")]), "x", "epub");
    check(&zip(&[("a.txt", "x")]), "x.docx", "zip");
    let iwork = |root: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<{root} xmlns:sfa=\"http://developer.apple.com/namespaces/sfa\">"
        )
    };
    check(&zip(&[("index.xml", &iwork("sl:document"))]), "x", "pages");
    check(&zip(&[("index.xml", &iwork("ls:document"))]), "x", "numbers");
    check(&zip(&[("index.apxl", "")]), "x", "key");
    check(&zip(&[("index.xml", "<sl:document>")]), "x.pages", "zip");
    check(&zip(&[("Index/Document.iwa", "")]), "x.numbers", "numbers");
    let mut cut = zip(&[("[Content_Types].xml", &word), ("word/document.xml", "<w/>")]);
    cut.truncate(cut.len() - 80);
    check(&cut, "x", "docx");
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut odt = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    odt.start_file("mimetype", stored).unwrap();
    odt.write_all(b"application/vnd.oasis.opendocument.text").unwrap();
    check(&odt.finish().unwrap().into_inner(), "x", "odt");
    check(&zip(&[]), "x", "zip");
}

#[test]
fn ole_files_are_opened() {
    for (stream, id) in [
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("__properties_version1.0", "msg"),
        ("Other", "ole"),
    ] {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_stream(stream).unwrap();
        check(&file.into_inner().into_inner(), "x", id);
    }
}

#[test]
fn tar_is_seen_by_its_checksum() {
    for header in [tar::Header::new_ustar(), tar::Header::new_old()] {
        let mut header = header;
        header.set_path("a.txt").unwrap();
        header.set_size(0);
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        bytes.resize(1024, 0);
        check(&bytes, "x", "tar");
    }
}

#[test]
fn wide_text_is_looked_into() {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    check(&wide("<!DOCTYPE html><p>琥珀</p>\n"), "x", "html");
    check(&wide("{\"a\": \"琥珀\"}\n"), "x", "json");
    check(&wide("名称\t数量\n甲\t1\n乙\t2\n"), "x", "tsv");
}

#[test]
fn light_pictures_and_silence_are_no_text() {
    let filled = |head: &[u8], byte: u8| [head, &[byte; 4096]].concat();
    let bmp = b"BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x20\0\0\0\x20\0\0\0\x01\0\x18\0\0\0\0\0";
    let wav = b"RIFF\x24\x10\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\x10\0\0";
    for byte in [0xff, 0xfe, 0x80, 0xe4] {
        check(&filled(bmp, byte), "x", "bmp");
        check(&filled(b"II*\0\x08\0\0\0", byte), "x", "tiff");
        check(&filled(wav, byte), "x", "wav");
        check(&filled(b"P6\n# by hand\n40 30\n255\n", byte), "x", "image");
        check(&filled(b"", byte), "x", "binary");
    }
    // Words that begin like one.
    check("BMW 公司\nP6 10 20 公司\n".as_bytes(), "x", "txt");
    check(b"P6 800 600\nis what it said\n", "x", "txt");
    check(&[&b"BM"[..], &"公司合同".repeat(40).into_bytes()].concat(), "x", "txt");
}

#[test]
fn a_page_that_a_server_makes_is_a_program() {
    check(b"<!DOCTYPE html><html><body><?php echo $key; ?></body></html>", "x.php", "source");
    check(b"<html><body><%= secret %></body></html>", "x", "source");
    check(b"<!DOCTYPE html><html><body>x</body></html>", "x.php", "html");
    check(b"[\"<?php is how it begins\"]", "x.json", "json");
}

#[test]
fn one_bad_line_does_not_make_a_mail_a_text() {
    let head = "Received: from x by y; Wed, 23 Feb 2005 17:51:49 -0500\nDate: Wed, 23 Feb 2005 18:20:17 -0400\n\
        From: \"L\" <l@example.org>\nTo: m@example.org\nSubject: s\n\nbody\n";
    check(format!("From a@example.org\n{head}").as_bytes(), "x", "eml");
    check(
        format!("From a@example.org\n{head}\nFrom b@example.org\n{head}").as_bytes(),
        "x",
        "mbox",
    );
    check(format!("some junk\n{head}").as_bytes(), "x", "eml");
    check(format!("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n{head}").as_bytes(), "x", "eml");
    let bad = head.replacen("\nDate", "\nquite Delivered-To: m@example.org\nDate", 1);
    check(bad.as_bytes(), "x", "eml");
    check(head.replace('\n', "\r").as_bytes(), "x", "eml");
    // A letter that speaks of mail, and notes.
    check(b"See what he wrote:\nFrom: a\nTo: b\nSubject: c\n\nx\n", "x", "txt");
    check(b"From: a\nhe said\nTo: b\nand then\nSubject: c\n", "x", "txt");
    check(b"From here to there\nStatus: open\n\nx\n", "x", "txt");
}
