//! Signatures: bytes at fixed places.

use crate::extract::format;
use file_format::{FileFormat, Kind};

/// The format that the first bytes prove. `zip` and `ole` are containers of many formats and need
/// another look.
pub(super) fn signature(head: &[u8]) -> Option<&'static str> {
    let id = match head {
        [b'P', b'K', 3, 4, ..]
        | [b'P', b'K', 5, 6, ..]
        | [b'P', b'K', b'0', b'0', b'P', b'K', ..] => "zip",
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => "ole",
        [0x1f, 0x8b, 8, ..] => "gz",
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(&[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                || rest.starts_with(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]) =>
        {
            "bz2"
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => "xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zst",
        // A skippable frame before the first real one.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => "zst",
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => "7z",
        [b'!', b'B', b'D', b'N', _, _, _, _, b'S', b'M' | b'O', ..] => "pst",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "gif",
        [b'b', b'p', b'l', b'i', b's', b't', b'0', ..] => "bplist",
        [b'%', b'!', b'P', b'S', ..] => "ps",
        [0x78, 0x9f, 0x3e, 0x22, ..] => "tnef",
        [0xcf, 0xad, 0x12, 0xfe, ..] => "dbx",
        [b'E', b'l', b'f', b'F', b'i', b'l', b'e', 0, ..] => "evtx",
        // Word 2 and the first Word 6.
        [0xdb | 0xdc, 0xa5, 0x20..=0x70, 0, ..] => "doc",
        // Sheets of Excel 2 to 4, which had no container yet.
        [9, 0, 4, 0, ..] | [9, 2 | 4, 6, 0, ..] => "xls",
        // The voice messages of WeChat.
        [2, b'#', b'!', b'S', b'I', b'L', b'K', ..] | [b'#', b'!', b'S', b'I', b'L', b'K', ..] => {
            "silk"
        }
        _ if is_pdf(head) => "pdf",
        _ if trim_start(head).starts_with(b"{\\rt") => "rtf",
        _ if is_tar(head) => "tar",
        _ => return None,
    };
    Some(id)
}

fn trim_start(head: &[u8]) -> &[u8] {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head[..head.len().min(4096)].trim_ascii_start()
}

/// `%PDF-1.` at the start, or in the first kilobyte when objects follow: mail gateways and
/// printers put lines before it.
fn is_pdf(head: &[u8]) -> bool {
    if trim_start(head).starts_with(b"%PDF-") {
        return true;
    }
    let start = &head[..head.len().min(1024)];
    let at = start.windows(7).position(|seven| {
        seven.starts_with(b"%PDF-") && seven[5].is_ascii_digit() && seven[6] == b'.'
    });
    at.is_some_and(|at| head[at..].windows(6).any(|six| six == b" 0 obj"))
}

/// The header's checksum holds: POSIX, GNU and the old kind without any signature.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    if header[0] == 0 {
        return false;
    }
    let field = header[148..156].iter().skip_while(|byte| **byte == b' ');
    let digits: Vec<u8> = field.copied().take_while(|byte| matches!(byte, b'0'..=b'7')).collect();
    if digits.len() < 2 {
        return false;
    }
    let stated = digits.iter().fold(0i64, |sum, digit| sum * 8 + i64::from(digit - b'0'));
    let around = || header[..148].iter().chain(&header[156..]);
    let unsigned: i64 = around().map(|byte| i64::from(*byte)).sum::<i64>() + 8 * 32;
    let signed: i64 = around().map(|byte| i64::from(byte.cast_signed())).sum::<i64>() + 8 * 32;
    stated == unsigned || stated == signed
}

/// The pictures of netpbm say their size in digits, so that nothing else in them is binary: `P6 800 600 255`.
pub(super) fn is_netpbm(head: &[u8]) -> bool {
    let [b'P', b'4'..=b'7', next, ..] = head else { return false };
    if !next.is_ascii_whitespace() {
        return false;
    }
    let start = &head[2..head.len().min(256)];
    let text = start.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"#"));
    let words: Vec<&[u8]> = text
        .flat_map(|line| line.split(u8::is_ascii_whitespace))
        .filter(|word| !word.is_empty())
        .take(2)
        .collect();
    let is_number = |word: &&[u8]| word.len() <= 6 && word.iter().all(u8::is_ascii_digit);
    let is_pam = head[1] == b'7' && words.first().is_some_and(|word| *word == b"WIDTH");
    (words.len() == 2 && words.iter().all(is_number) || is_pam)
        && std::str::from_utf8(head).is_err()
}

/// Whether what has this signature is no text, whatever its bytes look like.
pub(super) fn is_no_text(found: FileFormat) -> bool {
    !matches!(found, FileFormat::ArbitraryBinaryData | FileFormat::Empty | FileFormat::PlainText)
        && matches!(
            found.kind(),
            Kind::Archive
                | Kind::Audio
                | Kind::Compressed
                | Kind::Database
                | Kind::Disk
                | Kind::Executable
                | Kind::Font
                | Kind::Image
                | Kind::Model
                | Kind::Rom
                | Kind::Video
        )
}

/// Our id for a format that the `file-format` crate recognised; `None` where it did not.
pub(super) fn named(found: FileFormat) -> Option<&'static str> {
    use FileFormat as F;
    let id = match found {
        F::ArbitraryBinaryData | F::Empty => return None,
        // Detected as such by looser rules than ours: what is no text is no text.
        F::PlainText => return None,
        F::PortableExecutable | F::DynamicLinkLibrary | F::MsDosExecutable | F::NewExecutable => {
            "exe"
        }
        F::ExecutableAndLinkableFormat => "elf",
        F::MachO => "macho",
        F::WindowsShortcut => "lnk",
        F::WindowsMetafile => "wmf",
        F::TagImageFileFormat => "tiff",
        F::WindowsBitmap => "bmp",
        F::HighEfficiencyImageCoding
        | F::HighEfficiencyImageCodingSequence
        | F::HighEfficiencyImageFileFormat
        | F::HighEfficiencyImageFileFormatSequence => "heic",
        F::OggVorbis | F::OggOpus | F::OggSpeex | F::OggFlac => "ogg",
        F::Mpeg12AudioLayer3 | F::Mpeg12AudioLayer2 | F::Id3v2 => "mp3",
        F::MicrosoftAccessDatabase | F::MicrosoftAccess2007Database => "mdb",
        F::PcapDump | F::PcapNextGenerationDump => "pcap",
        F::DerCertificate | F::PemCertificate | F::JavaKeystore => "certificate",
        _ => "",
    };
    if !id.is_empty() {
        return format::find(id).map(|format| format.id);
    }
    // Where the usual extension is the id, and the format is no container that had its own look.
    let extension = found.extension();
    let usual = format::find(extension).filter(|format| {
        !matches!(
            format.id,
            "zip" | "ole" | "xml" | "key" | "data" | "image" | "font" | "one" | "log" | "md"
        )
    });
    if let Some(format) = usual {
        return Some(format.id);
    }
    let family = match found.kind() {
        Kind::Archive | Kind::Compressed | Kind::Package => "archive",
        Kind::Audio => "audio",
        Kind::Video => "video",
        Kind::Image => "image",
        Kind::Disk | Kind::Rom => "disk",
        Kind::Executable => "program",
        Kind::Font => "font",
        Kind::Database => "database",
        Kind::Document | Kind::Ebook | Kind::Diagram => "document",
        Kind::Spreadsheet => "sheet",
        Kind::Presentation => "slides",
        _ => "data",
    };
    format::find(family).map(|format| format.id)
}
