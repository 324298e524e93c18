//! Mail folders in one file: every message is a document of its own, with exactly its bytes.
//!
//! Four dialects exist (mboxo, mboxrd, mboxcl, mboxcl2). They differ in how a line `From ` inside
//! of a message is told from the line between messages: by a `>` in front of it, or by a
//! `Content-Length` field. Both are honoured; a line `From ` counts as a border only when a
//! header follows it. A folder of any size is read in two passes without being held in memory.
//!
//! A message is a stretch of the folder, byte for byte, so that its hash is proven by the folder
//! alone: `verify` cuts it out again and compares. Therefore a line `>From ` keeps its `>`, in the
//! bytes and in the text. mboxrd could be told to have put it there, mboxo could not: there a
//! writer who typed `>From ` himself has the same line, and nothing in a folder says which dialect
//! it is. The words behind the sign are found either way.

use super::mail::header;
use super::record::{Child, ChildRole};
use super::{Input, Out, Stop};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// Longer lines are looked at in pieces of this many bytes.
const LINE: u64 = 64 * 1024;
/// Most characters of a subject in a name.
const SUBJECT: usize = 80;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut file = BufReader::new(input.reader()?);
    let mut scan = Scan::new(&mut file)?;
    // Both passes run side by side: the second one seeks back to where the first one was.
    let mut ordinal = 0;
    while let Some(message) = scan.next_message(&mut file)? {
        let at = file.stream_position()?;
        file.seek(SeekFrom::Start(message.start))?;
        let size = message.end - message.start;
        let child = Child {
            name: name(ordinal, &message.subject),
            raw_name: None,
            ordinal,
            role: ChildRole::Mail,
            modified: message.date,
            claimed_size: Some(size),
        };
        out.child(child, &mut (&mut file).take(size))?;
        file.seek(SeekFrom::Start(at))?;
        ordinal += 1;
    }
    if ordinal == 0 {
        return Err(Stop::failed("no message in this folder"));
    }
    Ok(())
}

/// `0001 Subject.eml`
fn name(ordinal: u64, subject: &[u8]) -> String {
    let subject = header::decode(subject, None);
    let subject: String = subject
        .chars()
        .map(|c| if matches!(c, '/' | '\\') || c.is_control() { '_' } else { c })
        .take(SUBJECT)
        .collect();
    match subject.trim() {
        "" => format!("{:04}.eml", ordinal + 1),
        subject => format!("{:04} {subject}.eml", ordinal + 1),
    }
}

/// A message in the file, in bytes from its start.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    start: u64,
    end: u64,
    /// The field's value, still folded and encoded.
    subject: Vec<u8>,
    /// When the line in front of it says that it came.
    date: Option<String>,
}

/// Finds messages one after the other.
struct Scan {
    /// Where the next message begins; `None` at the end.
    start: Option<u64>,
    /// What the line in front of it says about when.
    date: Option<String>,
}

impl Scan {
    /// Positions `file` behind the first border; what stands in front of it is no message.
    fn new(file: &mut (impl BufRead + Seek)) -> io::Result<Scan> {
        let mut line = Vec::new();
        loop {
            let at = file.stream_position()?;
            if !read_line(file, &mut line)? {
                return Ok(Scan { start: None, date: None });
            }
            if line.starts_with(b"From ") || line.starts_with(b"\xef\xbb\xbfFrom ") {
                return Ok(Scan { start: Some(at + line.len() as u64), date: date_of(&line) });
            }
        }
    }

    fn next_message(&mut self, file: &mut (impl BufRead + Seek)) -> io::Result<Option<Message>> {
        let Some(start) = self.start else { return Ok(None) };
        let date = self.date.take();
        let head = Head::read(file)?;
        if let Some(length) = head.length {
            let body = file.stream_position()?;
            if let Some(end) = self.by_length(file, body, length)? {
                return Ok(Some(Message { start, end, subject: head.subject, date }));
            }
            file.seek(SeekFrom::Start(body))?;
        }
        let mut line = Vec::new();
        let mut at = file.stream_position()?;
        // Length of the blank line before the current one, if it was blank.
        let mut blank = (at == start).then_some(0);
        loop {
            if !read_line(file, &mut line)? {
                self.start = None;
                let end = at - blank.unwrap_or(0);
                let end = end.max(start);
                return Ok(Some(Message { start, end, subject: head.subject, date }));
            }
            let after = at + line.len() as u64;
            if line.starts_with(b"From ") && is_border(file, &line, blank.is_some())? {
                self.start = Some(after);
                self.date = date_of(&line);
                let end = at - blank.unwrap_or(0);
                let end = end.max(start);
                return Ok(Some(Message { start, end, subject: head.subject, date }));
            }
            blank = matches!(line.as_slice(), b"\n" | b"\r\n").then_some(line.len() as u64);
            at = after;
        }
    }

    /// The end of a message by its stated length, if a border or the end of the file stands there.
    fn by_length(
        &mut self,
        file: &mut (impl BufRead + Seek),
        body: u64,
        length: u64,
    ) -> io::Result<Option<u64>> {
        let Some(end) = body.checked_add(length) else { return Ok(None) };
        let size = file.seek(SeekFrom::End(0))?;
        if end > size {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(end))?;
        let mut line = Vec::new();
        let mut at = end;
        while read_line(file, &mut line)? {
            at += line.len() as u64;
            if line.starts_with(b"From ") {
                self.start = Some(at);
                self.date = date_of(&line);
                return Ok(Some(end));
            }
            if !line.trim_ascii().is_empty() {
                return Ok(None);
            }
        }
        self.start = None;
        Ok(Some(end))
    }
}

/// What the header of a message says that matters here.
#[derive(Default)]
struct Head {
    subject: Vec<u8>,
    length: Option<u64>,
}

impl Head {
    /// Reads up to the empty line (or the end).
    fn read(file: &mut impl BufRead) -> io::Result<Head> {
        let mut head = Head::default();
        let mut line = Vec::new();
        let mut in_subject = false;
        while read_line(file, &mut line)? && !line.trim_ascii().is_empty() {
            if matches!(line[0], b' ' | b'\t') {
                if in_subject && head.subject.len() < 4096 {
                    head.subject.extend_from_slice(&line);
                }
                continue;
            }
            in_subject = false;
            if let Some(value) = field(&line, b"subject:") {
                in_subject = head.subject.is_empty();
                if in_subject {
                    head.subject = value.to_vec();
                }
            } else if let Some(value) = field(&line, b"content-length:") {
                head.length =
                    std::str::from_utf8(value).ok().and_then(|value| value.trim().parse().ok());
            }
        }
        Ok(head)
    }
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(value)
}

/// The next line with its end, or a piece of a very long one; `false` at the end of the file.
fn read_line(file: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    Ok(file.take(LINE).read_until(b'\n', line)? > 0)
}

/// Whether the line looks like the one that mail programs write: it ends with a clock and a year.
fn has_date(line: &[u8]) -> bool {
    let words: Vec<&[u8]> =
        line.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty()).collect();
    let is_clock =
        |word: &&&[u8]| word.len() >= 5 && word[0].is_ascii_digit() && word.contains(&b':');
    let is_year = |word: &&&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    words.len() >= 5 && words.iter().any(|w| is_clock(&w)) && words.iter().any(|w| is_year(&w))
}

/// The date of a line between messages as C programs write it (`Mon Feb 19 08:05:00 2024`, with an
/// offset in some), as RFC 3339. What writes it differs in whether it is UTC: without an offset
/// none is claimed.
fn date_of(line: &[u8]) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let line = std::str::from_utf8(line).ok()?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let (at, month) = words.iter().enumerate().skip(1).rev().find_map(|(at, word)| {
        MONTHS.iter().position(|month| month == word).map(|month| (at, month + 1))
    })?;
    let day: u8 = words.get(at + 1)?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let mut clock = words.get(at + 2)?.split(':').map(|part| part.parse::<u8>().ok());
    let (hour, minute) = (clock.next()??, clock.next()??);
    let second = clock.next().flatten().unwrap_or(0);
    let rest = &words[at + 3..];
    let year =
        rest.iter().find(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let offset = rest.iter().find_map(|word| {
        let sign = word.get(..1).filter(|sign| matches!(*sign, "+" | "-"))?;
        let digits = &word[1..];
        (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| format!("{sign}{}:{}", &digits[..2], &digits[2..]))
    });
    (hour < 24 && minute < 60).then(|| {
        let offset = offset.unwrap_or_default();
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}")
    })
}

/// Fields that a message may begin with. After a line `From ` that says neither when nor who,
/// only they tell a border from a sentence.
const FIRST_FIELDS: [&str; 14] = [
    "return-path",
    "received",
    "delivered-to",
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "reply-to",
    "sender",
    "status",
];

/// Whether a line `From ` stands between two messages, judged by what it says and by the line
/// that follows, which is not read.
fn is_border(file: &mut impl BufRead, line: &[u8], after_blank: bool) -> io::Result<bool> {
    let dated = has_date(line);
    // Netscape and Thunderbird write nothing but this.
    let is_dash = line.trim_ascii_end() == b"From -";
    if !(after_blank || dated || is_dash) {
        return Ok(false);
    }
    let rest = file.fill_buf()?;
    let next = rest.split(|&byte| byte == b'\n').next().unwrap_or(rest);
    if next.starts_with(b">From ") {
        return Ok(true);
    }
    if next.trim_ascii().is_empty() {
        // A message without any header, or the end.
        return Ok(dated);
    }
    let Some(colon) = next.iter().position(|&byte| byte == b':') else { return Ok(false) };
    let name = next[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let is_known = || {
        let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
        lower.starts_with("x-") || FIRST_FIELDS.contains(&lower.as_str())
    };
    Ok(is_name && (dated || line.contains(&b'@') || is_known()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each message as it stands in the file.
    fn messages(folder: &str) -> Vec<String> {
        let mut file = io::Cursor::new(folder.as_bytes());
        let mut scan = Scan::new(&mut file).expect("in memory");
        let mut all = Vec::new();
        while let Some(message) = scan.next_message(&mut file).expect("in memory") {
            all.push(folder[message.start as usize..message.end as usize].to_owned());
        }
        all
    }

    #[test]
    fn messages_are_cut_exactly() {
        let check = |folder: &str, expected: &[&str]| {
            assert_eq!(messages(folder), expected, "{folder:?}");
        };
        check(
            "From a Tue\nA: 1\n\none\n\nFrom b@c Tue\nB: 2\n\ntwo\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n"],
        );
        check(
            "From a\r\nA: 1\r\n\r\none\r\n\r\nFrom b@c\r\nB: 2\r\n\r\n",
            &["A: 1\r\n\r\none\r\n", "B: 2\r\n\r\n"],
        );
        // Words of a letter, quoted or not.
        check("From a\nA: 1\n\nx\n>From b\nB: 2\n", &["A: 1\n\nx\n>From b\nB: 2\n"]);
        check(
            "From a\nA: 1\n\nx\n\nFrom now on we meet here\n",
            &["A: 1\n\nx\n\nFrom now on we meet here\n"],
        );
        check("From a\nA: 1\n\nx\nFrom now on: this\n", &["A: 1\n\nx\nFrom now on: this\n"]);
        check(
            "From a\nA: 1\n\nx\n\nFrom Russia with love\nYear: 1963\n",
            &["A: 1\n\nx\n\nFrom Russia with love\nYear: 1963\n"],
        );
        check("From -\nA: 1\n\nx\nFrom - \nTo: b\n\ny\n", &["A: 1\n\nx\n", "To: b\n\ny\n"]);
        // No empty line between messages, but a date.
        check(
            "From a\nA: 1\n\nx\nFrom b@c Fri Jul  8 12:08:34 2011\nB: 2\n\ny\n",
            &["A: 1\n\nx\n", "B: 2\n\ny\n"],
        );
        let bare =
            "From a Mon Jun 01 10:00:00 2009\n\none\n\nFrom b Mon Jun 01 10:00:00 2009\n\ntwo";
        check(bare, &["\none\n", "\ntwo"]);
        check("From a\n", &[""]);
        check("no folder\n", &[]);
    }

    #[test]
    fn lines_between_messages_say_when() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(date_of(line.as_bytes()).as_deref(), expected, "{line}");
        };
        check("From ann@x Mon Feb 19 08:05:00 2024\n", Some("2024-02-19T08:05:00"));
        check("From - Mon Feb  9 08:05 2024\r\n", Some("2024-02-09T08:05:00"));
        check("From 17@xxx Mon Feb 19 08:05:00 +0100 2024\n", Some("2024-02-19T08:05:00+01:00"));
        check("From a Mon Feb 19 08:05:00 2024 -0500\n", Some("2024-02-19T08:05:00-05:00"));
        check("From ann@x\n", None);
        check("From Mon Feb 39 08:05:00 2024\n", None);
        let mut file = io::Cursor::new(
            b"From a Mon Feb 19 08:05:00 2024\nA: 1\n\nx\n\nFrom b\nTo: b\n\ny\n".as_slice(),
        );
        let mut scan = Scan::new(&mut file).unwrap();
        let mut date = || scan.next_message(&mut file).unwrap().unwrap().date;
        assert_eq!((date().as_deref(), date()), (Some("2024-02-19T08:05:00"), None));
    }

    #[test]
    fn stated_lengths_are_honoured_when_they_fit() {
        let check = |folder: &str, expected: &[&str]| {
            assert_eq!(messages(folder), expected, "{folder:?}");
        };
        check(
            "From a\nContent-Length: 16\n\nFrom b\nB: 2\n\nx\n\n\nFrom c\nC: 3\n\ny\n",
            &["Content-Length: 16\n\nFrom b\nB: 2\n\nx\n\n", "C: 3\n\ny\n"],
        );
        check(
            "From a\nContent-Length: 99\n\nx\n\nFrom c@d\nC: 3\n\ny\n",
            &["Content-Length: 99\n\nx\n", "C: 3\n\ny\n"],
        );
    }

    #[test]
    fn names_say_number_and_subject() {
        assert_eq!(name(0, b" =?utf-8?B?5ZCI5ZCM?="), "0001 合同.eml");
        assert_eq!(name(41, b" a/b\\c"), "0042 a_b_c.eml");
        assert_eq!(name(1, b""), "0002.eml");
    }

    proptest::proptest! {
        #[test]
        fn no_folder_panics(folder in "(From |From a b c 1:2:3 2011|A: 1|Content-Length: 9|\\n|x){0,30}") {
            messages(&folder);
        }
    }
}
