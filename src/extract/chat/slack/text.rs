//! The text of Slack: its markup becomes readable, ids of accounts stay recognisable.

use super::super::json::{list, str};
use serde_json::Value;

/// Marks become text: `<@U1>` `@U1`, `<#C1|x>` `#x`, `<!here>` `@here`, `<url|label>`
/// `label (url)`; `&lt;`, `&gt;` and `&amp;` are what Slack escapes.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('<') {
            match after.find(['>', '<', '\n']) {
                Some(end) if after.as_bytes()[end] == b'>' => {
                    mark(&after[..end], &mut out);
                    rest = &after[end + 1..];
                }
                _ => {
                    out.push('<');
                    rest = after;
                }
            }
            continue;
        }
        let escapes = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&')];
        match escapes.iter().find(|(escape, _)| rest.starts_with(escape)) {
            Some((escape, c)) => {
                out.push(*c);
                rest = &rest[escape.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn mark(inner: &str, out: &mut String) {
    let (target, label) = match inner.split_once('|') {
        Some((target, label)) => (target, unescape(label)),
        None => (inner, String::new()),
    };
    if let Some(id) = target.strip_prefix('@') {
        out.push('@');
        out.push_str(if label.is_empty() { id } else { label.trim_start_matches('@') });
    } else if let Some(id) = target.strip_prefix('#') {
        out.push('#');
        out.push_str(if label.is_empty() { id } else { &label });
    } else if let Some(command) = target.strip_prefix('!') {
        if label.is_empty() {
            out.push('@');
            out.push_str(command.split('^').next().unwrap_or(command));
        } else {
            out.push_str(&label);
        }
    } else {
        let url = unescape(target);
        let bare = url.strip_prefix("mailto:").or(url.strip_prefix("tel:")).unwrap_or(&url);
        let same = label == bare
            || url
                .strip_prefix("https://")
                .or(url.strip_prefix("http://"))
                .is_some_and(|u| u == label);
        match () {
            () if label.is_empty() => out.push_str(bare),
            () if same && bare != url => out.push_str(bare),
            () if same => out.push_str(&url),
            () => {
                out.push_str(&label);
                out.push_str(" (");
                out.push_str(bare);
                out.push(')');
            }
        }
    }
}

/// Replaces every `@U…` of a message's text by `@` and the name that `lookup` knows for the
/// account. `users.json` may come later than the messages: the stored text keeps the ids, which
/// are evidence, and a reader shows names by this.
pub(super) fn resolve(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, found) = rest.split_at(at + 1);
        out.push_str(before);
        let length =
            found.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
        let id = &found[..length];
        let inside = found[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let name = (length >= 2 && id.starts_with(['U', 'W', 'B']) && !inside)
            .then(|| lookup(id))
            .flatten();
        match name {
            Some(name) => out.push_str(&name),
            None => out.push_str(id),
        }
        rest = &found[length..];
    }
    out.push_str(rest);
    out
}

/// The text of `rich_text` and other blocks, for messages that have nothing in `text`.
pub(super) fn blocks(blocks: &[Value]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        element(block, &mut out, 0);
    }
    out.trim_end().to_owned()
}

fn element(value: &Value, out: &mut String, depth: u32) {
    if depth > 32 {
        return;
    }
    match str(value, "type") {
        "user" => push(out, "@", str(value, "user_id")),
        "usergroup" => push(out, "@", str(value, "usergroup_id")),
        "channel" => push(out, "#", str(value, "channel_id")),
        "broadcast" => push(out, "@", str(value, "range")),
        "emoji" => push(out, ":", &format!("{}:", str(value, "name"))),
        "link" => match str(value, "text") {
            "" => out.push_str(str(value, "url")),
            text if text == str(value, "url") => out.push_str(text),
            text => push(out, text, &format!(" ({})", str(value, "url"))),
        },
        kind => {
            match value.get("text") {
                Some(Value::String(text)) if kind == "mrkdwn" => out.push_str(&plain(text)),
                Some(Value::String(text)) => out.push_str(text),
                Some(inner) => element(inner, out, depth + 1),
                None => {}
            }
            for key in ["title", "description", "label", "accessory"] {
                if let Some(inner) = value.get(key).filter(|inner| inner.is_object()) {
                    apart(out);
                    element(inner, out, depth + 1);
                }
            }
            if kind == "image" {
                apart(out);
                out.push_str(str(value, "alt_text"));
            }
            for inner in list(value, "elements").iter().chain(list(value, "fields")) {
                // Parts of a sentence stand side by side; fields and remarks of an app do not.
                if matches!(str(inner, "type"), "mrkdwn" | "plain_text" | "button") {
                    apart(out);
                }
                element(inner, out, depth + 1);
            }
            for row in list(value, "rows") {
                table_row(row, out, depth + 1);
            }
            let own_line =
                matches!(kind, "rich_text_section" | "rich_text_quote" | "rich_text_preformatted");
            if own_line && !out.ends_with('\n') {
                out.push('\n');
            }
        }
    }
}

/// A row of a `table` block: its cells side by side, each on one line.
fn table_row(row: &Value, out: &mut String, depth: u32) {
    apart(out);
    for (index, cell) in row.as_array().into_iter().flatten().enumerate() {
        if index > 0 {
            out.push('\t');
        }
        let mut said = String::new();
        element(cell, &mut said, depth);
        out.push_str(&said.trim_end().replace('\n', " "));
    }
    out.push('\n');
}

/// Begins a new line unless one has begun.
fn apart(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn push(out: &mut String, one: &str, other: &str) {
    out.push_str(one);
    out.push_str(other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn markup_becomes_readable() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected, "{text}");
        check("hi <@U0LIN>, see <#C1|basalt>", "hi @U0LIN, see #basalt");
        check("<@U0LIN|lin> <!here> <!subteam^S1|@ops> <!channel>", "@lin @here @ops @channel");
        check("<mailto:a@example.com|a@example.com>", "a@example.com");
        check("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2");
        check("<https://example.org|the site>", "the site (https://example.org)");
        check("<http://example.org|example.org>", "http://example.org");
        check("&lt;tags&gt; &amp;amp; &nbsp; a < b", "<tags> &amp; &nbsp; a < b");
        check("a <b\nc>", "a <b\nc>");
    }

    #[test]
    fn names_are_put_in_when_they_are_known() {
        let lookup = |id: &str| (id == "U0LIN").then(|| "林知遥".to_owned());
        assert_eq!(
            resolve("@U0LIN and @U0X, a@U0LINx @here", &lookup),
            "@林知遥 and @U0X, a@U0LINx @here"
        );
        assert_eq!(resolve("收到@U0LIN，好", &lookup), "收到@林知遥，好");
        assert_eq!(resolve("@", &lookup), "@");
    }

    #[test]
    fn rich_text_is_read() {
        let value = json!([{"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [
                {"type": "text", "text": "see "}, {"type": "user", "user_id": "U1"},
                {"type": "link", "url": "https://example.org"}]},
            {"type": "rich_text_list", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]}]}]);
        assert_eq!(blocks(value.as_array().unwrap()), "see @U1https://example.org\none");
        let app = json!([
            {"type": "header", "text": {"type": "plain_text", "text": "Build 7"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "failed on <https://ci.example|main>"},
             "fields": [{"type": "mrkdwn", "text": "*by* Lin"}, {"type": "mrkdwn", "text": "2 min"}],
             "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Log"}}},
            {"type": "image", "image_url": "https://ci.example/x.png", "alt_text": "a graph"}]);
        assert_eq!(
            blocks(app.as_array().unwrap()),
            "Build 7\nfailed on main (https://ci.example)\nLog\n*by* Lin\n2 min\na graph"
        );
        let cell = |text: &str| {
            json!({"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]})
        };
        let table = json!([
            {"type": "table", "rows": [
                [cell("customer"), cell("price")],
                [cell("Bureau\n7"), {"type": "raw_text", "text": "30"}]]},
            {"type": "video", "title": {"type": "plain_text", "text": "Demo"},
             "description": {"type": "plain_text", "text": "of the platform"}}]);
        assert_eq!(
            blocks(table.as_array().unwrap()),
            "customer\tprice\nBureau 7\t30\nDemo\nof the platform"
        );
    }

    proptest! {
        #[test]
        fn what_slack_escapes_comes_back(text in any::<String>()) {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(plain(&escaped), text);
        }

        #[test]
        fn resolving_without_names_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(resolve(&text, &|_| None), text);
        }
    }
}
