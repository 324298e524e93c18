//! Whole `.msg` files, built here and read back.

use crate::extract::Key;
use crate::extract::collect::{Collected, collect};
use crate::model::State;
use cfb::CompoundFile;
use encoding_rs::GBK;
use std::io::{Cursor, Write};

type File = CompoundFile<Cursor<Vec<u8>>>;

fn put(file: &mut File, path: &str, bytes: &[u8]) {
    file.create_stream(path).expect("a new stream").write_all(bytes).expect("memory");
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A fixed property: type, identifier, value.
fn fixed(kind: u16, id: u16, value: u64) -> Vec<u8> {
    let tag = [kind.to_le_bytes(), id.to_le_bytes()].concat();
    [tag.as_slice(), &[0; 4], &value.to_le_bytes()].concat()
}

/// 2024-02-19 08:05:00 UTC in ticks since 1601.
const SENT: u64 = (1_708_329_900 + 11_644_473_600) * 10_000_000;

fn message(build: impl FnOnce(&mut File)) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    build(&mut file);
    file.flush().expect("memory");
    file.into_inner().into_inner()
}

#[test]
fn properties_become_header_and_text() {
    let bytes = message(|file| {
        let props = [vec![0; 32], fixed(0x40, 0x39, SENT)].concat();
        put(file, "/__properties_version1.0", &props);
        put(file, "/__substg1.0_0037001F", &utf16("合同"));
        put(file, "/__substg1.0_0C1A001F", &utf16("林知遥"));
        put(file, "/__substg1.0_5D01001F", &utf16("lin@xingyu.example"));
        put(file, "/__substg1.0_1000001F", &utf16("正文\r\n第二行"));
        file.create_storage("/__recip_version1.0_#00000000").expect("a new storage");
        let recipient = [vec![0; 8], fixed(3, 0x0c15, 2)].concat();
        put(file, "/__recip_version1.0_#00000000/__properties_version1.0", &recipient);
        put(file, "/__recip_version1.0_#00000000/__substg1.0_3001001F", &utf16("Mara"));
        put(file, "/__recip_version1.0_#00000000/__substg1.0_39FE001F", &utf16("m@n.example"));
    });
    let all = collect(&bytes, "a.msg");
    assert_eq!((all.format.as_str(), all.state()), ("msg", State::Read), "{all:?}");
    assert!(all.text.starts_with(
        "Subject: 合同\nFrom: 林知遥 <lin@xingyu.example>\nCc: Mara <m@n.example>\nDate: 2024-02-19T08:05:00Z\n正文\n第二行"
    ), "{}", all.text);
    assert_eq!(all.meta(&Key::Sent), Some("2024-02-19T08:05:00Z"));
    assert_eq!(all.meta(&Key::Cc), Some("Mara <m@n.example>"));
}

#[test]
fn texts_without_unicode_follow_page_locale_or_each_other() {
    let check = |props: &[Vec<u8>], expected: &str| {
        let bytes = message(|file| {
            let props = [vec![0; 32], props.concat()].concat();
            put(file, "/__properties_version1.0", &props);
            let body = GBK.encode("请于本周五之前将合同文件发送给我们，谢谢配合。").0;
            put(file, "/__substg1.0_0037001E", &GBK.encode("合同").0);
            put(file, "/__substg1.0_1000001E", &body);
        });
        let all = collect(&bytes, "a.msg");
        assert_eq!(all.meta(&Key::Subject), Some(expected), "{props:?}");
    };
    check(&[fixed(3, 0x3ffd, 936)], "合同");
    check(&[fixed(3, 0x3ff1, 2052)], "合同");
    check(&[fixed(3, 0x3ffd, 1252)], "合同");
    check(&[], "合同");
}

/// A message with a message and a file in it.
fn with_attachments() -> Vec<u8> {
    message(|file| {
        put(file, "/__properties_version1.0", &[0; 32]);
        put(file, "/__substg1.0_0037001F", &utf16("outer"));
        let folder = "/__attach_version1.0_#00000000";
        file.create_storage(folder).expect("a new storage");
        let props = [vec![0; 8], fixed(3, 0x3705, 5)].concat();
        put(file, &format!("{folder}/__properties_version1.0"), &props);
        put(file, &format!("{folder}/__substg1.0_3001001F"), &utf16("inner/one"));
        let inner = format!("{folder}/__substg1.0_3701000D");
        file.create_storage(&inner).expect("a new storage");
        let props = [vec![0; 24], fixed(0x40, 0x39, SENT)].concat();
        put(file, &format!("{inner}/__properties_version1.0"), &props);
        put(file, &format!("{inner}/__substg1.0_1000001F"), &utf16("inner text"));
        let folder = "/__attach_version1.0_#00000001";
        file.create_storage(folder).expect("a new storage");
        put(file, &format!("{folder}/__properties_version1.0"), &[0; 8]);
        put(file, &format!("{folder}/__substg1.0_3707001F"), &utf16("合同.txt"));
        put(file, &format!("{folder}/__substg1.0_37010102"), b"file text");
    })
}

#[test]
fn attachments_become_documents() {
    let bytes = with_attachments();
    let all = collect(&bytes, "a.msg");
    let names: Vec<_> = all.children.iter().map(|child| child.child.name.as_str()).collect();
    assert_eq!(names, ["inner_one.msg", "合同.txt"]);
    assert_eq!(all.children[1].bytes, b"file text");
    let inner: Collected = collect(&all.children[0].bytes, "inner_one.msg");
    assert_eq!(inner.format, "msg", "{inner:?}");
    assert!(inner.text.contains("inner text"));
    assert_eq!(inner.meta(&Key::Sent), Some("2024-02-19T08:05:00Z"));
    // The same bytes every time: a document is known by its hash.
    let again = collect(&bytes, "a.msg");
    assert_eq!(again.children[0].bytes, all.children[0].bytes);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    #[test]
    fn no_damage_panics(at in 0usize..20_000, byte in 0u8.., cut in 0usize..20_000) {
        let mut bytes = with_attachments();
        let (at, cut) = (at % bytes.len(), cut % bytes.len());
        bytes[at] = byte;
        collect(&bytes, "a.msg");
        collect(&bytes[..cut], "a.msg");
    }
}
