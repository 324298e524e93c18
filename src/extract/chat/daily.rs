//! The logs by day that were made of the Black Basta log: `[2023-09-18 13:35:07] @user:server: text`,
//! the text as many lines as it has, below each message a rule of dashes. The rooms are left out
//! there, so all of it is one conversation.

use super::lines::Lines;
use super::rest::Rest;
use super::roster::Roster;
use super::table::is_matrix;
use super::{Importer, source, stamp};
use crate::extract::record::{Export, Message, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, MessageKind, Platform};
use std::io::BufRead;

pub(super) const IMPORTER: Importer =
    Importer { id: "matrix-daily-log", version: 1, sniff, import };

/// The conversation of all messages whose room nobody wrote down.
const KEY: &str = "rooms not told";

fn sniff(input: &mut Input) -> bool {
    let head = source::head(input);
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.trim_start_matches('\u{feff}').lines();
    lines.find(|line| !line.trim().is_empty()).is_some_and(|line| opening(line).is_some())
        && lines.any(is_rule)
}

fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 10 && line.bytes().all(|byte| byte == b'-')
}

/// Stamp, sender and the first line of the text.
fn opening(line: &str) -> Option<(&str, &str, &str)> {
    let (time, rest) = line.strip_prefix('[')?.split_once("] ")?;
    stamp::iso(time)?;
    let (sender, text) =
        rest.split_once(": ").or_else(|| Some((rest.trim_end().strip_suffix(':')?, "")))?;
    (is_matrix(sender) && !sender.contains(char::is_whitespace)).then_some((time, sender, text))
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    out.export(Export {
        platform: Platform::new("matrix"),
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        zone: ZoneGuess::Assumed,
        assumptions: vec![
            "a message ends at a rule before the next message or the end of the file".to_owned(),
            "the rooms are not told: all is one conversation".to_owned(),
        ],
    })?;
    let mut lines = Lines::open(input, out)?;
    let mut roster = Roster::default();
    let mut rest = Rest::default();
    let mut ordinal = 0;
    roster.conversation(out, KEY, || (ConversationKind::Unknown, KEY.to_owned(), Vec::new()))?;
    while let Some(line) = lines.next()? {
        let Some((raw_time, sender, first)) = opening(&line.text) else {
            if !line.text.trim().is_empty() {
                out.warn(format!("the line at byte {} belongs to no message", line.start))?;
                rest.line(out, &line.text)?;
            }
            continue;
        };
        let mut text = first.to_owned();
        let mut end = line.end;
        while !ends(&mut lines)? {
            let Some(more) = lines.next()? else { break };
            text.push('\n');
            text.push_str(&more.text);
            end = more.end;
        }
        if let Some(rule) = lines.next()? {
            end = rule.end;
        }
        roster.account(out, sender, "")?;
        let mut message = Message::new(KEY, ordinal);
        ordinal += 1;
        message.time = stamp::iso(raw_time);
        message.raw_time = raw_time.to_owned();
        message.sender = Some(sender.to_owned());
        message.kind = if text.trim().is_empty() { MessageKind::Empty } else { MessageKind::Text };
        message.text = text;
        message.span = lines.exact.then_some((line.start, end));
        out.message(message)?;
    }
    rest.finish(out)
}

/// Whether the rule that ends a message comes next (or the end of the file).
fn ends<R: BufRead>(lines: &mut Lines<R>) -> Result<bool, Stop> {
    match lines.peek(0)? {
        None => return Ok(true),
        Some(line) if !is_rule(line) => return Ok(false),
        Some(_) => {}
    }
    const MOST_BLANK: usize = 64;
    for ahead in 1..=MOST_BLANK {
        match lines.peek(ahead)? {
            None => return Ok(true),
            Some(line) if line.trim().is_empty() => {}
            Some(line) => return Ok(opening(line).is_some()),
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, recognised};
    use super::*;

    #[test]
    fn a_message_ends_at_the_rule_before_the_next_one() {
        let file = "[2023-09-18 13:35:07] @lin:s.example: one\n--------------------\n\
            [2023-09-18 13:36:07] @mara:s.example: two: a\n\n--\n--------------------\n> below\n\
            --------------------\n[2023-09-18 13:37:07] @lin:s.example: \n--------------------\n";
        let read = read(file);
        assert_eq!(
            (read.importer, read.export().platform.0.as_str()),
            ("matrix-daily-log", "matrix")
        );
        assert_eq!(read.texts(), ["one", "two: a\n\n--\n--------------------\n> below", ""]);
        assert_eq!(read.messages[2].kind, MessageKind::Empty);
        assert_eq!(read.handles(), ["@lin:s.example", "@mara:s.example"]);
        assert_eq!((read.text.as_str(), read.warnings.len()), ("", 0));
        let (start, end) = read.messages[1].span.unwrap();
        let record = &file[start as usize..end as usize];
        assert!(record.starts_with("[2023-09-18 13:36:07]") && record.ends_with("-\n"), "{record}");
    }

    #[test]
    fn logs_without_accounts_or_rules_are_none() {
        for other in [
            "[2023-09-18 13:35:07] @lin:s.example: one\n",
            "[2023-09-18 13:35:07] INFO: started\n--------------------\n",
            "[2023-09-18] @lin:s.example: one\n--------------------\n",
        ] {
            assert_eq!(recognised(other.as_bytes()), None, "{other}");
        }
    }
}
