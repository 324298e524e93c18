//! Documents put together from their structures.

use super::{doc, ppt};
use crate::extract::office::testing::{ole, parts, read};
use crate::model::{PartKind, State};
use proptest::prelude::*;

/// A Word 97 document of two pieces, the first in single bytes, the second wide.
fn word97(narrow: &str, wide: &str, lengths: [u32; 8]) -> Vec<u8> {
    let mut main = vec![0u8; 0x400];
    let put = |bytes: &mut Vec<u8>, at: usize, value: u32| {
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    };
    main[..2].copy_from_slice(&[0xec, 0xa5]);
    main[2] = 0xc1;
    main[0x0b] = 0x02;
    for (at, length) in lengths.into_iter().enumerate() {
        put(&mut main, 0x4c + 4 * at, length);
    }
    let units: Vec<u16> = wide.encode_utf16().collect();
    let (first, second) = (narrow.len() as u32, narrow.len() as u32 + units.len() as u32);
    let start = main.len() as u32;
    main.extend(narrow.bytes());
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut clx = vec![2];
    clx.extend((12 + 16u32).to_le_bytes());
    for position in [0, first, second] {
        clx.extend(position.to_le_bytes());
    }
    for offset in [(start * 2) | 0x4000_0000, start + first] {
        clx.extend([0, 0]);
        clx.extend(offset.to_le_bytes());
        clx.extend([0, 0]);
    }
    put(&mut main, 0x1a2, 0);
    put(&mut main, 0x1a6, clx.len() as u32);
    ole(&[("/WordDocument", &main), ("/1Table", &clx)])
}

#[test]
fn word_text_lies_in_pieces_and_stories() {
    let narrow = "plain \u{13} HYPERLINK \"http://a.example/\" \u{14}link\u{15}\r";
    let bytes = word97(narrow, "中文\rnote\r", [narrow.len() as u32 + 3, 5, 0, 0, 0, 0, 0, 0]);
    assert_eq!(
        parts(&read(doc, &bytes)),
        [
            (PartKind::Body, "", "plain link\n中文\n"),
            (PartKind::Footnote, "", "note\n"),
            (PartKind::Body, "links", "link → http://a.example/\n"),
        ]
    );
}

#[test]
fn word_6_in_its_code_page() {
    let mut main = vec![0u8; 0x200];
    main[..4].copy_from_slice(&[0xdc, 0xa5, 0x65, 0]);
    main[6..8].copy_from_slice(&0x0804u16.to_le_bytes());
    let text = b"\xba\xcf\xcd\xac\ra\x07b\x07\x07";
    main[0x18..0x1c].copy_from_slice(&0x200u32.to_le_bytes());
    main[0x1c..0x20].copy_from_slice(&(0x200 + text.len() as u32).to_le_bytes());
    main[0x34..0x38].copy_from_slice(&(text.len() as u32).to_le_bytes());
    main.extend(text);
    let all = read(doc, &ole(&[("/WordDocument", &main)]));
    assert_eq!(parts(&all), [(PartKind::Body, "", "合同\n"), (PartKind::Table, "", "a\tb\n")]);
    main[0x0b] |= 1;
    assert_eq!(read(doc, &ole(&[("/WordDocument", &main)])).state(), State::Encrypted);
}

#[test]
fn word_6_in_the_code_page_of_its_fonts() {
    let document = |charset: u8, text: &[u8]| {
        let mut main = vec![0u8; 0x200];
        main[..4].copy_from_slice(&[0xdc, 0xa5, 0x65, 0]);
        main[6..8].copy_from_slice(&0x0409u16.to_le_bytes());
        main[0x18..0x1c].copy_from_slice(&0x200u32.to_le_bytes());
        let end = 0x200 + text.len() as u32;
        main[0x1c..0x20].copy_from_slice(&end.to_le_bytes());
        main[0x34..0x38].copy_from_slice(&(text.len() as u32).to_le_bytes());
        main.extend(text);
        let fonts =
            [&[18, 0][..], &[7, 0, 0, 0, 0, 0, b'A', 0], &[7, 0, 0, 0, charset, 0, b'B', 0]];
        main[0xd0..0xd4].copy_from_slice(&end.to_le_bytes());
        main[0xd4..0xd8].copy_from_slice(&18u32.to_le_bytes());
        main.extend(fonts.concat());
        read(doc, &ole(&[("/WordDocument", &main)])).text
    };
    assert_eq!(document(204, b"\xe4\xe0 \xe8 \xed\xe5\xf2\r"), "да и нет\n");
    assert_eq!(document(238, b"p\xf8ed\r"), "před\n");
    // A Cyrillic font in a list of fonts makes no Russian of French.
    assert_eq!(document(204, b"caf\xe9 cr\xe8me\r"), "café crème\n");
}

#[test]
fn word_95_of_east_asia_writes_the_second_byte_first() {
    let check = |magic: u16, text: &str, encoding: &'static encoding_rs::Encoding, more: &[u8]| {
        let mut main = vec![0u8; 0x200];
        main[..2].copy_from_slice(&magic.to_le_bytes());
        main[2] = 0x65;
        main[6..8].copy_from_slice(&0x0409u16.to_le_bytes());
        main[0x0b] = 0x10;
        let mut bytes = Vec::new();
        for c in text.chars() {
            let encoded = encoding.encode(c.encode_utf8(&mut [0; 4])).0.into_owned();
            let first = if encoded.len() == 2 { encoded[0] } else { 0 };
            bytes.extend([encoded[encoded.len() - 1], first]);
        }
        bytes.extend(more);
        main[0x18..0x1c].copy_from_slice(&0x200u32.to_le_bytes());
        main[0x1c..0x20].copy_from_slice(&(0x200 + bytes.len() as u32).to_le_bytes());
        main[0x34..0x38].copy_from_slice(&(bytes.len() as u32 / 2).to_le_bytes());
        main.extend(bytes);
        read(doc, &ole(&[("/WordDocument", &main)])).text
    };
    let chinese = "合同编号：XY 2024 甲方付款\r";
    assert_eq!(check(0xa699, chinese, encoding_rs::GBK, &[]), "合同编号：XY 2024 甲方付款\n");
    let traditional = "合約編號，甲方付款與驗收報告書\r";
    assert_eq!(
        check(0xa699, traditional, encoding_rs::BIG5, &[]),
        "合約編號，甲方付款與驗收報告書\n"
    );
    assert_eq!(check(0xa697, "会議のお知らせ\r", encoding_rs::SHIFT_JIS, &[]), "会議のお知らせ\n");
    assert_eq!(check(0xa698, "새 문서\r", encoding_rs::EUC_KR, &[]), "새 문서\n");
    // A quotation mark of a Western font.
    assert_eq!(check(0xa699, "在", encoding_rs::GBK, &[0x93, 0x10, b'\r', 0]), "在“\n");
}

#[test]
fn a_document_that_was_cut_gives_what_it_still_has() {
    let text = "kept ".repeat(1000);
    let bytes = word97(&text, "中文\r", [text.len() as u32 + 3, 0, 0, 0, 0, 0, 0, 0]);
    let blank = vec![0u8; 60_000];
    let mut file = cfb::CompoundFile::open(std::io::Cursor::new(bytes)).unwrap();
    std::io::Write::write_all(&mut file.create_stream("/Data").unwrap(), &blank).unwrap();
    file.flush().unwrap();
    let whole = file.into_inner().into_inner();
    let cut = &whole[..whole.len() - 30_000];
    assert_eq!(read(doc, cut).text, read(doc, &whole).text);
}

fn record(kind: u16, instance: u16, container: bool, body: &[u8]) -> Vec<u8> {
    let mut bytes = (instance << 4 | if container { 0xf } else { 0 }).to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend((body.len() as u32).to_le_bytes());
    bytes.extend(body);
    bytes
}

fn ints(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A presentation of one slide, saved twice: the second version counts.
fn presentation() -> (Vec<u8>, Vec<u8>) {
    let shape = |inside: Vec<u8>| record(0xf004, 0, true, &record(0xf00d, 0, false, &inside));
    let slide = |text: &str| {
        let shapes = [
            shape(record(4000, 0, false, &wide(text))),
            shape(record(3998, 0, false, &ints(&[1]))),
        ]
        .concat();
        let drawing =
            record(1036, 0, true, &record(0xf002, 0, true, &record(0xf003, 0, true, &shapes)));
        record(1006, 0, true, &drawing)
    };
    let outline = [
        record(1011, 0, false, &ints(&[2, 0, 2, 256, 0])),
        record(3999, 0, false, &ints(&[0])),
        record(3999, 1, false, &ints(&[1])),
        record(4008, 0, false, b"one\rtwo"),
    ]
    .concat();
    let document = record(1000, 0, true, &record(4080, 0, true, &outline));
    let mut stream = Vec::new();
    let mut add = |bytes: Vec<u8>| {
        let at = stream.len() as u32;
        stream.extend(bytes);
        at
    };
    let document_at = add(document);
    let old_slide = add(slide("old text"));
    let first_directory =
        add(record(6002, 0, false, &ints(&[1 | 2 << 20, document_at, old_slide])));
    let first_edit = add(record(4085, 0, false, &ints(&[0, 0, 0, first_directory, 1, 3, 0])));
    let new_slide = add(slide("新的"));
    let second_directory = add(record(6002, 0, false, &ints(&[2 | 1 << 20, new_slide])));
    let second_edit =
        add(record(4085, 0, false, &ints(&[0, 0, first_edit, second_directory, 1, 3, 0])));
    let mut user = vec![0u8; 24];
    user[16..20].copy_from_slice(&second_edit.to_le_bytes());
    (stream, user)
}

#[test]
fn slides_in_their_newest_version() {
    let (stream, user) = presentation();
    let all = read(ppt, &ole(&[("/PowerPoint Document", &stream), ("/Current User", &user)]));
    assert_eq!(parts(&all), [(PartKind::Slide, "1", "新的\none\ntwo\n")]);
    let locked = [&user[..12], &[0xdf, 0xc4, 0xd1, 0xf3], &user[16..]].concat();
    let all = read(ppt, &ole(&[("/PowerPoint Document", &stream), ("/Current User", &locked)]));
    assert_eq!(all.state(), State::Encrypted);
}

#[test]
fn slides_without_their_list_still_give_text() {
    let (stream, _) = presentation();
    // The document at the front is lost.
    let all = read(ppt, &ole(&[("/PowerPoint Document", &stream[stream.len() / 2..])]));
    assert_eq!(all.state(), State::Failed);
    let lost: Vec<u8> = record(1006, 0, true, &record(4000, 0, false, &wide("left over")));
    let all = read(ppt, &ole(&[("/PowerPoint Document", &lost)]));
    assert_eq!(parts(&all), [(PartKind::Body, "", "left over\n")]);
    assert_eq!(all.warnings.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_anywhere_is_survived(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let (mut stream, user) = presentation();
        let mut word = word97("a\u{13}b\u{14}c\u{15}\r", "中\r", [9, 2, 0, 0, 0, 0, 0, 0]);
        for (place, value) in &places {
            let at = place.index(stream.len());
            stream[at] = *value;
            let at = place.index(word.len());
            word[at] = *value;
        }
        read(ppt, &ole(&[("/PowerPoint Document", &stream), ("/Current User", &user)]));
        read(doc, &word);
    }
}
