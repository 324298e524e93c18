//! The pseudo-JSON of the Black Basta log: braces around `timestamp:`, `chat_id:`,
//! `sender_alias:` and `message:`, nothing quoted, the message as many lines as it has.
//!
//! A message may hold braces and whole programs. So a record ends at a line `}` only where the
//! end of the file or another record follows; the looser reading, which ends at the first closing
//! brace, is counted beside it and reported where the two differ. Where the log is damaged, a record
//! with all its keys begins also where none has ended: it must not be lost in the message of
//! somebody else.

use super::lines::{Line, Lines};
use super::rest::Rest;
use super::roster::Roster;
use super::{Importer, source, stamp};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, MessageKind, Platform};
use crate::text::tally::counted;
use std::io::BufRead;

pub(super) const IMPORTER: Importer = Importer { id: "blackbasta-log", version: 2, sniff, import };

fn sniff(input: &mut Input) -> bool {
    let head = source::head(input);
    let bytes = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&head);
    if !bytes.trim_ascii_start().starts_with(b"{") && !bytes.trim_ascii_start().starts_with(b"[") {
        return false;
    }
    let head = String::from_utf8_lossy(&head);
    let mut lines =
        head.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|l| !l.is_empty());
    let mut lines = lines.by_ref().skip_while(|line| *line == "[").take(5);
    lines.next() == Some("{")
        && lines.next().is_some_and(|line| line.starts_with("timestamp:"))
        && lines.next().is_some_and(|line| line.starts_with("chat_id:"))
        && lines.next().is_some_and(|line| line.starts_with("sender_alias:"))
        && lines.next().is_some_and(|line| line.starts_with("message:"))
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    out.export(Export {
        platform: Platform::new("matrix"),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone: ZoneGuess::Assumed,
        assumptions: vec![
            "a record ends at a line `}` before the next record or the end of the file".to_owned(),
        ],
    })?;
    let mut lines = Lines::open(input, out)?;
    let mut log = Log::default();
    log.read(&mut lines, out)?;
    log.rest.finish(out)?;
    if log.loose != log.ordinal {
        out.warn(format!(
            "{} records by the strict reading (a closing brace before the next record), {} by \
             the looser one (every opening brace before a timestamp); the strict one is shown",
            log.ordinal, log.loose
        ))?;
    }
    if log.braced > 0 {
        out.warn(format!(
            "{} a closing brace; a reading that ends at the first one would cut them",
            counted(log.braced, "message holds", "messages hold")
        ))?;
    }
    Ok(())
}

/// Whether a record begins `ahead` lines from here, blank lines passed over; the end of the file
/// counts when `or_end`.
fn record_at<R: BufRead>(
    lines: &mut Lines<R>,
    mut ahead: usize,
    or_end: bool,
) -> Result<bool, Stop> {
    const MOST_BLANK: usize = 64;
    let first = ahead;
    loop {
        match lines.peek(ahead)? {
            None => return Ok(or_end),
            Some(line) if line.trim().is_empty() && ahead < first + MOST_BLANK => ahead += 1,
            // The bracket around all records is closed behind the last one.
            Some(line) if or_end && line.trim() == "]" => ahead += 1,
            Some(line) => {
                let opens = line.trim() == "{";
                return Ok(opens && lines.peek(ahead + 1)?.is_some_and(is_field));
            }
        }
    }
}

/// The lines of a record, in order.
const KEYS: [&str; 4] = ["timestamp:", "chat_id:", "sender_alias:", "message:"];

/// A line that a record begins with.
fn is_field(line: &str) -> bool {
    KEYS[..3].iter().any(|name| line.trim().starts_with(name))
}

/// Whether the lines of a record stand here one after the other, all from `timestamp:` on; where
/// its beginning is lost, those from `chat_id:` or `sender_alias:` on.
fn keys_at<R: BufRead>(lines: &mut Lines<R>, ahead: usize, whole: bool) -> Result<bool, Stop> {
    let Some(line) = lines.peek(ahead)? else { return Ok(false) };
    let first = KEYS[..3].iter().position(|key| line.trim().starts_with(key));
    let Some(first) = first.filter(|first| *first == 0 || !whole) else { return Ok(false) };
    for (at, key) in KEYS[first..].iter().enumerate().skip(1) {
        if !lines.peek(ahead + at)?.is_some_and(|line| line.trim().starts_with(key)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a record begins here that is whole enough to end the one before it.
fn begins_anew<R: BufRead>(lines: &mut Lines<R>) -> Result<bool, Stop> {
    Ok(match lines.peek(0)?.map(str::trim) {
        Some("{") => keys_at(lines, 1, true)?,
        Some(_) => keys_at(lines, 0, false)?,
        None => false,
    })
}

fn is_end(line: &str) -> bool {
    matches!(line.trim_end(), "}" | "},")
}

#[derive(Default)]
struct Log {
    roster: Roster,
    rest: Rest,
    ordinal: u64,
    /// Records by the looser reading.
    loose: u64,
    /// Messages with a line that begins with a closing brace.
    braced: u64,
}

impl Log {
    fn read<R: BufRead>(&mut self, lines: &mut Lines<R>, out: &mut Out) -> Result<(), Stop> {
        while lines.peek(0)?.is_some() {
            let opens = record_at(lines, 0, false)?
                && lines.peek(0)?.is_some_and(|line| line.trim() == "{");
            let headless = !opens && keys_at(lines, 0, false)?;
            if headless {
                let start = lines.start()?;
                out.warn(format!("the record at byte {start} has lost its beginning"))?;
                self.record(start, lines, out)?;
                continue;
            }
            let Some(line) = lines.next()? else { break };
            if opens {
                self.record(line.start, lines, out)?;
            } else if !matches!(line.text.trim(), "" | "[" | "]") {
                out.warn(format!("the line at byte {} belongs to no record", line.start))?;
                self.rest.line(out, &line.text)?;
            }
        }
        Ok(())
    }

    fn record<R: BufRead>(
        &mut self,
        start: u64,
        lines: &mut Lines<R>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        self.loose += 1;
        let mut end = start;
        let field = |lines: &mut Lines<R>, name: &str| -> Result<String, Stop> {
            match lines.peek(0)?.map(str::trim).and_then(|line| line.strip_prefix(name)) {
                Some(value) => {
                    let value = value.trim();
                    let value = value.strip_suffix(',').unwrap_or(value).to_owned();
                    lines.next()?;
                    Ok(value)
                }
                None => Ok(String::new()),
            }
        };
        let raw_time = field(lines, "timestamp:")?;
        let room = field(lines, "chat_id:")?;
        let sender = field(lines, "sender_alias:")?;
        let has_message = lines.peek(0)?.is_some_and(|line| line.trim_start().starts_with(KEYS[3]));
        let mut said: Vec<Line> = Vec::new();
        let mut closed = false;
        let mut braced = false;
        while let Some(line) = lines.peek(0)? {
            if is_end(line) && record_at(lines, 1, true)? {
                end = lines.next()?.map_or(end, |line| line.end);
                closed = true;
                break;
            }
            // The first line is the message's own.
            if !(said.is_empty() && has_message) && begins_anew(lines)? {
                break;
            }
            if record_at(lines, 0, false)? && lines.peek(0)?.is_some_and(|line| line.trim() == "{")
            {
                self.loose += 1;
            }
            let Some(line) = lines.next()? else { break };
            end = line.end;
            said.push(line);
        }
        let mut stray = Vec::new();
        if !closed && lines.peek(0)?.is_some() {
            // Another record follows: what stands behind the last brace is of neither.
            if let Some(last) = said.iter().rposition(|line| is_end(&line.text)) {
                stray = said.split_off(last + 1);
                end = said.pop().map_or(end, |line| line.end);
                closed = true;
            }
        }
        if !has_message && sender.is_empty() {
            out.warn(format!("the record at byte {start} is cut before its message; it is text"))?;
            for part in [&raw_time, &room].into_iter().filter(|part| !part.is_empty()) {
                self.rest.line(out, part)?;
            }
            stray = said.into_iter().chain(stray).collect();
            return self.leave(stray, out);
        }
        if !closed {
            out.warn(format!("the record at byte {start} has no end; what is there was read"))?;
        }
        let mut text = String::new();
        for (at, line) in said.iter().enumerate() {
            let part = match line.text.trim_start().strip_prefix(KEYS[3]) {
                Some(rest) if at == 0 => rest.strip_prefix(' ').unwrap_or(rest),
                _ => line.text.as_str(),
            };
            braced |= part.contains('}');
            if at > 0 {
                text.push('\n');
            }
            text.push_str(part);
        }
        self.braced += u64::from(braced);
        if !sender.is_empty() {
            self.roster.account(out, &sender, "")?;
        }
        self.roster
            .conversation(out, &room, || (ConversationKind::Unknown, String::new(), Vec::new()))?;
        let mut message = Message::new(&room, self.ordinal);
        self.ordinal += 1;
        message.time = stamp::iso(&raw_time);
        message.raw_time = raw_time;
        message.sender = Some(sender).filter(|sender| !sender.is_empty());
        message.kind = if text.trim().is_empty() { MessageKind::Empty } else { MessageKind::Text };
        message.text = text;
        message.span = lines.exact.then_some((start, end));
        out.message(message)?;
        self.leave(stray, out)
    }

    /// Lines that are of no record stay text.
    fn leave(&mut self, lines: Vec<Line>, out: &mut Out) -> Result<(), Stop> {
        for line in lines.into_iter().filter(|line| !line.text.trim().is_empty()) {
            out.warn(format!("the line at byte {} belongs to no record", line.start))?;
            self.rest.line(out, &line.text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{data, read, recognised};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_ends_where_the_next_one_begins() {
        let bytes = data("basta.txt");
        let read = read(&bytes);
        assert_eq!((read.importer, read.messages.len(), &read.stop), ("blackbasta-log", 4, &None));
        assert_eq!(read.messages[0].text, "look:\n```\nif (x) {\n  y();\n}\n{\n  z: 1\n}\n```");
        assert_eq!(read.messages[0].raw_time, "2023-09-18 13:35:07");
        assert_eq!(read.messages[0].time.map(|time| time.clock), Some(1_695_044_107));
        assert_eq!(read.messages[1].kind, MessageKind::Empty);
        assert_eq!(read.messages[2].text, "timestamp: not a record, nor is");
        assert_eq!(read.messages[3].text, "the last one is cut");
        assert_eq!(read.handles(), ["@lin:server.example", "@mara:server.example"]);
        assert_eq!(read.conversations.len(), 2);
        assert!(read.warnings.iter().any(|warning| warning.contains("has no end")));
        assert!(read.warnings.iter().any(|warning| warning.contains("closing brace")));
        for message in &read.messages[..3] {
            let (start, end) = message.span.unwrap();
            let record = std::str::from_utf8(&bytes[start as usize..end as usize]).unwrap();
            assert!(record.starts_with("{\n") && record.ends_with("}\n"), "{record}");
        }
    }

    #[test]
    fn the_looser_count_is_reported_where_it_differs() {
        let record = |text: &str| {
            format!(
                "{{\ntimestamp: 2023-09-18 13:35:07,\nchat_id: !r:s.example,\nsender_alias: @a:s.example,\nmessage: {text}\n}}\n"
            )
        };
        let quoted = read(record("he pasted\n{\ntimestamp: 2020-01-01 00:00:00,\nend"));
        assert_eq!(quoted.messages.len(), 1);
        assert!(
            quoted.warnings[0].contains("1 records by the strict reading")
                && quoted.warnings[0].contains("2 by")
        );
        assert!(read(record("plain")).warnings.is_empty());
        let commas = read(record("one").replace("}\n", "},\n") + &record("two"));
        assert_eq!(commas.texts(), ["one", "two"]);
        let list = format!("[\n{}{}]\n", record("one").replace("}\n", "},\n"), record("]\n}"));
        let list = read(list);
        assert_eq!((list.texts(), list.text.as_str()), (vec!["one", "]\n}"], ""));
        assert!(list.warnings.iter().all(|warning| warning.contains("closing brace")));
        assert_eq!(recognised(b"{\n\"timestamp\": 1\n}\n"), None);
        assert_eq!(recognised(b"{\ntimestamp: 1\n}\n"), None);
    }

    #[test]
    fn a_damaged_spot_takes_no_record_with_it() {
        let record = |text: &str| {
            format!(
                "{{\n  timestamp: 2023-09-18 13:35:07,\n  chat_id: !r:s.example,\n  sender_alias: @{text}:s.example,\n  message: {text}\n}}\n"
            )
        };
        let check = |damage: &str, expected: &[(&str, &str)], rest: &str| {
            let read = read(format!("{}{damage}{}", record("one"), record("two")));
            let said: Vec<(&str, &str)> = read
                .messages
                .iter()
                .map(|m| (m.sender.as_deref().unwrap_or(""), m.text.as_str()))
                .collect();
            assert_eq!((said, read.text.as_str()), (expected.to_vec(), rest), "{damage}");
            assert!(!read.warnings.is_empty(), "{damage}");
        };
        let (one, two) = (("@one:s.example", "one"), ("@two:s.example", "two"));
        check("--- page 2 ---\n", &[one, two], "--- page 2 ---\n");
        check(
            "{\n  timestamp: 2023-09-18 13:00:30,\n  chat_id: !r\n",
            &[one, two],
            "2023-09-18 13:00:30\n!r\n",
        );
        let cut = "{\n  timestamp: 2023-09-18 13:00:30,\n  chat_id: !r:s.example,\n  sender_alias: @cut:s.example,\n  message: cut here";
        let three = ("@cut:s.example", "cut here");
        check(&format!("{cut}\n"), &[one, three, two], "");
        // The next record has lost its brace to it, or half of itself.
        check(cut, &[one, ("@cut:s.example", "cut here{"), two], "");
        let half =
            "am\n  chat_id: !r:s.example,\n  sender_alias: @half:s.example,\n  message: rest\n}\n";
        check(
            &format!("{cut} 20{half}"),
            &[one, ("@cut:s.example", "cut here 20am"), ("@half:s.example", "rest"), two],
            "",
        );
    }

    proptest! {
        #[test]
        fn any_message_comes_back(texts in prop::collection::vec("[^\\p{C}\\p{Zl}\\p{Zp}]{1,20}(\n[^\\p{C}\\p{Zl}\\p{Zp}]{0,20}){0,3}", 1..6)) {
            let mut file = String::new();
            for text in &texts {
                file += &format!("{{\ntimestamp: 2023-09-18 13:35:07,\nchat_id: !r:s.example,\nsender_alias: @a:s.example,\nmessage: {text}\n}}\n");
            }
            let read = read(&file);
            prop_assert_eq!(read.texts(), texts);
        }
    }
}
