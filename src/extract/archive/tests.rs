//! Whole archives, from bytes to records.

use crate::extract::Limits;
use crate::extract::collect::{Collected, Hints, collect_with};
use crate::extract::record::ChildRole;
use crate::model::State;
use encoding_rs::GBK;
use std::io::{Cursor, Write};
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;
use zip::{AesMode, ZipWriter};

fn read(bytes: &[u8], path: &str) -> Collected {
    read_with(bytes, path, &[])
}

fn read_with(bytes: &[u8], path: &str, passwords: &[&str]) -> Collected {
    let passwords: Vec<String> = passwords.iter().map(|word| (*word).to_owned()).collect();
    collect_with(bytes, &Hints { path, passwords: &passwords, ..Hints::default() })
}

/// Of an archive that is cut behind an uncompressed one the directory of the inner one is the last.
#[test]
fn the_directory_of_a_member_is_not_that_of_a_cut_archive() {
    let stored = plain().compression_method(zip::CompressionMethod::Stored);
    let inner = zip(&[("inner.txt", b"deep", plain())]);
    let outer = [
        ("[Content_Types].xml", &b"<Types/>"[..], plain()),
        ("word/document.xml", b"<w:document/>", plain()),
        ("inner.zip", &inner, stored),
        ("last.txt", b"lost", stored),
    ];
    let all = zip(&outer);
    let end = all.windows(4).position(|bytes| bytes == b"lost").expect("it is stored");
    let read = read(&all[..end], "x.zip");
    let names: Vec<&str> = read.children.iter().map(|child| child.child.name.as_str()).collect();
    assert_eq!(read.format, "docx", "its first members tell what it was: {read:?}");
    assert_eq!(read.state(), State::Failed, "{names:?}");
    let plain_zip = zip(&outer[2..]);
    let end = plain_zip.windows(4).position(|bytes| bytes == b"lost").expect("it is stored");
    let read = self::read(&plain_zip[..end], "x.zip");
    assert_eq!((read.format.as_str(), read.state()), ("zip", State::Failed), "{read:?}");
    assert_eq!(read.children[0].child.name, "inner.zip");
    assert_eq!(read.children[0].bytes, inner, "as a whole");
    assert!(read.reason().contains("the file is cut off"), "{}", read.reason());
}

/// Each child as `name state bytes`.
fn children(all: &Collected) -> Vec<String> {
    let end = |end: &Option<Result<(), (State, String)>>| match end {
        Some(Ok(())) => "ok".to_owned(),
        Some(Err((state, _))) => state.name().to_owned(),
        None => "open".to_owned(),
    };
    let line = |child: &crate::extract::collect::Collection| {
        let text = String::from_utf8_lossy(&child.bytes[..child.bytes.len().min(40)]).into_owned();
        format!("{} {} {text}", child.child.name, end(&child.end))
    };
    all.children.iter().map(line).collect()
}

fn zip(members: &[(&str, &[u8], SimpleFileOptions)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, options) in members {
        zip.start_file(*name, *options).expect("a new member");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

fn plain() -> SimpleFileOptions {
    SimpleFileOptions::default()
}

#[test]
fn members_of_a_zip() {
    let stored = plain().compression_method(zip::CompressionMethod::Stored);
    let bytes = zip(&[("a/一.txt", b"one", plain()), ("../two.txt", b"two", stored)]);
    let all = read(&bytes, "x.zip");
    assert_eq!((all.format.as_str(), all.state()), ("zip", State::Read), "{all:?}");
    assert_eq!(children(&all), ["a/一.txt ok one", "two.txt ok two"]);
    assert_eq!(all.children[1].child.raw_name.as_deref(), Some(&b"../two.txt"[..]));
    assert_eq!(all.warnings.len(), 1, "{:?}", all.warnings);
    // Something in front, as a program that unpacks itself has it.
    let prefixed = [b"#!/bin/sh\n".repeat(50).as_slice(), &bytes].concat();
    let mut input = Collected::default();
    run(super::extract_zip, &prefixed, &mut input);
    assert_eq!(children(&input), ["a/一.txt ok one", "two.txt ok two"]);
}

fn run(
    extract: fn(
        &mut crate::extract::Input,
        &mut crate::extract::Out,
    ) -> Result<(), crate::extract::Stop>,
    bytes: &[u8],
    all: &mut Collected,
) -> State {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room");
    let limits = Limits::default();
    let mut input = crate::extract::Input::new(file, "x", "x", limits).expect("a readable file");
    let mut sink = |record| {
        all.take(record);
        Ok(())
    };
    let mut out = crate::extract::Out::new(&mut sink, limits);
    extract(&mut input, &mut out).map_or_else(|stop| stop.state(), |()| State::Read)
}

#[test]
fn programs_that_unpack_themselves() {
    let zip = zip(&[("a/一.txt", b"one", plain())]);
    // The signature of 7z stands in the program that unpacks it as well.
    let program =
        [b"MZ\x90\0".as_slice(), b"7z\xbc\xaf\x27\x1c junk ".repeat(40).as_slice()].concat();
    let all = read(&[program.as_slice(), &zip].concat(), "setup.exe");
    assert_eq!((all.format.as_str(), children(&all)), ("zip", vec!["a/一.txt ok one".to_owned()]));

    // One file without bytes, `b.txt`, and nothing else.
    let sevenz = b"7z\xbc\xaf'\x1c\0\x04\x8e1\x8b[\0\0\0\0\0\0\0\0\x1a\0\0\0\0\0\0\0\xa5\xca\xb6O\
        \x01\x05\x01\x0e\x01\x80\x0f\x01\x80\x11\x0d\0b\0.\0t\0x\0t\0\0\0\0\0";
    let all = read(&[program.as_slice(), sevenz].concat(), "setup.exe");
    assert_eq!((all.format.as_str(), children(&all)), ("7z", vec!["b.txt ok ".to_owned()]));

    // Scripts and programs of other systems do so too.
    for program in [b"#!/bin/sh\nexec unzip $0\n".as_slice(), b"\x7fELF\x02\x01\x01\0"] {
        let all = read(&[program, &zip].concat(), "setup.run");
        let found = (all.format.as_str(), children(&all));
        assert_eq!(found, ("zip", vec!["a/一.txt ok one".to_owned()]));
    }
    assert_eq!(read(b"#!/bin/sh\necho PK\n", "x").format, "source");

    let all = read(&program, "setup.exe");
    assert_eq!((all.format.as_str(), all.children.len()), ("exe", 0));
}

#[test]
fn passwords_are_tried_in_the_code_pages_of_packers() {
    let word = "绝密2023";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text, password) in [
        ("gbk.txt", "one", GBK.encode(word).0.into_owned()),
        ("utf8.txt", "two", word.as_bytes().to_owned()),
        ("big5.txt", "three", encoding_rs::BIG5.encode("機密").0.into_owned()),
    ] {
        let old = plain().with_deprecated_encryption(&password).expect("a password");
        zip.start_file(name, old).expect("a new member");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    let bytes = zip.finish().expect("memory").into_inner();
    let opened = ["gbk.txt ok one", "utf8.txt ok two", "big5.txt ok three"];
    assert_eq!(children(&read_with(&bytes, "x.zip", &[word, "機密"])), opened);
    let all = read_with(&bytes, "x.zip", &["密码"]);
    let why = all.children[0].end.as_ref().expect("an end").as_ref().expect_err("locked");
    assert!(why.1.contains("none of the 1 passwords"), "{why:?}");
}

#[test]
fn encrypted_members_of_a_zip() {
    let old = plain().with_deprecated_encryption(b"word").expect("a password");
    let new = plain().with_aes_encryption(AesMode::Aes256, "secret");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("open.txt", plain()).expect("a new member");
    zip.write_all(b"open").expect("memory");
    zip.start_file("old.txt", old).expect("a new member");
    zip.write_all(b"old cipher").expect("memory");
    zip.start_file("new.txt", new).expect("a new member");
    zip.write_all(b"new cipher").expect("memory");
    let bytes = zip.finish().expect("memory").into_inner();
    let locked = ["open.txt ok open", "old.txt encrypted ", "new.txt encrypted "];
    assert_eq!(children(&read(&bytes, "x.zip")), locked);
    assert_eq!(children(&read_with(&bytes, "x.zip", &["wrong"])), locked);
    let opened = ["open.txt ok open", "old.txt ok old cipher", "new.txt ok new cipher"];
    assert_eq!(children(&read_with(&bytes, "x.zip", &["wrong", "word", "secret"])), opened);
}

#[test]
fn a_zip_that_breaks_off_gives_what_is_there() {
    let bytes = zip(&[("a.txt", b"one", plain()), ("b.txt", &b"two ".repeat(1000), plain())]);
    let all = read(&bytes[..60], "x.zip");
    assert_eq!(all.state(), State::Failed);
    let why = "(the file is cut off: it lacks the directory at its end)";
    assert!(all.reason().contains(why), "{}", all.reason());
    assert_eq!(children(&all)[0], "a.txt ok one", "{all:?}");
    let all = read(&bytes[..bytes.len() - 30], "x.zip");
    assert_eq!(children(&all)[0], "a.txt ok one");
    assert!(children(&all)[1].starts_with("b.txt ok two two"), "{all:?}");
}

#[test]
fn bombs_cost_one_member() {
    let zeros = vec![0; 64 << 20];
    let bytes = zip(&[("bomb", &zeros, plain()), ("ok.txt", b"fine", plain())]);
    let all = read(&bytes, "x.zip");
    assert_eq!(children(&all)[1], "ok.txt ok fine");
    assert!(matches!(all.children[0].end, Some(Err((State::OverLimit, _)))), "{:?}", all.reason());
    assert!(all.children[0].bytes.len() < 40 << 20);
}

#[test]
fn bytes_that_two_members_share_are_read_once() {
    let bytes = zip(&[("a.txt", b"shared bytes", plain()), ("b.txt", b"other bytes!", plain())]);
    let mut bytes = bytes;
    // The directory's second entry points at the first member.
    let entries: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == b"PK\x01\x02")
        .map(|(at, _)| at)
        .collect();
    bytes[entries[1] + 42..entries[1] + 46].fill(0);
    let all = read(&bytes, "x.zip");
    assert_eq!(children(&all), ["a.txt ok shared bytes", "b.txt over_limit "]);
}

#[test]
fn members_of_a_tar() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    header.set_mtime(1_708_329_900);
    header.set_cksum();
    let long = format!("{}/x.txt", "folder/".repeat(40).trim_end_matches('/'));
    tar.append_data(&mut header, &long, &b"one"[..]).expect("memory");
    let mut header = tar::Header::new_old();
    let gbk = GBK.encode("合同文件.txt").0;
    header.as_mut_bytes()[..gbk.len()].copy_from_slice(&gbk);
    header.set_size(3);
    header.set_cksum();
    tar.append(&header, &b"two"[..]).expect("memory");
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    tar.append_link(&mut link, "link", "/etc/passwd").expect("memory");
    let bytes = tar.into_inner().expect("memory");
    let all = read(&bytes, "x.tar");
    assert_eq!(children(&all), [format!("{long} ok one"), "合同文件.txt ok two".to_owned()]);
    assert_eq!(all.children[0].child.modified.as_deref(), Some("2024-02-19T08:05:00Z"));
    assert!(all.warnings.iter().any(|w| w.contains("link to /etc/passwd")), "{:?}", all.warnings);
    let cut = read(&bytes[..bytes.len() / 2], "x.tar");
    assert_eq!(cut.children[0].child.name, long);
}

#[test]
fn a_tar_with_signed_checksums_or_holes_is_read_on() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |name: &[u8], data: &[u8], signed: bool| {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name);
        header.set_size(data.len() as u64);
        header.set_cksum();
        if signed {
            let high = name.iter().filter(|byte| **byte >= 0x80).count() as u32;
            let sum = header.cksum().expect("just set") - 256 * high;
            header.as_mut_bytes()[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        tar.append(&header, data).expect("memory");
    };
    add(b"a.txt", b"one", false);
    add(&GBK.encode("合同文件.txt").0, b"two", true);
    add(&GBK.encode("会议文件.txt").0, b"three", true);
    add(b"b.txt", b"four", false);
    let holes = [
        ("GNU.sparse.major", b"1".as_slice()),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"real.txt"),
        ("GNU.sparse.realsize", b"5"),
    ];
    tar.append_pax_extensions(holes).expect("memory");
    let mut data = b"1\n2\n3\n".to_vec();
    data.resize(512, 0);
    data.extend_from_slice(b"abc");
    let mut header = tar::Header::new_ustar();
    header.set_size(data.len() as u64);
    tar.append_data(&mut header, "GNUSparseFile.1/real.txt", data.as_slice()).expect("memory");
    let bytes = tar.into_inner().expect("memory");
    let all = read(&bytes, "x.tar");
    assert_eq!(
        children(&all),
        [
            "a.txt ok one",
            "合同文件.txt ok two",
            "会议文件.txt ok three",
            "b.txt ok four",
            "real.txt ok \0\0abc"
        ]
    );
    // A sum that is wrong in both ways is damage.
    let mut broken = bytes;
    broken[1024 + 150] ^= 1;
    let all = read(&broken, "x.tar");
    assert_eq!(children(&all), ["a.txt ok one"]);
    assert!(all.outcome.is_some_and(|outcome| outcome.reason.contains("after 1 members")));
}

#[test]
fn streams_are_one_child() {
    use flate2::{Compression, GzBuilder};
    let gz = |name: &str, text: &[u8]| {
        let mut gz = GzBuilder::new().filename(name).write(Vec::new(), Compression::fast());
        gz.write_all(text).expect("memory");
        gz.finish().expect("memory")
    };
    let check = |bytes: &[u8], path: &str, expected: &str| {
        let all = read(bytes, path);
        assert_eq!(children(&all), [expected], "{path}");
        assert_eq!(all.children[0].child.role, ChildRole::Content);
    };
    let both = [gz("a.txt", b"one "), gz("b.txt", b"two")].concat();
    check(&both, "x.gz", "a.txt ok one two");
    let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz.write_all(b"three").expect("memory");
    check(&bz.finish().expect("memory"), "notes.txt.bz2", "notes.txt ok three");
    // What was written in full before the place where the file ends is given out.
    let noise: Vec<u8> = (0..60_000u32)
        .flat_map(|n| blake3::hash(&n.to_le_bytes()).as_bytes()[..8].to_vec())
        .collect();
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), Default::default()).expect("options");
    xz.write_all(&noise).expect("memory");
    let xz = xz.finish().expect("memory");
    let cut = read(&xz[..xz.len() - 100_000], "x.xz");
    assert!(matches!(cut.children[0].end, Some(Err((State::Failed, _)))), "{cut:?}");
    let given = &cut.children[0].bytes;
    assert!(given.len() > 250_000 && noise.starts_with(given), "{}", given.len());
    let zst = zstd::encode_all(&b"four"[..], 3).expect("memory");
    check(&zst, "y.tzst", "y.tar ok four");
    let trailing = read(&[gz("a", b"x").as_slice(), b"rest"].concat(), "x.gz");
    assert!(trailing.warnings.iter().any(|w| w.contains("after the end")), "{trailing:?}");
    let cut = read(&both[..both.len() - 6], "x.gz");
    assert!(matches!(cut.children[0].end, Some(Err((State::Failed, _)))), "{cut:?}");
}

/// Of a stream that is cut anywhere comes out what was packed before, and nothing that was not.
#[test]
fn of_cut_streams_all_is_read_that_is_certain() {
    let words = ["合同编号", "tender", "客户样本", "invoice", "meeting", "报告"];
    let text: String = (0..3000u32)
        .map(|n| {
            let hash = blake3::hash(&n.to_le_bytes());
            let pick = |at: usize| words[usize::from(hash.as_bytes()[at]) % words.len()];
            format!("{n} {} {} {}\n", pick(0), pick(1), hash.as_bytes()[2])
        })
        .collect();
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), Default::default()).expect("options");
    xz.write_all(text.as_bytes()).expect("memory");
    let options = lzma_rust2::LzmaOptions::default();
    let mut lzma =
        lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None).expect("options");
    lzma.write_all(text.as_bytes()).expect("memory");
    for (name, bytes) in
        [("x.xz", xz.finish().expect("memory")), ("x.lzma", lzma.finish().expect("memory"))]
    {
        assert!(bytes.len() < 64 << 10, "one piece: {}", bytes.len());
        let whole = read(&bytes, name);
        assert_eq!(whole.children[0].bytes, text.as_bytes(), "{name}");
        assert_eq!(whole.children[0].end, Some(Ok(())), "{name}");
        for percent in [5, 20, 50, 77, 95] {
            let cut = read(&bytes[..bytes.len() * percent / 100], name);
            let given = &cut.children[0].bytes;
            let why = format!("{name} {percent} % gave {} of {}", given.len(), text.len());
            assert!(text.as_bytes().starts_with(given), "{why}");
            // The beginning takes more: nothing was said before that it could repeat.
            assert!(given.len() * 200 > text.len() * percent, "{why}");
            assert!(matches!(cut.children[0].end, Some(Err((State::Failed, _)))), "{why}");
        }
    }
    // A second stream is unpacked again from its own beginning.
    let mut second = lzma_rust2::XzWriter::new(Vec::new(), Default::default()).expect("options");
    second.write_all(&text.as_bytes()[..5000]).expect("memory");
    let second = second.finish().expect("memory");
    let mut first = lzma_rust2::XzWriter::new(Vec::new(), Default::default()).expect("options");
    first.write_all(b"first\n").expect("memory");
    let both = [first.finish().expect("memory"), second].concat();
    let cut = read(&both[..both.len() - 200], "x.xz");
    let given = String::from_utf8_lossy(&cut.children[0].bytes).into_owned();
    let rest = given.strip_prefix("first\n").expect("the first stream is whole");
    assert!(text.starts_with(rest) && rest.len() > 1000, "{}", rest.len());
}
