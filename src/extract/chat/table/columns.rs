//! Which column of a table plays which part in a chat.
//!
//! Strict on purpose: a ledger, a list of victims or an address book has dates and names too. A
//! table is a chat only when its header says who wrote and what was written and its times hold a
//! time of day, or when, without a header, it holds times and WeChat accounts.

use super::grid::Row;
use super::{is_account, is_wechat};
use crate::extract::chat::stamp;
use crate::extract::chat::whatsapp::LocalTimes;
use crate::model::Stamp;
use std::collections::HashSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract::chat) enum Role {
    Time,
    From,
    To,
    /// The group or conversation.
    Room,
    Message,
    /// What the message is: text, picture, voice.
    Kind,
    /// A column that no chat table of this family has: it is mail, a ledger, a log, or an export
    /// that another importer knows.
    Foreign,
}

#[rustfmt::skip]
const NAMES: &[(Role, &[&str])] = &[
    (Role::Time, &[
        "time", "timestamp", "ts", "date", "datetime", "date time", "date/time", "sent at",
        "send time", "sent time", "时间", "日期", "日期时间", "时间戳", "发送时间", "消息时间", "聊天时间", "時間",
        "日期時間", "發送時間", "訊息時間", "время", "дата", "дата и время",
    ]),
    (Role::From, &[
        "from", "sender", "from id", "from user", "sender id", "sender alias", "sent by",
        "from wxid", "from account", "发送", "发送者", "发送人", "发送方", "发送账号", "发送者id", "发送人id", "发信人",
        "发件人", "发言人", "发言者", "说话人", "来自", "發送", "發送者", "發送人", "發送方", "發信人", "寄件者", "發言人", "來自",
        "от", "от кого", "отправитель",
    ]),
    (Role::To, &[
        "to", "receiver", "recipient", "to id", "to user", "receiver id", "recipient id",
        "sent to", "to wxid", "to account", "接收", "接收者", "接收人", "接收方", "接收账号", "接收者id", "接收人id",
        "收信人", "收件人", "收件者", "发给", "发往", "接收對象", "接收对象", "發給", "кому", "получатель",
    ]),
    (Role::Room, &[
        "chat id", "chat", "room", "room id", "group", "group id", "conversation",
        "conversation id", "channel", "群", "群组", "群聊", "群id", "会话", "会话id", "聊天对象", "群組", "會話",
        "чат", "группа",
    ]),
    (Role::Message, &[
        "message", "msg", "body", "text", "content", "message text", "message content",
        "message body", "内容", "消息", "消息内容", "聊天内容", "信息", "信息内容", "文本", "正文", "內容", "訊息", "消息內容",
        "訊息內容", "聊天內容", "сообщение", "текст",
    ]),
    (Role::Kind, &[
        "type", "message type", "msg type", "类型", "消息类型", "類型", "訊息類型", "тип",
    ]),
    (Role::Foreign, &[
        "subject", "cc", "bcc", "主题", "主旨", "抄送", "тема", "amount", "sum", "price", "value",
        "balance", "currency", "金额", "金額", "余额", "价格", "сумма", "bytes", "size", "port",
        "protocol", "host", "status", "iban", "txid", "hash", "flight", "level", "severity",
        "talker", "talkername", "sendername", "strcontent", "msgsvrid", "localid", "is sender",
        "issender", "conversationid", "attachments",
    ]),
];

/// The part that a header (or a key of a JSON record) names.
pub(in crate::extract::chat) fn role(header: &str) -> Option<Role> {
    let name = normal(header);
    let known =
        |name: &str| NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(role, _)| *role);
    known(&name).or_else(|| {
        // `Time 时间`, `内容/Message`: one name in two languages.
        let mut parts = name.split(['/', ' ', '|', '\u{3000}']).filter(|part| !part.is_empty());
        let first = known(parts.next()?)?;
        parts.all(|part| known(part) == Some(first)).then_some(first)
    })
}

/// Lower case, without marks, what stands in brackets and underscores.
fn normal(header: &str) -> String {
    let bare = header.split(['(', '（', '[']).next().unwrap_or_default();
    let bare: String = bare
        .chars()
        .map(|c| if matches!(c, '_' | '-') { ' ' } else { c })
        .filter(|c| !matches!(c, '*' | '`' | '"' | '\'' | ':' | '：' | '\u{feff}' | '\\'))
        .collect();
    bare.trim().to_lowercase()
}

/// Where the parts of a chat stand in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) time: usize,
    pub(super) from: usize,
    pub(super) to: Option<usize>,
    pub(super) room: Option<usize>,
    pub(super) message: usize,
    pub(super) kind: Option<usize>,
    /// The header's cells; empty when there is none.
    pub(super) header: Vec<String>,
    /// Set when the times do not begin with the year.
    pub(super) local: Option<LocalTimes>,
}

impl Columns {
    /// How this table is to be read, or `None` when it is no chat.
    pub(super) fn of(rows: &[Row]) -> Option<Columns> {
        let first = rows.iter().find(|row| !row.is_blank())?;
        match Columns::by_header(first) {
            Some(mut columns) => {
                if !columns.holds(rows) {
                    let stamps = rows
                        .iter()
                        .filter(|row| !row.is_blank() && !columns.is_header(row))
                        .map(|row| row.text(columns.time).trim());
                    columns.local = Some(LocalTimes::of(stamps)?);
                }
                columns.holds(rows).then_some(columns)
            }
            // Another header means another table; only data may stand in the first row.
            None => Columns::by_content(rows).filter(|columns| columns.holds(rows)),
        }
    }

    pub(super) fn by_header(row: &Row) -> Option<Columns> {
        let mut found: [Option<usize>; 6] = [None; 6];
        for (at, cell) in row.cells.iter().enumerate() {
            let slot = match role(&cell.text) {
                Some(Role::Foreign) => return None,
                Some(role) => role as usize,
                None => continue,
            };
            found[slot].get_or_insert(at);
        }
        let [time, from, to, room, message, kind] = found;
        Some(Columns {
            time: time?,
            from: from?,
            to,
            room,
            message: message?,
            kind,
            header: row.cells.iter().map(|cell| cell.text.clone()).collect(),
            local: None,
        })
    }

    /// Without a header: a column of times, two of accounts and the text beside them. The accounts
    /// have to be WeChat's, or two of them answer each other.
    fn by_content(rows: &[Row]) -> Option<Columns> {
        let sample: Vec<&Row> = rows.iter().filter(|row| !row.is_blank()).take(200).collect();
        let width = sample.iter().map(|row| row.cells.len()).min()?;
        if !(4..=8).contains(&width) {
            return None;
        }
        let share = |at: usize, test: &dyn Fn(&str) -> bool| {
            let hits = sample.iter().filter(|row| test(row.text(at).trim())).count();
            hits * 10 >= sample.len() * 9
        };
        let time = (0..width).find(|at| share(*at, &|cell| stamp::iso(cell).is_some()))?;
        let mut accounts = (0..width).filter(|at| *at != time && share(*at, &is_account));
        let (from, to) = (accounts.next()?, accounts.next()?);
        // The text is beside the accounts: the first column after them, or the one between.
        let message = (to + 1..width).chain(0..width).find(|at| ![time, from, to].contains(at))?;
        let sides = |row: &Row| [row.text(from).trim().to_owned(), row.text(to).trim().to_owned()];
        let wechat = sample.iter().all(|row| sides(row).iter().any(|side| is_wechat(side)));
        let said: HashSet<[String; 2]> = sample.iter().map(|row| sides(row)).collect();
        let answered =
            said.iter().any(|[from, to]| from != to && said.contains(&[to.clone(), from.clone()]));
        let words = share(message, &|cell| {
            !cell.chars().all(|c| c.is_numeric() || ".,-+ ".contains(c)) || cell.is_empty()
        });
        (wechat || (answered && words && width == 4 && sample.len() >= 4)).then_some(Columns {
            time,
            from,
            to: Some(to),
            room: None,
            message,
            kind: None,
            header: Vec::new(),
            local: None,
        })
    }

    /// Whether the rows below are what the columns promise: times of day, senders.
    fn holds(&self, rows: &[Row]) -> bool {
        let mut seen = 0usize;
        let mut good = 0usize;
        for row in rows.iter().filter(|row| !row.is_blank() && !self.is_header(row)) {
            seen += 1;
            let handle = |at: usize| {
                let said = row.text(at).trim();
                !said.is_empty() && said.chars().count() <= 80 && !said.contains('\n')
            };
            // Some logs leave out who wrote, none who got it as well.
            let sides = handle(self.from)
                || (row.text(self.from).trim().is_empty() && self.to.is_some_and(handle));
            good += usize::from(sides && self.time(row).is_some());
        }
        seen > 0 && good * 10 >= seen * 6
    }

    /// When a row says that it was written.
    pub(super) fn time(&self, row: &Row) -> Option<Stamp> {
        let cell = row.text(self.time).trim();
        match &self.local {
            Some(local) => local.read(cell),
            None => time(cell),
        }
    }

    pub(super) fn is_header(&self, row: &Row) -> bool {
        !self.header.is_empty()
            && row.cells.len() == self.header.len()
            && row.cells.iter().zip(&self.header).all(|(cell, header)| cell.text == *header)
    }
}

/// A cell of the time column.
pub(super) fn time(cell: &str) -> Option<Stamp> {
    // A narrow column breaks between day and hour.
    let cell = cell.trim().replace('\n', " ");
    stamp::iso(&cell).or_else(|| stamp::epoch(&cell).filter(|_| cell.len() >= 10))
}
