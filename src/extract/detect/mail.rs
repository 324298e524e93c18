//! Mail without a signature: a block of header lines, alone or behind an envelope line.

/// How much of a header proves a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// The name claims plain text: what only mail has.
    Strong,
    Usual,
    /// The name claims a mail, as a folder of mails names each: one field.
    Named,
}

/// `eml`, `emlx` or `mbox`, or `None`. `text` is the beginning of the file.
pub(super) fn kind(text: &str, needed: Proof) -> Option<&'static str> {
    // Line ends of the old Macintosh.
    let converted;
    let text = if text.contains('\r') && !text.contains('\n') {
        converted = text.replace('\r', "\n");
        &converted
    } else {
        text
    };
    let text = text.trim_start_matches(['\u{feff}', '\r', '\n', ' ', '\t']);
    let (first, rest) = text.split_once('\n')?;
    let first = first.trim_end();
    if let Some(envelope) = first.strip_prefix("From ") {
        let is_mbox =
            is_envelope(envelope) && (is_dated(envelope) || is_header(rest, Proof::Usual));
        if is_mbox {
            return Some("mbox");
        }
        // A line that says who and not when, as some programs write it above a single mail.
        let is_who = envelope.contains('@') && envelope.split_whitespace().count() == 1;
        let is_mail = is_who && is_header(rest, Proof::Usual);
        let is_first = ["\n\nFrom ", "\r\n\r\nFrom "].iter().any(|line| rest.contains(line));
        return is_mail.then_some(if is_first { "mbox" } else { "eml" });
    }
    // What a server answered, with a mail in it.
    if first.starts_with("HTTP/1.") {
        let ends = ["\n\n", "\n\r\n"].map(|end| rest.find(end));
        let end = ends.into_iter().flatten().min()?;
        return is_header(rest[end..].trim_start(), Proof::Strong).then_some("eml");
    }
    if !first.is_empty() && first.len() <= 12 && first.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_header(rest, Proof::Strong).then_some("emlx");
    }
    is_header(text, needed).then_some("eml")
}

/// `someone@example.com Mon Feb 19 08:05:00 2024`, or `- Mon ...` as Takeout writes it.
fn is_envelope(text: &str) -> bool {
    let has_time = text.split_whitespace().any(|word| {
        let mut parts = word.split(':');
        let number =
            |part: Option<&str>| part.is_some_and(|p| p.len() <= 2 && p.parse::<u8>().is_ok());
        number(parts.next()) && number(parts.next())
    });
    has_time && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Ends as C programs write a date: `Mon Feb 19 08:05:00 2024`. Nothing else follows a `From `.
fn is_dated(text: &str) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let day = words.iter().position(|word| DAYS.contains(word));
    day.is_some_and(|at| (1..=4).contains(&at) && words.len() >= at + 5)
}

/// Only mail has these.
const OF_MAIL: &[&str] = &[
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
    "x-mailer",
    "dkim-signature",
    "in-reply-to",
    "x-originating-ip",
    "content-transfer-encoding",
    "x-mozilla-status",
    "x-gm-thrid",
    "x-unsent",
    "arc-seal",
    "authentication-results",
    "envelope-to",
    "list-id",
    "x-priority",
    "thread-index",
    "user-agent",
    "x-received",
];

/// Mail has these, and so have memos.
const USUAL: &[&str] =
    &["from", "to", "subject", "date", "cc", "bcc", "reply-to", "sender", "content-type", "status"];

fn is_address(name: &str, value: &str) -> bool {
    let angle = value.trim_end().strip_suffix('>').and_then(|value| value.rsplit_once('<'));
    name == "from" && angle.is_some_and(|(_, address)| address.contains('@'))
}

/// Name and value of a line that has the form of a field.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name.len() <= 76
        && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    is_name.then_some((name, value))
}

/// Whether text begins with the header of a mail.
fn is_header(text: &str, needed: Proof) -> bool {
    let (mut proof, mut usual, mut other, mut skipped) = (0usize, 0usize, 0usize, 0usize);
    let mut lines = text.lines().take(200).peekable();
    // A quirk of some programs: an old mbox line `>From ` inside the header.
    while let Some(line) = lines.next() {
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if proof + usual + other == 0 {
                return false;
            }
            continue;
        }
        if line.starts_with(">From ") || line.starts_with("From ") {
            continue;
        }
        let Some((name, value)) = field(line) else {
            // A bad line among good ones: read on, and more proof is asked for.
            if skipped < 2 && lines.peek().is_some_and(|next| field(next).is_some()) {
                skipped += 1;
                continue;
            }
            // Broken headers: believed when enough of it was one.
            break;
        };
        let name = name.to_ascii_lowercase();
        if OF_MAIL.contains(&name.as_str()) {
            proof += 1;
        } else if USUAL.contains(&name.as_str()) {
            usual += 1;
            // `From: "Lin" <lin@example.com>`: a memo has names there.
            proof += usize::from(is_address(&name, value));
        } else {
            other += 1;
            // `key: value` files, YAML, logs.
            if proof + usual == 0 && other > 8 && !name.starts_with("x-") {
                return false;
            }
        }
    }
    let begins = text.lines().next().is_some_and(|first| field(first).is_some());
    let is_mail = match needed {
        // A sentence above it may be all that is a letter.
        _ if skipped > 0 && !begins => proof >= 2 && proof + usual >= 4,
        Proof::Usual if skipped > 0 => proof >= 1 && proof + usual >= 2,
        Proof::Strong => proof >= 1 && proof + usual >= 2,
        Proof::Usual => proof + usual >= 2 && (proof >= 1 || usual >= 3),
        Proof::Named => proof + usual >= 1,
    };
    is_mail || is_multipart(text)
}

/// A header may be as short as the kind of its parts: what proves it is the line between them.
fn is_multipart(text: &str) -> bool {
    let end = text.find("\n\n").or_else(|| text.find("\r\n\r\n"));
    let Some((head, parts)) = end.and_then(|at| text.split_at_checked(at)) else { return false };
    let head = head.to_ascii_lowercase();
    let Some((before, kind)) = head.split_once("content-type:") else { return false };
    if !(before.is_empty() || before.ends_with('\n'))
        || !kind.trim_start().starts_with("multipart/")
    {
        return false;
    }
    let Some((_, boundary)) = kind.split_once("boundary=") else { return false };
    let boundary = match boundary.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => boundary.split([';', ' ', '\t', '\r', '\n']).next(),
    };
    boundary.is_some_and(|boundary| {
        !boundary.is_empty()
            && parts.lines().any(|line| {
                line.strip_prefix("--")
                    .is_some_and(|line| line.trim_end().eq_ignore_ascii_case(boundary))
            })
    })
}
