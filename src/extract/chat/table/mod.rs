//! Tables that are chats: Markdown, HTML and CSV with a time, a sender, a recipient and a message
//! in every row. The I-Soon logs are of this kind.
//!
//! A row whose message is empty is a message without text (`empty`), not one with media: in those
//! logs it was a picture, a sticker or a call, but the export does not mark which, nor that it was
//! any. Only what a row names (a file, a picture, a kind) is media.

pub(super) mod columns;
mod grid;
mod markup;

#[cfg(test)]
mod tests;

use super::rest::Rest;
use super::roster::{Roster, group_key, pair_key};
use super::{Importer, decode, xmpp, zone};
use crate::extract::record::{Export, Message};
use crate::extract::{Input, Out, Stop};
use crate::model::{ConversationKind, Media, MessageKind, Platform};
use columns::Columns;
use grid::{Cell, Piece, Row};
use std::io::Read;

pub(super) const IMPORTER: Importer = Importer { id: "chat-table", version: 2, sniff, import };

/// As much of a file is looked at for a table that is a chat.
const MOST_SNIFFED: u64 = 8 << 20;

/// A group of WeChat.
pub(super) fn is_chatroom(handle: &str) -> bool {
    handle.ends_with("@chatroom") || handle.ends_with("@im.chatroom")
}

pub(super) fn is_wechat(handle: &str) -> bool {
    is_chatroom(handle)
        || handle.ends_with("@openim")
        || ["wxid_", "gh_"].iter().any(|prefix| {
            handle.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 3 && is_of_word(rest))
        })
}

/// The account that a cell names, and its name where both stand there: `名 (wxid_x)`. What Markdown
/// puts around and into an account (back quotes, stars, an escaped underscore) is none of it, nor
/// are signs without width.
fn party(cell: &str) -> (String, String) {
    let bare: String = cell
        .replace("\\_", "_")
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}'))
        .collect();
    let around = |c: char| c.is_whitespace() || c == '`';
    let bare = bare.trim_matches(around);
    let bare = bare.strip_prefix("**").and_then(|b| b.strip_suffix("**")).unwrap_or(bare);
    let bare = bare.trim_matches(around);
    let named = bare
        .strip_suffix([')', '）', '>', ']'])
        .and_then(|inner| inner.rsplit_once(['(', '（', '<', '[']))
        .map(|(name, handle)| (name.trim(), handle.trim()))
        .filter(|(name, handle)| !name.is_empty() && is_wechat(handle));
    match named {
        Some((name, handle)) => (handle.to_owned(), name.to_owned()),
        None => (bare.to_owned(), String::new()),
    }
}

/// Could be an account of WeChat: one of its ids, or an alias that somebody chose.
pub fn is_account(handle: &str) -> bool {
    is_wechat(handle) || is_word(handle)
}

fn is_word(text: &str) -> bool {
    (3..=40).contains(&text.len())
        && is_of_word(text)
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

fn is_of_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// What a message without text is. Tables of WeChat have nothing where a picture, a file or a voice
/// message was (CHAT_FORMATS 2.1, I-Soon).
pub(super) fn silent(platform: &str) -> MessageKind {
    if matches!(platform, "wechat" | "table") { MessageKind::Media } else { MessageKind::Empty }
}

/// The platform that accounts give away; `table` when they do not.
pub(super) fn platform_of<'a>(handles: impl Iterator<Item = &'a str>) -> &'static str {
    let (mut any, mut matrix) = (false, true);
    for handle in handles {
        if is_wechat(handle) {
            return "wechat";
        }
        any = true;
        matrix &= is_matrix(handle);
    }
    if any && matrix { "matrix" } else { "table" }
}

/// `@user:server` or `!room:server`.
pub(super) fn is_matrix(handle: &str) -> bool {
    handle.strip_prefix(['@', '!']).is_some_and(|rest| {
        rest.split_once(':').is_some_and(|(user, server)| !user.is_empty() && server.contains('.'))
    })
}

/// Which of the two sides is a group.
pub(super) fn chatroom<'a>(to: &'a str, from: &'a str) -> Option<&'a str> {
    [to, from].into_iter().find(|side| is_chatroom(side))
}

/// Where the group itself stands as sender, the writer stands before the text.
pub(super) fn group_writer(text: &str) -> Option<(&str, &str)> {
    text.split_once(":\n").filter(|(writer, _)| is_account(writer))
}

fn sniff(input: &mut Input) -> bool {
    let Some(head) = input.head_text() else { return false };
    if separator(head).is_some() {
        return true;
    }
    let table = head.as_bytes().windows(6).any(|window| window.eq_ignore_ascii_case(b"<table"));
    let pipes = head.bytes().filter(|byte| *byte == b'|').count() >= 6;
    if !table && !pipes {
        return false;
    }
    if input.head_is_all() {
        return has_chat(head);
    }
    let mut bytes = Vec::new();
    let read =
        input.reader().and_then(|file| Ok(file.take(MOST_SNIFFED).read_to_end(&mut bytes)?));
    if read.is_err() {
        return false;
    }
    let is_all = bytes.len() as u64 == input.len();
    has_chat(&decode::beginning(&bytes, is_all).unwrap_or_default())
}

/// Whether one of the tables is a chat.
fn has_chat(text: &str) -> bool {
    grid::pieces(text)
        .iter()
        .any(|piece| matches!(piece, Piece::Table(rows) if Columns::of(rows).is_some()))
}

/// The separator of a CSV file that is a chat, judged by its first lines.
fn separator(head: &str) -> Option<u8> {
    let first = head.lines().find(|line| line.len() > 3)?.as_bytes();
    let separator = [b',', b'\t', b';']
        .into_iter()
        .max_by_key(|separator| first.iter().filter(|byte| *byte == separator).count())?;
    if first.iter().filter(|byte| **byte == separator).count() < 2 || first.len() > 4096 {
        return None;
    }
    // Prose has commas too: the first rows decide whether there is anything to look at.
    let first = csv_rows(head, separator, 2);
    let dated = |row: &Row| row.cells.iter().any(|cell| columns::time(&cell.text).is_some());
    if first.first().and_then(Columns::by_header).is_none() && !first.iter().any(dated) {
        return None;
    }
    let mut rows = csv_rows(head, separator, 200);
    if head.len() > 48 * 1024 || rows.len() >= 200 {
        // The last row of a head may be cut.
        rows.pop();
    }
    Columns::of(&rows).map(|_| separator)
}

fn csv_rows(text: &str, separator: u8, most: usize) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while rows.len() < most && matches!(reader.read_record(&mut record), Ok(true)) {
        let begin = record.position().map_or(0, |position| position.byte() as usize);
        let end = (reader.position().byte() as usize).min(text.len());
        let begin = begin.min(end);
        let blank =
            text.as_bytes()[begin..end].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let cells = record
            .iter()
            .map(|cell| Cell {
                text: cell.trim_start_matches('\u{feff}').to_owned(),
                images: Vec::new(),
            })
            .collect();
        rows.push(Row { cells, start: begin + blank, end });
    }
    rows
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let separator = input.head_text().and_then(separator);
    let mut text = decode::whole(input)?;
    let pieces = match separator {
        Some(separator) => vec![Piece::Table(csv_rows(&text.text, separator, usize::MAX))],
        None => grid::pieces(&text.text),
    };
    let columns: Vec<Option<Columns>> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Table(rows) => Columns::of(rows),
            Piece::Prose(..) => None,
        })
        .collect();
    text.announce(out)?;
    let export = head(&pieces, &columns, input);
    let is_jabber = export.platform.0 == "jabber";
    let silent = silent(&export.platform.0);
    out.export(export)?;
    let mut log = Log {
        roster: Roster::default(),
        rest: Rest::default(),
        ordinal: 0,
        text: &text,
        is_jabber,
        silent,
    };
    for (piece, columns) in pieces.iter().zip(&columns) {
        match (piece, columns) {
            (Piece::Table(rows), Some(columns)) => log.table(rows, columns, out)?,
            (Piece::Table(rows), None) => {
                for row in rows {
                    log.leave(row, out)?;
                }
            }
            (Piece::Prose(start, end), _) => {
                let prose = markup::prose(&text.text[*start..*end]);
                for line in prose.lines().filter(|line| !line.trim().is_empty()) {
                    log.rest.line(out, line)?;
                }
            }
        }
    }
    log.rest.finish(out)
}

/// What can be said about the whole file before its first message.
fn head(pieces: &[Piece], columns: &[Option<Columns>], input: &Input) -> Export {
    let mut hours = zone::Hours::default();
    let mut platform = "table";
    let mut assumptions = Vec::new();
    let mut is_jabber = false;
    for (piece, columns) in pieces.iter().zip(columns) {
        let (Piece::Table(rows), Some(columns)) = (piece, columns) else { continue };
        for row in rows {
            if let Some(stamp) = columns.time(row) {
                zone::count(&mut hours, &stamp);
            }
            let sides = [Some(columns.from), columns.to, columns.room].into_iter().flatten();
            if platform == "table" {
                let sides: Vec<String> = sides.map(|at| party(row.text(at)).0).collect();
                platform = platform_of(sides.iter().map(String::as_str));
                // The logs of Conti, made a table.
                let time = columns.header.get(columns.time).map_or("", |name| name.trim());
                is_jabber |= time == "ts" && sides.iter().any(|side| xmpp::is_address(side));
            }
        }
        if columns.header.is_empty() {
            assumptions.push(format!(
                "a table without header: column {} is the time, {} the sender, {} the recipient, {} the message",
                columns.time + 1,
                columns.from + 1,
                columns.to.map_or(0, |to| to + 1),
                columns.message + 1
            ));
        }
    }
    let local = columns.iter().flatten().filter_map(|columns| columns.local.as_ref());
    assumptions.extend(local.map(|local| format!("dates are {}", local.why)));
    assumptions.dedup();
    let platform = Platform::new(match platform {
        "table" if is_jabber => "jabber",
        platform => platform,
    });
    Export {
        zone: zone::infer(&hours, &platform),
        platform,
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        assumptions,
    }
}

struct Log<'a> {
    roster: Roster,
    rest: Rest,
    ordinal: u64,
    text: &'a decode::Text,
    is_jabber: bool,
    /// What a row without text is.
    silent: MessageKind,
}

impl Log<'_> {
    /// A row that is no message stays text.
    fn leave(&mut self, row: &Row, out: &mut Out) -> Result<(), Stop> {
        let cells: Vec<String> =
            row.cells.iter().map(|cell| cell.text.replace('\n', "\u{2028}")).collect();
        if row.is_blank() { Ok(()) } else { self.rest.line(out, &cells.join("\t")) }
    }

    fn table(&mut self, rows: &[Row], columns: &Columns, out: &mut Out) -> Result<(), Stop> {
        // Where nobody is addressed the table is one conversation of all who write in it.
        let together = if columns.to.is_none() && columns.room.is_none() {
            let mut all: Vec<String> = rows
                .iter()
                .filter(|row| !columns.is_header(row))
                .map(|row| party(row.text(columns.from)).0)
                .filter(|handle| !handle.is_empty())
                .collect();
            all.sort_unstable();
            all.dedup();
            (!all.is_empty()).then(|| (group_key(&all), all))
        } else {
            None
        };
        for row in rows {
            if columns.is_header(row) || row.is_blank() {
                continue;
            }
            let from = row.text(columns.from).trim();
            if from.is_empty() && columns.time(row).is_none() {
                out.warn(format!("row {:?} is no message", row.text(columns.message)))?;
                self.leave(row, out)?;
                continue;
            }
            self.row(row, columns, together.as_ref(), out)?;
        }
        Ok(())
    }

    fn row(
        &mut self,
        row: &Row,
        columns: &Columns,
        together: Option<&(String, Vec<String>)>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let (mut from, from_name) = party(row.text(columns.from));
        let (mut to, to_name) = columns.to.map(|to| party(row.text(to))).unwrap_or_default();
        if self.is_jabber {
            from = xmpp::account(&from).to_owned();
            to = xmpp::account(&to).to_owned();
        }
        let room = match columns.room {
            Some(at) => Some(row.text(at).trim().to_owned()).filter(|room| !room.is_empty()),
            None if self.is_jabber => {
                [&to, &from].into_iter().find_map(|side| xmpp::room(side)).map(str::to_owned)
            }
            None => chatroom(&to, &from).map(str::to_owned),
        };
        let mut text = row.text(columns.message).to_owned();
        if room.as_ref() == Some(&from)
            && let Some((writer, said)) = group_writer(&text)
        {
            (from, text) = (writer.to_owned(), said.to_owned());
        }
        let key = match &room {
            Some(room) => room.clone(),
            None => together.map_or_else(|| pair_key(&from, &to), |(key, _)| key.clone()),
        };
        for (handle, name) in [(&from, &from_name), (&to, &to_name)] {
            if !handle.is_empty() && room.as_ref() != Some(handle) {
                self.roster.account(out, handle, name)?;
            }
        }
        self.roster.conversation(out, &key, || {
            let mut members: Vec<String> = match &room {
                Some(_) => Vec::new(),
                None => match together {
                    Some((_, all)) => all.clone(),
                    None => key.split('\u{1f}').map(str::to_owned).collect(),
                },
            };
            members.dedup();
            let kind = match () {
                () if room.is_some() || members.len() > 2 => ConversationKind::Group,
                () if columns.to.is_some() => ConversationKind::Pair,
                () => ConversationKind::Unknown,
            };
            // A group has no other name here than its id.
            let is_address = |room: &String| is_chatroom(room) || xmpp::room(room).is_some();
            let title = room.clone().filter(is_address).unwrap_or_default();
            (kind, title, members)
        })?;
        let mut message = Message::new(&key, self.ordinal);
        self.ordinal += 1;
        message.raw_time = row.text(columns.time).trim().to_owned();
        message.time = columns.time(row);
        message.sender = Some(from).filter(|from| !from.is_empty());
        message.span = self.text.span(row.start, row.end);
        if let Some(cell) = row.cells.get(columns.message) {
            for source in &cell.images {
                message.media.push(Media {
                    kind: kind_of_file(source).to_owned(),
                    name: source.clone(),
                    ..Media::default()
                });
            }
        }
        let kind = columns.kind.map(|at| row.text(at).trim()).unwrap_or_default();
        if let Some(kind) = media_kind(kind)
            && message.media.is_empty()
        {
            message.media.push(Media { kind: kind.to_owned(), ..Media::default() });
        }
        // What a file in the cell is stands in the media. The kind is that of the text alone, as in
        // the JSON that is made of such tables and leaves the files out: both are one message.
        message.kind = match () {
            () if matches!(kind, "系统" | "系统消息" | "系統" | "系統訊息" | "system") => {
                MessageKind::System
            }
            () if media_kind(kind).is_some() => MessageKind::Media,
            () if text.trim().is_empty() => self.silent,
            () => MessageKind::Text,
        };
        message.text = text;
        for (at, cell) in row.cells.iter().enumerate() {
            let known = [
                Some(columns.time),
                Some(columns.from),
                Some(columns.message),
                columns.to,
                columns.room,
                columns.kind,
            ];
            if !known.contains(&Some(at)) && !cell.text.trim().is_empty() {
                let header = columns.header.get(at).map_or("", String::as_str);
                let line = format!(
                    "{}\t{header}\t{}",
                    message.raw_time,
                    cell.text.replace('\n', "\u{2028}")
                );
                self.rest.line(out, &line)?;
            }
        }
        out.message(message)
    }
}

/// What a file is by the end of its name.
fn kind_of_file(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp") => "photo",
        Some("mp3" | "amr" | "silk" | "wav" | "m4a") => "voice",
        Some("mp4" | "mov" | "avi") => "video",
        _ => "file",
    }
}

/// What a column of types calls something that is no text.
fn media_kind(said: &str) -> Option<&'static str> {
    Some(match said.to_lowercase().as_str() {
        "图片" | "圖片" | "照片" | "image" | "photo" | "picture" => "photo",
        "语音" | "語音" | "voice" | "audio" => "voice",
        "视频" | "視頻" | "影片" | "video" => "video",
        "文件" | "檔案" | "file" => "file",
        "表情" | "动画表情" | "貼圖" | "sticker" | "emoji" => "sticker",
        "位置" | "location" => "location",
        "名片" | "contact" | "card" => "contact",
        _ => return None,
    })
}
