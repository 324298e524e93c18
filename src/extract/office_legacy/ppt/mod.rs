//! `.ppt`: PowerPoint 97 to 2003.
//!
//! A file is a heap of records in which each save appends; a directory, itself saved in layers,
//! says which slide is the newest. Text stands in the slide's shapes or in an outline that the
//! shapes refer to.

mod locked;
mod records;
mod shapes;

use super::{int, short};
use crate::extract::office::children::embedded;
use crate::extract::office::codepage;
use crate::extract::office::ole::Ole;
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::office::{lock, vba};
use crate::extract::ooxml::write_links;
use crate::extract::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use records::{record, records, walk};
use shapes::Shapes;
use std::collections::{HashMap, HashSet};
use std::io::Read;

pub fn ppt(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    if bytes.starts_with(b"PK\x03\x04") {
        return crate::extract::ooxml::pptx(input, out);
    }
    let mut ole = Ole::open(bytes)?;
    if ole.has("/EncryptedPackage") {
        return lock::extract(input, out);
    }
    ole.properties(out)?;
    // Saved for PowerPoint 95 and 97 at once: the newer one stands in a folder of its own.
    let folder = if ole.has(DUAL) { DUAL } else { "" };
    let Some(mut document) = ole.stream(&format!("{folder}/PowerPoint Document")) else {
        return Err(Stop::failed("no presentation in it"));
    };
    let user = ole.stream(&format!("{folder}/Current User")).unwrap_or_default();
    let locked = locked::unlock(&mut document, &user, input.passwords)?;
    if locked {
        lock::opened(out)?;
    }
    let result = Presentation::open(&document, &user).write(out);
    // PowerPoint 95 keeps its text a second time, for programs that look for it.
    if result.is_err()
        && !out.non_blank
        && let Some(text) = ole.stream("/Text_Content").filter(|text| !text.is_empty())
    {
        let text = crate::extract::encoding::decode(&text, None).text.replace('\r', "\n");
        out.warn("made by PowerPoint 95: the text without its order on the slides")?;
        out.part(PartKind::Body, Wrap::Lines)?;
        return out.text(&text);
    }
    if let Some(pictures) = ole.stream(&format!("{folder}/Pictures")) {
        if locked {
            out.warn(
                "its pictures are locked with the password in another way; they were not read",
            )?;
            return ole.end(result, out);
        }
        crate::extract::office::blips::from_records(&pictures, out)?;
    }
    ole.end(result, out)
}

const DUAL: &str = "/PP97_DUALSTORAGE";

const DOCUMENT: u16 = 1000;
const SLIDE: u16 = 1006;
const NOTES: u16 = 1008;
const SLIDE_PLACE: u16 = 1011;
const MASTER: u16 = 1016;
const SHOW_INFO: u16 = 1017;
const LIST: u16 = 4080;
const STRING: u16 = 4026;
const LINK: u16 = 4055;
const HEADERS: u16 = 4057;
const USER_EDIT: u16 = 4085;
const DIRECTORY: u16 = 6002;
const OBJECT: u16 = 4113;
const COMMENT: u16 = 12000;

/// Saves in one file; more is a loop.
const MOST_EDITS: u32 = 10_000;
/// Unpacked size of one embedded object.
const MOST_OBJECT: u64 = 256 << 20;
const DEEPEST: u32 = 32;

struct Presentation<'a> {
    bytes: &'a [u8],
    /// Persistent id → offset of its newest version.
    places: HashMap<u32, usize>,
    document: Option<u32>,
    /// The description of the lock, where there is one.
    session: Option<u32>,
}

/// A slide as the document lists it.
struct Listed {
    id: u32,
    slide_id: u32,
    /// Texts of its outline, in order.
    outline: Vec<String>,
}

impl<'a> Presentation<'a> {
    fn open(bytes: &'a [u8], user: &[u8]) -> Self {
        let mut places = HashMap::new();
        let mut document = None;
        let mut session = None;
        let mut edit = int(user, 16).unwrap_or(0) as usize;
        let mut seen = HashSet::new();
        for _ in 0..MOST_EDITS {
            let Some(found) = record(bytes, edit).filter(|r| r.kind == USER_EDIT) else { break };
            if !seen.insert(edit) {
                break;
            }
            if document.is_none() {
                document = int(found.body, 16);
                session = int(found.body, 28).filter(|id| *id != 0);
            }
            let directory = int(found.body, 12).unwrap_or(0) as usize;
            if let Some(directory) = record(bytes, directory).filter(|r| r.kind == DIRECTORY) {
                read_directory(directory.body, &mut places);
            }
            match int(found.body, 8) {
                Some(0) | None => break,
                Some(before) => edit = before as usize,
            }
        }
        Presentation { bytes, places, document, session }
    }

    /// The newest version of a persistent thing, if it is of this kind.
    fn persistent(&self, id: u32, kind: u16) -> Option<&'a [u8]> {
        let at = *self.places.get(&id)?;
        record(self.bytes, at).filter(|r| r.kind == kind).map(|r| r.body)
    }

    fn write(&self, out: &mut Out) -> Result<(), Stop> {
        let document = self.document.and_then(|id| self.persistent(id, DOCUMENT)).or_else(|| {
            // Without a directory: the last document in the heap is the newest.
            records(self.bytes).filter(|r| r.kind == DOCUMENT).last().map(|r| r.body)
        });
        let Some(document) = document else { return self.write_loose(out) };
        let slides = listed(document, 0);
        let masters = listed(document, 1);
        let notes = listed(document, 2);
        let mut links = Vec::new();
        walk(document, DEEPEST, &mut |found| {
            if found.kind == LINK {
                links.extend(link(found.body));
            }
            true
        });
        let mut footers: Vec<String> = Vec::new();
        let mut found_any = false;
        for (at, slide) in slides.iter().enumerate() {
            let label = (at + 1).to_string();
            let Some(body) = self.persistent(slide.id, SLIDE) else {
                if !slide.outline.is_empty() {
                    write_lines(out, PartKind::Slide, &label, &lines_of(&slide.outline))?;
                }
                continue;
            };
            found_any = true;
            self.write_slide(body, slide, &label, &mut footers, out)?;
            for note in &notes {
                let Some(body) = self.persistent(note.id, NOTES) else { continue };
                let of = records(body).find(|r| r.kind == 1009).and_then(|r| int(r.body, 0));
                if of == Some(slide.slide_id) {
                    let lines = Shapes::read(body, &note.outline, true).all_lines();
                    if !lines.is_empty() {
                        write_lines(out, PartKind::Notes, &label, &lines)?;
                    }
                }
            }
        }
        if !found_any && slides.is_empty() {
            self.write_loose(out)?;
        }
        for list in records(document).filter(|r| r.kind == HEADERS) {
            add_footers(list.body, &mut footers);
        }
        for master in &masters {
            if let Some(body) = self.persistent(master.id, MASTER) {
                for line in Shapes::read(body, &master.outline, false).all_lines() {
                    if !footers.contains(&line) {
                        footers.push(line);
                    }
                }
            }
        }
        if !footers.is_empty() {
            write_lines(out, PartKind::Footer, "", &footers)?;
        }
        write_links(out, &links)?;
        self.objects(out)
    }

    fn write_slide(
        &self,
        body: &[u8],
        slide: &Listed,
        label: &str,
        footers: &mut Vec<String>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let hidden = records(body)
            .find(|r| r.kind == SHOW_INFO)
            .and_then(|r| short(r.body, 10))
            .is_some_and(|flags| flags & 4 != 0);
        let shapes = Shapes::read(body, &slide.outline, true);
        if hidden {
            out.hidden_part(PartKind::Slide, label, Wrap::Lines)?;
        } else {
            out.labelled_part(PartKind::Slide, label, Wrap::Lines)?;
        }
        for line in &shapes.lines {
            out.line(line)?;
        }
        for table in &shapes.tables {
            out.labelled_part(PartKind::Table, label, Wrap::Lines)?;
            for row in table {
                out.row(row)?;
            }
        }
        for list in records(body).filter(|r| r.kind == HEADERS) {
            add_footers(list.body, footers);
        }
        let mut comments = Vec::new();
        walk(body, DEEPEST, &mut |found| {
            if found.kind == COMMENT {
                comments.push(comment(found.body));
            }
            // Comments stand in a blob of tags that is a record but not marked as a container.
            if found.kind == 5003 {
                for inner in records(found.body).filter(|r| r.kind == COMMENT) {
                    comments.push(comment(inner.body));
                }
            }
            true
        });
        for (author, date, text) in comments {
            write_comment(out, &author, &date, &text)?;
        }
        if shapes.lines.is_empty() && shapes.tables.is_empty() && shapes.has_pictures {
            out.page_without_text(label)?;
        }
        Ok(())
    }

    /// No document is left: every text in the heap, in the order in which it was saved.
    fn write_loose(&self, out: &mut Out) -> Result<(), Stop> {
        let mut lines = Vec::new();
        walk(self.bytes, DEEPEST, &mut |found| {
            if found.kind == MASTER {
                return false;
            }
            if let Some(text) = shapes::text_of(found) {
                lines.extend(lines_of(&[text]));
            }
            true
        });
        if lines.is_empty() {
            return Err(Stop::failed("the list of slides is damaged and no text was found"));
        }
        out.warn("the list of slides is damaged: texts stand in the order of saving")?;
        write_lines(out, PartKind::Body, "", &lines)
    }

    /// Embedded documents, each an OLE file of its own.
    fn objects(&self, out: &mut Out) -> Result<(), Stop> {
        let mut ids: Vec<(&u32, &usize)> = self.places.iter().collect();
        ids.sort();
        let mut ordinal = 0;
        for (_, &at) in ids {
            let Some(found) = record(self.bytes, at).filter(|r| r.kind == OBJECT) else { continue };
            let bytes = if found.instance == 1 {
                let mut whole = Vec::new();
                let packed = found.body.get(4..).unwrap_or_default();
                // What unpacks before damage is kept.
                let _ = flate2::read::ZlibDecoder::new(packed)
                    .take(MOST_OBJECT)
                    .read_to_end(&mut whole);
                whole
            } else {
                found.body.to_vec()
            };
            if let Ok(mut project) = Ole::open(bytes.clone())
                && project.has("/VBA/dir")
            {
                vba::write(&mut project, "", out)?;
                continue;
            }
            embedded(out, &format!("object{}", ordinal + 1), ordinal, &bytes)?;
            ordinal += 1;
        }
        Ok(())
    }
}

fn read_directory(bytes: &[u8], places: &mut HashMap<u32, usize>) {
    let mut at = 0;
    while let Some(head) = int(bytes, at) {
        at += 4;
        let first = head & 0xf_ffff;
        for id in first..first + (head >> 20) {
            let Some(offset) = int(bytes, at) else { return };
            at += 4;
            places.entry(id).or_insert(offset as usize);
        }
    }
}

/// The things in one of the document's lists: 0 slides, 1 masters, 2 notes.
fn listed(document: &[u8], which: u16) -> Vec<Listed> {
    let mut all: Vec<Listed> = Vec::new();
    for list in records(document).filter(|r| r.kind == LIST && r.instance == which) {
        for found in records(list.body) {
            if found.kind == SLIDE_PLACE {
                let id = int(found.body, 0).unwrap_or(0);
                let slide_id = int(found.body, 12).unwrap_or(0);
                all.push(Listed { id, slide_id, outline: Vec::new() });
            } else if let Some(last) = all.last_mut() {
                // A header begins a text, which may be empty and have no text record at all.
                if found.kind == 3999 {
                    last.outline.push(String::new());
                }
                if let Some(text) = shapes::text_of(&found) {
                    match last.outline.last_mut() {
                        Some(open) => open.push_str(&text),
                        None => last.outline.push(text),
                    }
                }
            }
        }
    }
    all
}

fn lines_of(texts: &[String]) -> Vec<String> {
    texts
        .iter()
        .flat_map(|text| text.lines())
        .map(str::to_owned)
        .filter(|l| !l.trim().is_empty())
        .collect()
}

fn add_footers(body: &[u8], footers: &mut Vec<String>) {
    for found in records(body).filter(|r| r.kind == STRING) {
        let text = codepage::utf16(found.body);
        if text.trim().len() > 1 && !footers.contains(&text) {
            footers.push(text);
        }
    }
}

/// Target and text of a link.
fn link(body: &[u8]) -> Option<(String, String)> {
    let mut shown = String::new();
    let mut target = String::new();
    for found in records(body).filter(|r| r.kind == STRING) {
        let text = codepage::utf16(found.body);
        match found.instance {
            0 => shown = text,
            1 => target = text,
            _ => {}
        }
    }
    (!target.is_empty()).then_some((target, shown))
}

/// Author, date and text of a comment.
fn comment(body: &[u8]) -> (String, String, String) {
    let (mut author, mut date, mut text) = (String::new(), String::new(), String::new());
    for found in records(body) {
        match (found.kind, found.instance) {
            (STRING, 0) => author = codepage::utf16(found.body),
            (STRING, 1) => text = codepage::utf16(found.body),
            (12001, _) => {
                let part = |at| short(found.body, at).unwrap_or(0);
                date = format!(
                    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                    part(4),
                    part(6),
                    part(10),
                    part(12),
                    part(14),
                    part(16)
                );
            }
            _ => {}
        }
    }
    (author, date, text)
}
