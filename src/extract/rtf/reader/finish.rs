//! What the end of a group does: boxes, fields, metadata, pictures and objects go out.

use super::{Closes, Place, Reader, Target};
use crate::extract::office::children::embedded;
use crate::extract::office::ole::ole10;
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::ooxml::address_in;
use crate::extract::{Key, Out, Stop};
use crate::model::PartKind;

impl Reader {
    pub(super) fn close(&mut self, out: &mut Out) -> Result<(), Stop> {
        let Some(outer) = self.stack.pop() else { return Ok(()) };
        let state = std::mem::replace(&mut self.state, outer);
        match state.closes {
            Closes::Nothing => {}
            Closes::Box(kind) => {
                let mut target = self.targets.pop().unwrap_or_default();
                if self.targets.is_empty() {
                    self.targets.push(Target::default());
                }
                target.lines.push(target.line);
                self.write_box(kind, target.lines, out)?;
            }
            Closes::Field => {
                if let Some((instruction, start)) = self.fields.pop()
                    && let Some(address) = address_in(&instruction)
                {
                    let shown = self.targets.last().and_then(|t| t.line.get(start..));
                    self.links.push((address, shown.unwrap_or_default().to_owned()));
                }
            }
            Closes::Buffer => {
                let text = std::mem::take(&mut self.buffer);
                self.buffered(&state.place, text, out)?;
            }
        }
        Ok(())
    }

    fn write_box(&mut self, kind: PartKind, lines: Vec<String>, out: &mut Out) -> Result<(), Stop> {
        let full = lines.iter().any(|line| !line.trim().is_empty());
        if !full {
            return Ok(());
        }
        let middle = self.targets.last().is_some_and(|t| !t.line.is_empty())
            || self.story.in_table()
            || self.targets.len() > 1;
        if kind == PartKind::Comment {
            let author = std::mem::take(&mut self.author);
            if !middle {
                return write_comment(out, &author, "", &lines.join("\n"));
            }
            let mut with_head = vec![author.clone()];
            with_head.extend(lines);
            self.story.beside(kind, &author, with_head);
        } else if middle {
            self.story.beside(kind, "", lines);
        } else {
            write_lines(out, kind, "", &lines)?;
            self.story.interrupted();
        }
        Ok(())
    }

    fn buffered(&mut self, place: &Place, text: String, out: &mut Out) -> Result<(), Stop> {
        match place {
            Place::Info(word) => {
                let key = match word.as_str() {
                    "title" => Key::Title,
                    "subject" => Key::Subject,
                    "author" => Key::Author,
                    "operator" => Key::LastModifiedBy,
                    "manager" => Key::Manager,
                    "company" => Key::Company,
                    "keywords" => Key::Keywords,
                    "doccomm" | "comment" => Key::Description,
                    other => Key::Other(other.to_owned()),
                };
                out.meta(key, &text)
            }
            Place::Date(word) => {
                let [year, month, day, hour, minute, second] = self.dates;
                let plausible = (1970..=9999).contains(&year)
                    && (1..=12).contains(&month)
                    && (1..=31).contains(&day);
                if !plausible {
                    return Ok(());
                }
                let key = match word.as_str() {
                    "creatim" => Key::Created,
                    "revtim" => Key::Modified,
                    _ => Key::Printed,
                };
                let value =
                    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
                out.meta(key, &value)
            }
            Place::PropertyName => {
                self.property = text;
                Ok(())
            }
            Place::PropertyValue => {
                let name = std::mem::take(&mut self.property);
                if name.is_empty() { Ok(()) } else { out.meta(Key::Other(name), &text) }
            }
            Place::Author => {
                self.author = text;
                Ok(())
            }
            Place::Picture => {
                let kind = self.picture.take().unwrap_or("bin");
                let bytes = hex(&text);
                let ordinal = self.pictures;
                self.pictures += 1;
                embedded(out, &format!("image{}.{kind}", ordinal + 1), ordinal, &bytes)
            }
            Place::Object => {
                let ordinal = self.pictures;
                self.pictures += 1;
                match object(&hex(&text)) {
                    Some((name, bytes)) => embedded(out, &name, ordinal, &bytes),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.bytes().filter_map(|b| char::from(b).to_digit(16).map(|d| d as u8)).collect();
    digits.as_chunks::<2>().0.iter().map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The file in an `\objdata`: class, topic and item names, then the data.
fn object(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let int = |at: usize| -> Option<usize> {
        Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
    };
    let mut at = 8;
    let mut class = String::new();
    for number in 0..3 {
        let length = int(at)?;
        let name = bytes.get(at + 4..(at + 4).checked_add(length)?)?;
        if number == 0 {
            class = String::from_utf8_lossy(name).trim_end_matches('\0').to_owned();
        }
        at += 4 + length;
    }
    let size = int(at)?;
    let end = (at + 4).checked_add(size)?.min(bytes.len());
    let data = bytes.get(at + 4..end)?;
    if class == "Package" {
        let mut with_size = (data.len() as u32).to_le_bytes().to_vec();
        with_size.extend(data);
        return ole10(&with_size);
    }
    Some((class, data.to_vec()))
}
