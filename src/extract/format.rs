//! The table of formats: adding one touches its own file and one line here.

use super::{Input, Out, Stop};

/// Coarse kinds for lists and facets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Text,
    Document,
    Sheet,
    Slides,
    Mail,
    Archive,
    Image,
    Audio,
    Video,
    Program,
    Data,
}

/// Reads one file of a format.
pub type Extract = fn(&mut Input, &mut Out) -> Result<(), Stop>;

/// One format.
pub struct Format {
    /// Stable short name, used in the database, in JSON and in `type:` queries: `docx`.
    pub id: &'static str,
    pub family: Family,
    pub mime: &'static str,
    /// Raise it when the extractor's output changes.
    pub version: u32,
    /// `None`: known, but not read; such files are listed as unsupported.
    pub extract: Option<Extract>,
    /// For formats that are not read: why, and what can be done about it.
    pub advice: &'static str,
}

/// The format of bytes that nothing recognises.
pub const BINARY: &str = "binary";

const MP3: &str = "sound has no text; transcribe it elsewhere and supply the transcript";
const MOVIE: &str = "video has no text; transcribe it elsewhere and supply the transcript";
const CODE: &str = "a program, not a document";
const FONT: &str = "a font, not a document";
const CONVERT: &str = "this format is not read yet; save it as PDF or DOCX with the program that made it and add the copy";
const UNPACK: &str = "this archive format is not unpacked; unpack it elsewhere and add the folder";
const TABLES: &str = "a database file is not read yet; export its tables as CSV and add those";
const SECRET: &str = "keys and cipher text have nothing to read";
const DATA: &str = "binary data in a format that is not read";

/// All formats, in no particular order; `detect` names them by id.
#[rustfmt::skip]
pub static FORMATS: &[Format] = &[
    // text
    row("txt", Family::Text, "text/plain", Some(super::text::extract)),
    row("log", Family::Text, "text/x-log", Some(super::text::lines)),
    row("source", Family::Text, "text/x-source", Some(super::text::lines)),
    row("subtitles", Family::Text, "application/x-subrip", Some(super::text::subtitles)),
    row("vcf", Family::Text, "text/vcard", Some(super::card::extract)),
    row("ics", Family::Text, "text/calendar", Some(super::card::extract)),
    row("md", Family::Text, "text/markdown", Some(super::text::markdown)),
    row("csv", Family::Sheet, "text/csv", Some(super::csv::extract)),
    row("tsv", Family::Sheet, "text/tab-separated-values", Some(super::csv::extract)),
    row("json", Family::Data, "application/json", Some(super::json::extract)),
    row("jsonl", Family::Data, "application/jsonl", Some(super::json::extract)),
    row("ipynb", Family::Document, "application/x-ipynb+json", Some(super::json::extract)),
    row("html", Family::Document, "text/html", Some(super::html::extract)),
    row("xml", Family::Data, "application/xml", Some(super::xml::extract)),
    row("svg", Family::Image, "image/svg+xml", Some(super::xml::svg)),
    row("plist", Family::Data, "application/x-plist", Some(super::xml::extract)),
    // documents
    row("pdf", Family::Document, "application/pdf", Some(super::pdf::extract)),
    row("rtf", Family::Document, "application/rtf", Some(super::rtf::extract)),
    row("docx", Family::Document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Some(super::ooxml::docx)),
    row("pptx", Family::Slides, "application/vnd.openxmlformats-officedocument.presentationml.presentation", Some(super::ooxml::pptx)),
    row("xlsx", Family::Sheet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(super::sheet::xlsx)),
    row("xlsb", Family::Sheet, "application/vnd.ms-excel.sheet.binary.macroEnabled.12", Some(super::sheet::xlsx)),
    row("doc", Family::Document, "application/msword", Some(super::office_legacy::doc)),
    row("xls", Family::Sheet, "application/vnd.ms-excel", Some(super::sheet::xls)),
    row("ppt", Family::Slides, "application/vnd.ms-powerpoint", Some(super::office_legacy::ppt)),
    row("ooxml-encrypted", Family::Document, "application/x-ooxml-encrypted", Some(super::office::lock::extract)),
    row("odt", Family::Document, "application/vnd.oasis.opendocument.text", Some(super::odf::extract)),
    row("ods", Family::Sheet, "application/vnd.oasis.opendocument.spreadsheet", Some(super::odf::extract)),
    row("odp", Family::Slides, "application/vnd.oasis.opendocument.presentation", Some(super::odf::extract)),
    row("odg", Family::Document, "application/vnd.oasis.opendocument.graphics", Some(super::odf::extract)),
    row("fodt", Family::Document, "application/vnd.oasis.opendocument.text-flat-xml", Some(super::odf::flat)),
    row("fods", Family::Sheet, "application/vnd.oasis.opendocument.spreadsheet-flat-xml", Some(super::odf::flat)),
    row("fodp", Family::Slides, "application/vnd.oasis.opendocument.presentation-flat-xml", Some(super::odf::flat)),
    row("wordml", Family::Document, "application/vnd.ms-word.2003+xml", Some(super::ooxml::wordml)),
    row("flat-opc", Family::Document, "application/vnd.ms-word.2006+xml", Some(super::ooxml::flat_opc)),
    row("spreadsheetml", Family::Sheet, "application/vnd.ms-excel.2003+xml", Some(super::xml::extract)),
    row("epub", Family::Document, "application/epub+zip", Some(super::epub::extract)),
    row("fb2", Family::Document, "application/x-fictionbook+xml", Some(super::xml::extract)),
    // mail
    row("eml", Family::Mail, "message/rfc822", Some(super::mail::extract)),
    row("emlx", Family::Mail, "message/x-emlx", Some(super::mail::extract_emlx)),
    row("mbox", Family::Mail, "application/mbox", Some(super::mbox::extract)),
    row("msg", Family::Mail, "application/vnd.ms-outlook", Some(super::msg::extract)),
    row("pst", Family::Mail, "application/vnd.ms-outlook-pst", Some(super::pst::extract)),
    row("tnef", Family::Mail, "application/vnd.ms-tnef", Some(super::msg::extract_tnef)),
    unread("dbx", Family::Mail, "application/x-outlook-express", "Outlook Express folders are not read; convert them to mbox and add the copy"),
    // containers
    row("zip", Family::Archive, "application/zip", Some(super::archive::extract_zip)),
    row("tar", Family::Archive, "application/x-tar", Some(super::archive::extract_tar)),
    row("gz", Family::Archive, "application/gzip", Some(super::archive::extract_gz)),
    row("bz2", Family::Archive, "application/x-bzip2", Some(super::archive::extract_bz2)),
    row("xz", Family::Archive, "application/x-xz", Some(super::archive::extract_xz)),
    row("zst", Family::Archive, "application/zstd", Some(super::archive::extract_zst)),
    row("7z", Family::Archive, "application/x-7z-compressed", Some(super::archive::extract_7z)),
    unread("rar", Family::Archive, "application/vnd.rar", "rar archives are not unpacked (no free program text exists for them); unpack it elsewhere and add the folder"),
    row("lzma", Family::Archive, "application/x-lzma", Some(super::archive::extract_lzma)),
    unread("lz4", Family::Archive, "application/x-lz4", UNPACK),
    unread("cab", Family::Archive, "application/vnd.ms-cab-compressed", UNPACK),
    unread("iso", Family::Archive, "application/vnd.efi.iso", "disk images are not unpacked; mount it elsewhere and add the folder"),
    unread("archive", Family::Archive, "application/octet-stream", UNPACK),
    unread("disk", Family::Archive, "application/octet-stream", "disk images are not unpacked; mount it elsewhere and add the folder"),
    // documents that are known and not read; of some the files inside are
    row("pages", Family::Document, "application/vnd.apple.pages", Some(super::archive::extract_iwork)),
    row("numbers", Family::Sheet, "application/vnd.apple.numbers", Some(super::archive::extract_iwork)),
    row("key", Family::Slides, "application/vnd.apple.keynote", Some(super::archive::extract_iwork)),
    unread("vsdx", Family::Document, "application/vnd.ms-visio.drawing.main+xml", CONVERT),
    unread("vsd", Family::Document, "application/vnd.visio", CONVERT),
    unread("one", Family::Document, "application/onenote", CONVERT),
    unread("pub", Family::Document, "application/vnd.ms-publisher", CONVERT),
    unread("mpp", Family::Document, "application/vnd.ms-project", CONVERT),
    unread("wps", Family::Document, "application/vnd.ms-works", CONVERT),
    unread("wpd", Family::Document, "application/vnd.wordperfect", CONVERT),
    unread("hwp", Family::Document, "application/x-hwp", CONVERT),
    unread("xps", Family::Document, "application/oxps", CONVERT),
    unread("djvu", Family::Document, "image/vnd.djvu", CONVERT),
    unread("ps", Family::Document, "application/postscript", CONVERT),
    unread("mobi", Family::Document, "application/x-mobipocket-ebook", CONVERT),
    unread("chm", Family::Document, "application/vnd.ms-htmlhelp", UNPACK),
    unread("ole", Family::Data, "application/x-ole-storage", CONVERT),
    unread("sxw", Family::Document, "application/vnd.sun.xml.writer", CONVERT),
    unread("dwg", Family::Document, "image/vnd.dwg", CONVERT),
    unread("document", Family::Document, "application/octet-stream", CONVERT),
    unread("sheet", Family::Sheet, "application/octet-stream", CONVERT),
    unread("slides", Family::Slides, "application/octet-stream", CONVERT),
    // images
    row("png", Family::Image, "image/png", Some(super::image::extract)),
    row("jpg", Family::Image, "image/jpeg", Some(super::image::extract)),
    row("gif", Family::Image, "image/gif", Some(super::image::extract)),
    row("bmp", Family::Image, "image/bmp", Some(super::image::extract)),
    row("tiff", Family::Image, "image/tiff", Some(super::image::extract)),
    row("webp", Family::Image, "image/webp", Some(super::image::extract)),
    row("heic", Family::Image, "image/heic", Some(super::image::extract)),
    row("avif", Family::Image, "image/avif", Some(super::image::extract)),
    row("ico", Family::Image, "image/x-icon", Some(super::image::extract)),
    row("psd", Family::Image, "image/vnd.adobe.photoshop", Some(super::image::extract)),
    row("jp2", Family::Image, "image/jp2", Some(super::image::extract)),
    row("jxl", Family::Image, "image/jxl", Some(super::image::extract)),
    row("emf", Family::Image, "image/emf", Some(super::image::extract)),
    row("wmf", Family::Image, "image/wmf", Some(super::image::extract)),
    row("image", Family::Image, "image/x-unknown", Some(super::image::extract)),
    // sound, pictures that move
    unread("mp3", Family::Audio, "audio/mpeg", MP3),
    unread("wav", Family::Audio, "audio/vnd.wave", MP3),
    unread("ogg", Family::Audio, "audio/ogg", MP3),
    unread("flac", Family::Audio, "audio/flac", MP3),
    unread("m4a", Family::Audio, "audio/mp4", MP3),
    unread("amr", Family::Audio, "audio/amr", MP3),
    unread("silk", Family::Audio, "audio/x-silk", MP3),
    unread("audio", Family::Audio, "audio/x-unknown", MP3),
    unread("mp4", Family::Video, "video/mp4", MOVIE),
    unread("mov", Family::Video, "video/quicktime", MOVIE),
    unread("avi", Family::Video, "video/avi", MOVIE),
    unread("mkv", Family::Video, "video/matroska", MOVIE),
    unread("webm", Family::Video, "video/webm", MOVIE),
    unread("wmv", Family::Video, "video/x-ms-wmv", MOVIE),
    unread("flv", Family::Video, "video/x-flv", MOVIE),
    unread("video", Family::Video, "video/x-unknown", MOVIE),
    // programs
    unread("exe", Family::Program, "application/vnd.microsoft.portable-executable", CODE),
    unread("elf", Family::Program, "application/x-elf", CODE),
    unread("macho", Family::Program, "application/x-mach-binary", CODE),
    unread("class", Family::Program, "application/java-vm", CODE),
    unread("wasm", Family::Program, "application/wasm", CODE),
    unread("lnk", Family::Program, "application/x-ms-shortcut", "a Windows shortcut, not a document"),
    unread("msi", Family::Program, "application/x-msi", "an installer, not a document"),
    unread("program", Family::Program, "application/octet-stream", CODE),
    // data
    unread("font", Family::Data, "font/collection", FONT),
    unread("sqlite", Family::Data, "application/vnd.sqlite3", TABLES),
    unread("mdb", Family::Data, "application/x-msaccess", TABLES),
    unread("database", Family::Data, "application/octet-stream", TABLES),
    unread("bplist", Family::Data, "application/x-bplist", DATA),
    unread("pcap", Family::Data, "application/vnd.tcpdump.pcap", "captured network traffic is not read; export what matters as text with a network analyser"),
    unread("evtx", Family::Data, "application/x-ms-evtx", "Windows event logs are not read; export them as XML or CSV and add those"),
    unread("pgp", Family::Data, "application/pgp-encrypted", SECRET),
    unread("certificate", Family::Data, "application/pkix-cert", SECRET),
    unread("torrent", Family::Data, "application/x-bittorrent", DATA),
    unread("parquet", Family::Data, "application/vnd.apache.parquet", DATA),
    unread("data", Family::Data, "application/octet-stream", DATA),
    unread("empty", Family::Data, "application/x-empty", "zero bytes"),
    unread(BINARY, Family::Data, "application/octet-stream", "binary data that no known format begins like"),
];

/// Version of the readers. To be raised with every release in which one of them gives another text
/// for the same bytes: `verify` then says that another version read it, and not that it is damaged.
/// One number for all, because they share encodings, wrapping and tables.
pub const READERS: u32 = 9;

const fn row(
    id: &'static str,
    family: Family,
    mime: &'static str,
    extract: Option<Extract>,
) -> Format {
    Format { id, family, mime, version: READERS, extract, advice: CONVERT }
}

const fn unread(
    id: &'static str,
    family: Family,
    mime: &'static str,
    advice: &'static str,
) -> Format {
    Format { id, family, mime, version: READERS, extract: None, advice }
}

/// The format with this id.
pub fn find(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_what_is_not_read_says_why() {
        let mut seen = std::collections::HashSet::new();
        for format in FORMATS {
            assert!(seen.insert(format.id), "{} stands twice", format.id);
            assert!(!format.advice.is_empty(), "{}", format.id);
        }
        assert!(find(BINARY).is_some_and(|format| format.extract.is_none()));
    }
}
