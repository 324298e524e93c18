//! What a zip file is: an archive, or one of the document formats that are zip files inside.

use super::extension;
use crate::extract::archive::{beginning_of_zip, zip_is_of_a_member};
use crate::extract::{Input, Stop};
use std::io::Read;
use zip::ZipArchive;

/// Content types and manifests are not read beyond this.
const LONGEST: u64 = 1 << 20;

pub(super) fn kind(input: &mut Input) -> Result<&'static str, Stop> {
    if let Some(kind) = first_member(input.head()) {
        return Ok(kind);
    }
    let hint = extension(input.name);
    let head = beginning_of_zip(input);
    let reader = input.reader()?;
    let kind = match ZipArchive::new(reader) {
        Ok(archive) if zip_is_of_a_member(&archive, head) => broken(input.head()),
        Ok(mut archive) => inside(&mut archive, &hint),
        // Cut off or broken: the members that are named at its beginning tell what it was.
        Err(_) => broken(input.head()),
    };
    Ok(kind.unwrap_or("zip"))
}

/// ODF and EPUB say what they are in their first member, which is stored plainly.
fn first_member(head: &[u8]) -> Option<&'static str> {
    let name = head.get(30..38)?;
    if name != b"mimetype" || head.get(26..28)? != [8, 0] {
        return None;
    }
    let extra = usize::from(u16::from_le_bytes([*head.get(28)?, *head.get(29)?]));
    let text = head.get(38 + extra..)?;
    of_mime(&String::from_utf8_lossy(&text[..text.len().min(100)]))
}

fn of_mime(mime: &str) -> Option<&'static str> {
    const MIMES: &[(&str, &str)] = &[
        ("application/epub+zip", "epub"),
        // The longer names first: they begin alike.
        ("application/vnd.oasis.opendocument.text", "odt"),
        ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
        ("application/vnd.oasis.opendocument.presentation", "odp"),
        ("application/vnd.oasis.opendocument.graphics", "odg"),
        ("application/vnd.oasis.opendocument.formula", "odt"),
        ("application/vnd.oasis.opendocument.chart", "odt"),
        ("application/vnd.sun.xml.calc", "sxw"),
        ("application/vnd.sun.xml", "sxw"),
    ];
    let mime = mime.trim_start();
    MIMES.iter().find(|(start, _)| mime.starts_with(start)).map(|(_, id)| *id)
}

fn inside<R: Read + std::io::Seek>(
    archive: &mut ZipArchive<R>,
    hint: &str,
) -> Option<&'static str> {
    if let Some(types) = member(archive, "[Content_Types].xml") {
        return of_content_types(&types);
    }
    if let Some(mime) = member(archive, "mimetype")
        && let Some(id) = of_mime(&mime)
    {
        return Some(id);
    }
    if let Some(index) = member(archive, "index.xml")
        && let Some(id) = of_iwork(&index)
    {
        return Some(id);
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("word/document.xml") {
        return Some("docx");
    } else if has("xl/workbook.xml") {
        return Some("xlsx");
    } else if has("ppt/presentation.xml") {
        return Some("pptx");
    } else if has("META-INF/container.xml") && (hint == "epub" || has("content.opf")) {
        return Some("epub");
    } else if has("Index/Document.iwa") || has("Index.zip") || has("index.apxl") {
        return Some(match hint {
            "key" => "key",
            "numbers" => "numbers",
            _ if has("index.apxl") || has("Index/Slide.iwa") => "key",
            _ if has("Index/CalculationEngine.iwa") && !has("Index/DocumentStylesheet.iwa") => {
                "numbers"
            }
            _ => "pages",
        });
    } else if has("content.xml")
        && let Some(manifest) = member(archive, "META-INF/manifest.xml")
    {
        let at = manifest.find("application/vnd.oasis.opendocument.")?;
        return of_mime(&manifest[at..]);
    }
    None
}

/// iWork of 2005 to 2009: the root says which program wrote it.
fn of_iwork(index: &str) -> Option<&'static str> {
    let end = index.char_indices().nth(4096).map_or(index.len(), |(at, _)| at);
    let index = &index[..end];
    if !index.contains("//developer.apple.com/namespaces/") {
        return None;
    }
    [("<sl:document", "pages"), ("<ls:document", "numbers"), ("<key:presentation", "key")]
        .into_iter()
        .find(|(root, _)| index.contains(root))
        .map(|(_, id)| id)
}

/// The text of a small member.
fn member<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>, name: &str) -> Option<String> {
    let mut text = Vec::new();
    archive.by_name(name).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Office Open XML names the type of its main part.
fn of_content_types(types: &str) -> Option<&'static str> {
    const MAIN: &[(&str, &str)] = &[
        ("wordprocessingml.document.main", "docx"),
        ("wordprocessingml.template.main", "docx"),
        ("ms-word.document.macroEnabled.main", "docx"),
        ("ms-word.template.macroEnabledTemplate.main", "docx"),
        ("presentationml.presentation.main", "pptx"),
        ("presentationml.slideshow.main", "pptx"),
        ("presentationml.template.main", "pptx"),
        ("ms-powerpoint.presentation.macroEnabled.main", "pptx"),
        ("ms-powerpoint.slideshow.macroEnabled.main", "pptx"),
        ("ms-powerpoint.template.macroEnabled.main", "pptx"),
        ("spreadsheetml.sheet.main", "xlsx"),
        ("spreadsheetml.template.main", "xlsx"),
        ("ms-excel.sheet.macroEnabled.main", "xlsx"),
        ("ms-excel.template.macroEnabled.main", "xlsx"),
        ("ms-excel.addin.macroEnabled.main", "xlsx"),
        ("ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
        ("ms-visio", "vsdx"),
        ("package.xps-fixeddocument", "xps"),
        ("oxps", "xps"),
        // Broken writers leave the main part out; any part of the family will do.
        ("wordprocessingml", "docx"),
        ("presentationml", "pptx"),
        ("spreadsheetml", "xlsx"),
    ];
    MAIN.iter().find(|(part, _)| types.contains(part)).map(|(_, id)| *id)
}

fn broken(head: &[u8]) -> Option<&'static str> {
    let names: Vec<&[u8]> = head
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == b"PK\x03\x04")
        .filter_map(|(at, _)| {
            let length =
                usize::from(u16::from_le_bytes([*head.get(at + 26)?, *head.get(at + 27)?]));
            head.get(at + 30..at + 30 + length)
        })
        .collect();
    let has = |start: &[u8]| names.iter().any(|name| name.starts_with(start));
    [(b"word/".as_slice(), "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")]
        .into_iter()
        .find(|(folder, _)| has(folder) && (has(b"[Content") || has(b"_rels/")))
        .map(|(_, id)| id)
}
