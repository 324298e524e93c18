//! What hangs on a message: files, quotations, what a bot says.

use crate::extract::chat::json::{is_true, list, number, str, text};
use crate::extract::chat::rest::Rest;
use crate::extract::record::Message;
use crate::extract::{Out, Stop};
use crate::model::Media;
use serde_json::Value;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// Files become media, quotes the quote, what a bot or a caption says becomes text.
pub(super) fn attachments(all: &[Value], message: &mut Message, quotes: &mut Quotes, depth: u32) {
    if depth > 16 {
        return;
    }
    for attachment in all {
        let link = str(attachment, "message_link");
        if !link.is_empty() {
            let mut quote = message.quote.take().unwrap_or_default();
            let (author, said) = (str(attachment, "author_name"), str(attachment, "text"));
            let line = match author {
                "" => said.to_owned(),
                author => format!("{author}: {said}"),
            };
            append(&mut quote, &line);
            let more = fields(attachment);
            append(&mut quote, &more);
            message.quote = Some(quote);
            let id = link.split_once("msg=").map_or("", |(_, id)| id);
            let id = id.split('&').next().unwrap_or_default();
            if depth == 0 && link.contains("msg=") {
                message.reply_to = Some(id.to_owned()).filter(|id| !id.is_empty());
            }
            let line = [line, more].join(" ");
            quotes.quoted(id, said, &format!("{}\tquotes\t{}", message.raw_time, line.trim_end()));
            attachments(list(attachment, "attachments"), message, quotes, depth + 1);
            continue;
        }
        let kinds = [("image_url", "photo"), ("audio_url", "audio"), ("video_url", "video")];
        let kind = kinds.iter().find(|(key, _)| !str(attachment, key).is_empty());
        let file = str(attachment, "type") == "file" || !str(attachment, "title_link").is_empty();
        if depth == 0 && (kind.is_some() || (file && is_upload(attachment))) {
            let mut media = Media { kind: "file".to_owned(), ..Media::default() };
            if let Some((key, kind)) = kind {
                media.kind = (*kind).to_owned();
                media.name = str(attachment, key).to_owned();
                media.mime = str(attachment, &key.replace("_url", "_type")).to_owned();
                media.size = number(attachment, &key.replace("_url", "_size"));
            }
            for key in ["title_link", "title"] {
                let name = str(attachment, key);
                let repeated = key == "title" && media.name.ends_with(name);
                if !name.is_empty() && !repeated {
                    media.name = name.to_owned();
                }
            }
            let name = media.name.clone();
            message.media.push(media);
            for key in ["pretext", "text", "description", "fallback"] {
                let said = str(attachment, key);
                if !name.ends_with(said) && !message.text.contains(said) {
                    append(&mut message.text, said);
                }
            }
            append(&mut message.text, &fields(attachment));
            continue;
        }
        let target =
            if depth == 0 { &mut message.text } else { message.quote.get_or_insert_default() };
        for key in ["pretext", "author_name", "title", "text", "description"] {
            append(target, str(attachment, key));
        }
        append(target, &fields(attachment));
        // What shows where nothing else can be shown.
        let fallback = str(attachment, "fallback");
        if !target.contains(fallback) {
            append(target, fallback);
        }
        for button in list(attachment, "actions") {
            let said = [str(button, "text"), str(button, "msg"), str(button, "url")];
            append(target, said.join(" ").trim());
        }
        attachments(list(attachment, "attachments"), message, quotes, depth + 1);
    }
}

/// `title: value`, one a line.
fn fields(attachment: &Value) -> String {
    let line = |field: &Value| format!("{}: {}", text(field, "title"), text(field, "value"));
    list(attachment, "fields").iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What messages quote. A quotation whose message stands in the file says nothing new; the others
/// are all that the leak has of what was said: they are kept as text beside the messages.
#[derive(Default)]
pub(super) struct Quotes {
    /// Messages of this file, by id: what they say, as a hash.
    said: HashMap<String, u64>,
    /// Id and hash of what is quoted, and the line to keep.
    quoted: Vec<(String, u64, String)>,
    bytes: usize,
}

impl Quotes {
    /// Quotations wait for the messages behind them up to this many bytes.
    const MOST: usize = 8 << 20;

    fn hash(text: &str) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    }

    pub(super) fn say(&mut self, id: &str, text: &str) {
        if !id.is_empty() {
            self.said.insert(id.to_owned(), Self::hash(text));
        }
    }

    fn quoted(&mut self, id: &str, said: &str, line: &str) {
        self.bytes += line.len();
        self.quoted.push((id.to_owned(), Self::hash(said), line.to_owned()));
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes > Self::MOST
    }

    pub(super) fn write(&mut self, rest: &mut Rest, out: &mut Out) -> Result<(), Stop> {
        self.bytes = 0;
        for (id, hash, line) in self.quoted.drain(..) {
            if self.said.get(&id) != Some(&hash) {
                rest.line(out, &line)?;
            }
        }
        Ok(())
    }
}

/// A title with a link is an upload; a link preview of a bot has text beside it.
fn is_upload(attachment: &Value) -> bool {
    str(attachment, "type") == "file" || is_true(attachment, "title_link_download")
}

pub(super) fn append(text: &mut String, more: &str) {
    if more.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}
