//! `notes`: every note as a Markdown file, with what is known about it before the text.

use super::counted;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use crate::case::{Case, Note, NoteKind, ReviewState, wall_text};
use crate::model::NoteId;
use crate::model::disagreed::Slot;
use serde::Serialize;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Notes that are read at once.
const PAGE: u64 = 200;

/// Characters of a title in a file's name.
const NAME: usize = 40;

/// `notes --json`.
#[derive(Debug, Serialize)]
struct Written {
    note: String,
    file: String,
}

/// Writes every note into a folder.
pub fn write_files(
    case: &Case,
    folder: &Path,
    is_json: bool,
    out: &mut Out<'_>,
) -> Result<Code, Failure> {
    make_folder(folder)?;
    let mut ids: Vec<NoteId> = Vec::new();
    let count = case.note_count()?;
    for begin in (0..count).step_by(PAGE as usize) {
        let rows = case.notes(begin..begin + PAGE)?;
        ids.extend(rows.into_iter().filter(|row| row.draft.is_none()).filter_map(|row| row.id));
    }
    ids.sort();
    let mut written = Vec::new();
    for id in ids {
        let note = case.note(id)?;
        let file = file_name(&note);
        let path = folder.join(&file);
        let mut to = fs::File::create_new(&path).map_err(|e| Failure::creating(&path, &e))?;
        to.write_all(markdown(&note)?.as_bytes()).map_err(|e| Failure::io("write", &path, &e))?;
        written.push(Written { note: id.to_string(), file });
    }
    if is_json {
        written.iter().try_for_each(|note| out.json(note))?;
        return Ok(Code::Done);
    }
    let notes = counted(written.len() as u64, "note", "notes");
    out.line_of(Style::Plain, &format!("{notes} in {}", folder.display()))?;
    out.say("\n")?;
    Ok(Code::Done)
}

/// Never into a folder with something in it: it could be evidence.
fn make_folder(path: &Path) -> Result<(), Failure> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let mut entries = fs::read_dir(path).map_err(|e| Failure::io("read", path, &e))?;
            match entries.next() {
                None => Ok(()),
                Some(_) => Err(Failure::new(format!("{} is not empty", path.display()))
                    .hint("choose another folder")),
            }
        }
        Err(error) => Err(Failure::io("create", path, &error)),
    }
}

/// `N4-first-words.md`: letters, digits and hyphens, whatever the note says.
fn file_name(note: &Note) -> String {
    let title =
        note.texts.first().and_then(|text| text.text.lines().find(|l| !l.trim().is_empty()));
    let mut name = String::new();
    for c in title.unwrap_or_default().chars().take(NAME) {
        match c.is_alphanumeric() {
            true => name.push(c),
            false if !name.ends_with('-') => name.push('-'),
            false => {}
        }
    }
    match name.trim_matches('-') {
        "" => format!("{}.md", note.id),
        name => format!("{}-{name}.md", note.id),
    }
}

fn markdown(note: &Note) -> Result<String, Failure> {
    let mut front = Front(String::from("---\n"));
    front.field("note", &note.id.to_string())?;
    front.field("operation", &note.operation.to_string())?;
    if let Some(text) = note.texts.first() {
        front.field("author", &text.by)?;
        front.field("changed", &format!("{}Z", wall_text(text.wall).replace(' ', "T")))?;
    }
    if note.texts.len() > 1 {
        front.field("texts", &note.texts.len())?;
    }
    let fields = &note.fields;
    front.field("kind", &fields.kind.word())?;
    if fields.kind == NoteKind::Finding {
        front.field("status", &fields.standing_words())?;
    }
    if let Some(kept) = &fields.kept {
        front.field("kept", &kept.words())?;
    }
    let others = fields.disagreed.iter().filter(|own| own.slot != Slot::Standing);
    front.list("disagreed", others.map(|own| format!("{} {}", own.about(), own.words())))?;
    if let Some(confidence) = fields.confidence {
        front.field("confidence", &confidence.word())?;
    }
    if let Some(likelihood) = fields.likelihood {
        front.field("likelihood", &likelihood.words())?;
    }
    if let Some(when) = &fields.when {
        front.field("when", &when.text())?;
    }
    front.list("tags", fields.tags.iter().cloned())?;
    let cites = note.citations.iter().map(|cited| {
        let (stance, grade) = (cited.citation.stance.word(), cited.grades());
        let line = cited.line_or_gone();
        [&cited.names(), stance, &grade, &line]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    front.list("cites", cites)?;
    front.list("reviews", note.reviews().iter().map(ReviewState::said_of_it))?;
    let names = note.references.iter().map(|(item, line)| format!("{item} {line}"));
    front.list("names", names)?;
    let mut out = front.0 + "---\n\n";
    for (number, text) in note.texts.iter().enumerate() {
        if note.texts.len() > 1 {
            let (author, wall) = (plain(&text.by), wall_text(text.wall));
            let break_before = if number == 0 { "" } else { "\n" };
            let count = note.texts.len();
            let of = number + 1;
            // Writing to a String does not fail.
            let _ = writeln!(
                out,
                "{break_before}> Text {of} of {count}, written at the same time as the others: {author}, {wall} UTC\n"
            );
        }
        out.push_str(&plain(text.text.trim_end()));
        out.push('\n');
    }
    Ok(out)
}

/// YAML between two rules; values are JSON, which is YAML too.
struct Front(String);

impl Front {
    fn field(&mut self, name: &str, value: &impl Serialize) -> Result<(), Failure> {
        self.0.push_str(name);
        self.0.push_str(": ");
        self.0.push_str(&json(value)?);
        Ok(())
    }

    fn list(&mut self, name: &str, values: impl Iterator<Item = String>) -> Result<(), Failure> {
        let mut values = values.peekable();
        if values.peek().is_some() {
            self.0.push_str(name);
            self.0.push_str(":\n");
        }
        values.try_for_each(|value| {
            self.0.push_str("  - ");
            self.0.push_str(&json(&value)?);
            Ok(())
        })
    }
}

/// With its line end; control characters and invisible ones as `\u....`.
fn json(value: &impl Serialize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let mut out = Out::to(&mut bytes);
    out.json(value)?;
    out.finish()?;
    drop(out);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The text as it is; control characters, which act on a terminal, as their pictures.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            0x09 | 0x0a => c,
            code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
            0x7f => '\u{2421}',
            0x80..0xa0 => '\u{fffd}',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{NoteFields, NoteText};
    use crate::model::Sha256;

    fn note(texts: &[&str]) -> Note {
        let text = |text: &&str| NoteText {
            operation: Sha256([1; 32]),
            text: (*text).to_owned(),
            by: "li\u{1b}[2Jn".to_owned(),
            key: String::new(),
            author: "li\u{1b}[2Jn".to_owned(),
            wall: 1_646_484_060_000,
        };
        Note {
            id: NoteId(4),
            operation: Sha256([2; 32]),
            texts: texts.iter().map(text).collect(),
            fields: NoteFields::default(),
            citations: Vec::new(),
            references: vec![(crate::model::DocumentId(1).into(), "a\u{202e}\".txt".to_owned())],
        }
    }

    #[test]
    fn names_of_files_are_only_names() {
        let check = |text: &str, expected: &str| assert_eq!(file_name(&note(&[text])), expected);
        check("\n青河 pays: 30万\nmore", "N4-青河-pays-30万.md");
        check("../../etc/passwd", "N4-etc-passwd.md");
        check("a\u{1b}[2J\u{202e}\0.exe", "N4-a-2J-exe.md");
        check("…", "N4.md");
        check(&"x".repeat(300), &format!("N4-{}.md", "x".repeat(NAME)));
    }

    #[test]
    fn a_note_with_two_texts_says_so_and_acts_on_no_terminal() {
        insta::assert_snapshot!(markdown(&note(&["mine \u{1b}]52;c;x\u{7}", "hers 青河"])).unwrap(), @r#"
        ---
        note: "N4"
        operation: "0202020202020202020202020202020202020202020202020202020202020202"
        author: "li\u001b[2Jn"
        changed: "2022-03-05T12:41Z"
        texts: 2
        kind: "note"
        names:
          - "D1 a\u202e\".txt"
        ---

        > Text 1 of 2, written at the same time as the others: li␛[2Jn, 2022-03-05 12:41 UTC

        mine ␛]52;c;x␇

        > Text 2 of 2, written at the same time as the others: li␛[2Jn, 2022-03-05 12:41 UTC

        hers 青河
        "#);
    }
}
