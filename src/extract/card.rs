//! vCards and calendars (RFC 6350, RFC 5545, vCard 2.1): the lines that were folded are whole again,
//! values are the characters that they stand for, and pictures come out as files. Otherwise the text
//! is what the file says, a property a line: whoever looks for a name or a number finds it, and
//! sees what it is the name or number of.

use super::encoding::{self, TextReader};
use super::mail::transfer;
use super::office::children;
use super::text::LineEnds;
use super::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};

/// What a text is by its first line: `vcf` or `ics`.
pub fn kind(text: &str) -> Option<&'static str> {
    let first = text.trim_start().lines().next()?.trim_end();
    let is = |word: &str| first.eq_ignore_ascii_case(word);
    match () {
        () if is("BEGIN:VCARD") => Some("vcf"),
        () if is("BEGIN:VCALENDAR") => Some("ics"),
        () => None,
    }
}

/// A line that is folded longer than this is given out in pieces.
const LONGEST: usize = 32 << 20;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut text = TextReader::open(input, None)?;
    text.announce(out)?;
    out.part(PartKind::Body, Wrap::Lines)?;
    let mut card = Card::default();
    let mut ends = LineEnds::default();
    // The last line of a piece goes on in the next one.
    let mut open = String::new();
    while let Some(piece) = text.piece()? {
        open.push_str(&ends.clean(piece));
        let mut begin = 0;
        while let Some(length) = open[begin..].find('\n') {
            card.physical(&open[begin..begin + length], out)?;
            begin += length + 1;
        }
        open.drain(..begin);
        if open.len() > LONGEST {
            card.physical(&std::mem::take(&mut open), out)?;
        }
    }
    card.physical(&open, out)?;
    card.flush(out)?;
    text.conclude(out)
}

/// What was read of a card so far.
#[derive(Default)]
struct Card {
    /// A line, unfolded as far as it was read.
    line: String,
    /// Cards of version 2.1 fold between words, and the blank stays.
    keeps_blank: bool,
    pictures: u64,
}

impl Card {
    fn physical(&mut self, line: &str, out: &mut Out) -> Result<(), Stop> {
        let is_quoted = self.line.ends_with('=') && Property::of(&self.line).is_quoted;
        if self.line.len() > LONGEST {
            self.flush(out)?;
        } else if is_quoted {
            self.line.pop();
            self.line.push_str(line);
            return Ok(());
        } else if let Some(rest) = line.strip_prefix([' ', '\t'])
            && !self.line.is_empty()
        {
            // Base64 is indented in 2.1 as well; no blank means anything in it.
            self.line.push_str(if self.keeps_blank { line } else { rest });
            return Ok(());
        }
        self.flush(out)?;
        self.line.push_str(line);
        Ok(())
    }

    /// Writes the line that is whole now.
    fn flush(&mut self, out: &mut Out) -> Result<(), Stop> {
        let line = std::mem::take(&mut self.line);
        let trimmed = line.trim_end();
        if trimmed.is_empty() {
            return Ok(());
        }
        if trimmed.to_ascii_uppercase().starts_with("VERSION:") {
            self.keeps_blank = trimmed.ends_with(":2.1");
        }
        let property = Property::of(trimmed);
        if let Some(bytes) = property.picture() {
            self.pictures += 1;
            let name = format!("picture-{}.{}", self.pictures, property.extension());
            children::embedded(out, &name, self.pictures, &bytes)?;
            return out.line(&format!("{}:[{name}]", property.head()));
        }
        match property.value {
            Some(_) => out.line(&format!("{}:{}", property.head(), property.text())),
            None => out.line(trimmed),
        }
    }
}

/// `TEL;TYPE=CELL:+8613800000000`
struct Property<'a> {
    /// The name, in a group or not, and what is said about it but for how it is written.
    head: Vec<&'a str>,
    value: Option<&'a str>,
    charset: Option<&'a str>,
    is_quoted: bool,
    is_base64: bool,
}

impl<'a> Property<'a> {
    fn of(line: &'a str) -> Property<'a> {
        let mut is_in_quotes = false;
        let colon = line.find(|c| {
            is_in_quotes ^= c == '"';
            c == ':' && !is_in_quotes
        });
        let (head, value) = match colon {
            Some(at) => (&line[..at], Some(&line[at + 1..])),
            None => (line, None),
        };
        let mut property =
            Property { head: Vec::new(), value, charset: None, is_quoted: false, is_base64: false };
        for (at, word) in head.split(';').enumerate() {
            let (key, set) = word.split_once('=').unwrap_or((word, word));
            let (key, set) = (key.to_ascii_uppercase(), set.to_ascii_uppercase());
            match (key.as_str(), set.as_str()) {
                _ if at == 0 || value.is_none() => property.head.push(word),
                ("ENCODING" | "QUOTED-PRINTABLE", "QUOTED-PRINTABLE" | "Q") => {
                    property.is_quoted = true;
                }
                ("ENCODING" | "BASE64" | "B", "BASE64" | "B") => property.is_base64 = true,
                ("ENCODING", "8BIT" | "7BIT") => {}
                ("CHARSET", _) => property.charset = word.split_once('=').map(|(_, set)| set),
                _ => property.head.push(word),
            }
        }
        property
    }

    fn head(&self) -> String {
        self.head.join(";")
    }

    /// The bytes of a picture, a sound or a key.
    fn picture(&self) -> Option<Vec<u8>> {
        let value = self.value?;
        let encoded = match value.strip_prefix("data:").and_then(|data| data.split_once(";base64,"))
        {
            Some((_, encoded)) => encoded,
            None if self.is_base64 => value,
            None => return None,
        };
        Some(transfer::base64(encoded.as_bytes())).filter(|bytes| !bytes.is_empty())
    }

    fn extension(&self) -> &'static str {
        let said = self.head.iter().skip(1).chain(self.value.iter()).map(|word| {
            let end = word.char_indices().nth(40).map_or(word.len(), |(at, _)| at);
            word[..end].to_ascii_uppercase()
        });
        let said: Vec<String> = said.collect();
        let says = |kind: &str| said.iter().any(|word| word.contains(kind));
        match () {
            () if says("PNG") => "png",
            () if says("GIF") => "gif",
            () if says("JPEG") || says("JPG") => "jpg",
            () => "bin",
        }
    }

    /// The value as the characters that it stands for.
    fn text(&self) -> String {
        let value = self.value.unwrap_or_default();
        if self.is_quoted {
            let bytes = transfer::quoted_printable(value.as_bytes());
            return unescaped(&encoding::decode(&bytes, self.charset).text);
        }
        unescaped(value)
    }
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(c @ (',' | ';' | ':' | '\\')) => text.push(c),
                Some(c) => text.extend(['\\', c]),
                None => text.push('\\'),
            },
            '\r' => {}
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::collect::collect;

    fn check(file: &str, expected: &str) {
        assert_eq!(collect(file.as_bytes(), "x").text, expected);
    }

    #[test]
    fn what_was_folded_is_whole_and_what_was_encoded_is_text() {
        check(
            "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9E=97;=E4=B9=\r\n=8B\r\n\
             FN;CHARSET=GBK;QUOTED-PRINTABLE:=C1=D6=D6=AE\r\nADR;WORK:;;12 Long\r\n Street\r\n\
             TEL;CELL;PREF:+8613800000000\r\nEND:VCARD\r\n",
            "BEGIN:VCARD\nVERSION:2.1\nN:林;之\nFN:林之\nADR;WORK:;;12 Long Street\n\
             TEL;CELL;PREF:+8613800000000\nEND:VCARD\n",
        );
        check(
            "BEGIN:VCARD\nVERSION:3.0\nitem1.EMAIL;TYPE=\"a:b\":lin@exa\n mple.org\nNOTE:一\\, 二\\n三\\x\n END\nEND:VCARD",
            "BEGIN:VCARD\nVERSION:3.0\nitem1.EMAIL;TYPE=\"a:b\":lin@example.org\nNOTE:一, 二\n三\\xEND\nEND:VCARD\n",
        );
        check(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:青河会\r\n 议\r\nDTSTART;TZID=Asia/Shanghai:20220305T120000\r\n\
             no colon at all\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:青河会议\nDTSTART;TZID=Asia/Shanghai:20220305T120000\n\
             no colon at all\nEND:VEVENT\nEND:VCALENDAR\n",
        );
    }

    #[test]
    fn pictures_are_files_of_their_own() {
        let card = "BEGIN:VCARD\nVERSION:2.1\nPHOTO;ENCODING=BASE64;JPEG:/9j/\n 4AAQ\n\nFN:林\n\
                    LOGO:data:image/png;base64,iVBORw0KGgo=\nEND:VCARD\n";
        let all = collect(card.as_bytes(), "x.vcf");
        let expected = "PHOTO;JPEG:[picture-1.jpg]\nFN:林\nLOGO:[picture-2.png]\n";
        assert!(all.text.contains(expected), "{}", all.text);
        let children: Vec<(&str, &[u8])> = all
            .children
            .iter()
            .map(|one| (one.child.name.as_str(), one.bytes.as_slice()))
            .collect();
        let expected: [(&str, &[u8]); 2] = [
            ("picture-1.jpg", b"\xff\xd8\xff\xe0\x00\x10"),
            ("picture-2.png", b"\x89PNG\r\n\x1a\n"),
        ];
        assert_eq!(children, expected);
    }

    #[test]
    fn files_are_told_by_their_first_line() {
        assert_eq!(kind("\r\nbegin:vcard\r\nVERSION"), Some("vcf"));
        assert_eq!(kind("BEGIN:VCALENDAR \n"), Some("ics"));
        assert_eq!(kind("BEGIN:VCARDS\n"), None);
    }
}
