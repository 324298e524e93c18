use crate::extract::Key;
use crate::extract::collect::{Collected, collect};
use crate::model::State;
use proptest::prelude::*;

/// Tag, type, value.
type Entry<'a> = (u16, u16, &'a [u8]);

/// A little-endian TIFF block: entries of the main directory, then one sub-directory.
fn tiff(main: &[Entry], sub: (u16, &[Entry])) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let mut data: Vec<u8> = Vec::new();
    let size = |entries: usize| 2 + 12 * entries + 4;
    let sub_at = 8 + size(main.len() + 1);
    let data_at = sub_at + size(sub.1.len());
    let mut directory = |entries: &[Entry], pointer: Option<u16>| {
        let mut bytes =
            ((entries.len() + usize::from(pointer.is_some())) as u16).to_le_bytes().to_vec();
        for (tag, kind, value) in entries {
            let unit = match kind {
                3 => 2,
                5 => 8,
                _ => 1,
            };
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(((value.len() / unit) as u32).to_le_bytes());
            if value.len() <= 4 {
                let mut inline = value.to_vec();
                inline.resize(4, 0);
                bytes.extend(inline);
            } else {
                bytes.extend(((data_at + data.len()) as u32).to_le_bytes());
                data.extend(*value);
            }
        }
        if let Some(tag) = pointer {
            bytes.extend(tag.to_le_bytes());
            bytes.extend([4, 0, 1, 0, 0, 0]);
            bytes.extend((sub_at as u32).to_le_bytes());
        }
        bytes.extend([0; 4]);
        bytes
    };
    let first = directory(main, Some(sub.0));
    let second = directory(sub.1, None);
    out.extend(first);
    out.extend(second);
    out.extend(data);
    out
}

fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8];
    for (mark, bytes) in segments {
        out.extend([0xff, *mark]);
        out.extend(((bytes.len() + 2) as u16).to_be_bytes());
        out.extend(bytes);
    }
    out.extend([0xff, 0xd9]);
    out
}

fn has(all: &Collected, key: Key, value: &str) {
    assert_eq!(all.meta(&key), Some(value), "{:?}", all.meta);
}

#[test]
fn exif_says_when_where_and_with_what() {
    let rational = |parts: [u32; 3]| -> Vec<u8> {
        parts.iter().flat_map(|part| [part.to_le_bytes(), 1u32.to_le_bytes()].concat()).collect()
    };
    let exif = tiff(
        &[
            (0x10f, 2, b"FictCam\0"),
            (0x110, 2, b"FictCam X1\0"),
            (0x112, 3, &[6, 0]),
            (0x13b, 2, "林\0".as_bytes()),
        ],
        (0x8769, &[(0x9003, 2, b"2024:02:19 08:05:00\0"), (0x9011, 2, b"+08:00\0")]),
    );
    let all = collect(&jpeg(&[(0xe1, [b"Exif\0\0".as_slice(), &exif].concat())]), "x");
    has(&all, Key::Camera, "FictCam X1");
    has(&all, Key::Author, "林");
    has(&all, Key::Taken, "2024-02-19T08:05:00+08:00");
    has(&all, Key::Other("orientation".to_owned()), "6");
    assert_eq!(all.state(), State::NoText);
    let (north, west) = (rational([31, 30, 0]), rational([120, 15, 36]));
    let gps = tiff(&[], (0x8825, &[(1, 2, b"N\0"), (2, 5, &north), (3, 2, b"W\0"), (4, 5, &west)]));
    has(&collect(&gps, "x.tif"), Key::Place, "31.500000,-120.260000");
}

#[test]
fn impossible_times_are_left_out() {
    let exif = tiff(&[], (0x8769, &[(0x9003, 2, b"0000:00:00 00:00:00\0")]));
    let all = collect(&exif, "x.tif");
    assert_eq!((all.format.as_str(), all.meta(&Key::Taken)), ("tiff", None));
}

#[test]
fn comments_captions_and_xmp_of_jpeg_are_read() {
    let caption = [
        b"Photoshop 3.0\0".as_slice(),
        b"8BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02\x78\0\x06",
        "说明".as_bytes(),
    ]
    .concat();
    let xmp = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description xmp:CreatorTool=\"Tool 1\">\
               <dc:creator><rdf:Seq><rdf:li>Lin</rdf:li></rdf:Seq></dc:creator></rdf:Description></x:xmpmeta>";
    let all =
        collect(&jpeg(&[(0xfe, b"remark\0".to_vec()), (0xed, caption), (0xe1, xmp.into())]), "x");
    has(&all, Key::Other("comment".to_owned()), "remark");
    has(&all, Key::Description, "说明");
    has(&all, Key::Application, "Tool 1");
    has(&all, Key::Author, "Lin");
}

#[test]
fn text_chunks_of_png_are_read() {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], bytes: &[u8]| {
        png.extend((bytes.len() as u32).to_be_bytes());
        png.extend(kind);
        png.extend(bytes);
        png.extend([0; 4]);
    };
    chunk(b"IHDR", &[0, 0, 0, 7, 0, 0, 0, 5, 8, 2, 0, 0, 0]);
    chunk(b"tEXt", b"Author\0Lin");
    chunk(b"iTXt", "Title\0\0\0zh\0\0琥珀".as_bytes());
    let all = collect(&png, "x.txt");
    assert_eq!(all.format, "png");
    has(&all, Key::Author, "Lin");
    has(&all, Key::Title, "琥珀");
    has(&all, Key::Width, "7");
    has(&all, Key::Height, "5");
}

proptest! {
    #[test]
    fn nothing_panics(which in 0usize..4, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let head: &[u8] = [b"\x89PNG\r\n\x1a\n".as_slice(), b"\xff\xd8\xff\xe1", b"II*\0\x08\0\0\0", b"GIF89a"][which];
        collect(&[head, &bytes].concat(), "x");
    }
}
