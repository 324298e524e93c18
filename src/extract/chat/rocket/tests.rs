use super::super::testing::{data, read, read_as, recognised};
use crate::extract::record::ZoneGuess;
use crate::model::{ConversationKind, MessageKind, Stamp};

#[test]
fn a_room_day_is_read_in_the_order_of_the_file() {
    let read = read_as(&data("rocket.json"), "chat.example/2021-12-21-general.json", None);
    assert_eq!(read.importer, "rocketchat-json");
    assert_eq!(read.export().zone, ZoneGuess::Stated);
    let ids: Vec<_> = read.messages.iter().map(|m| m.native_id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["m9", "m8", "m7", "m6", "m5", "m4", "m3"]);
    use MessageKind::*;
    let kinds: Vec<_> = read.messages.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [Text, Text, Media, System, Encrypted, Deleted, Text]);
    let first = &read.messages[0];
    assert_eq!(first.raw_time, "2021-12-21T23:59:56.287Z");
    assert_eq!(first.time, Some(Stamp::utc(1_640_131_196, 287_000_000)));
    assert_eq!(first.sender.as_deref(), Some("mara"));
    assert_eq!(read.handles(), ["lin", "mara"]);
    let titles: Vec<_> = read.conversations.iter().map(|c| (c.kind, c.title.as_str())).collect();
    let kinds = [ConversationKind::Channel, ConversationKind::Pair];
    assert_eq!(titles, [(kinds[0], "general"), (kinds[1], "general")]);
}

#[test]
fn quotes_threads_edits_files_and_what_bots_hang_on() {
    let read = read(data("rocket.json"));
    let [quote, edit, file, event, .., bot] = &read.messages[..] else { panic!("messages") };
    assert_eq!(quote.reply_to.as_deref(), Some("m1"));
    assert_eq!(quote.quote.as_deref(), Some("lin: is it done?\nmara: the older one"));
    assert!(quote.text.ends_with(" yes"));
    assert_eq!((edit.thread.as_deref(), edit.reply_to.as_deref()), (Some("m1"), Some("m1")));
    assert_eq!(edit.edited.as_deref(), Some("2021-12-21T22:01:00.000Z"));
    assert_eq!(edit.reactions, [(":ok:".to_owned(), 2)]);
    assert_eq!(file.text, "the plan");
    let [media] = &file.media[..] else { panic!("{:?}", file.media) };
    assert_eq!((media.kind.as_str(), media.name.as_str()), ("photo", "/file-upload/f1/plan.png"));
    assert_eq!((media.mime.as_str(), media.size), ("image/png", Some(1234)));
    assert_eq!(event.text, "added to the room: tomas");
    assert_eq!(bot.text, "alert\nBuild failed\nsee the log\nbranch: main");
}

#[test]
fn spans_are_the_records_bytes() {
    let bytes = data("rocket.json");
    for message in read(&bytes).messages {
        let (start, end) = message.span.unwrap();
        let record = std::str::from_utf8(&bytes[start as usize..end as usize]).unwrap();
        let id = format!("{{\"_id\":\"{}\"", message.native_id.unwrap());
        assert!(record.starts_with(&id) && record.ends_with('}'), "{record}");
    }
}

#[test]
fn an_empty_room_day_is_an_export_and_other_json_is_not() {
    assert_eq!(recognised(br#"{"messages":[],"success":true}"#), Some("rocketchat-json"));
    let paged = r#"{"success":true,"count":1,"messages":[{"_id":"a","rid":"r","ts":"2021-01-01T00:00:00.000Z","u":{"_id":"u"}}]}"#;
    assert_eq!(recognised(paged.as_bytes()), Some("rocketchat-json"));
    for other in [
        r#"{"messages":[]}"#,
        r#"{"messages":[{"sender_name":"A","timestamp_ms":1,"content":"x"}]}"#,
        r#"{"chat_id":"1","messages":[{"party":"A","content":"x","timestamp":"1"}]}"#,
        r#"{"success":true}"#,
        "{}",
    ] {
        assert_eq!(recognised(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn lists_and_dumps_are_read_as_answers_are() {
    let message = |id: &str, more: &str| {
        format!(
            r#"{{"_id":"{id}","rid":"r","ts":"2021-01-01T00:00:00.000Z","u":{{"_id":"u","username":"lin"}}{more}}}"#
        )
    };
    let [one, two] = [message("a", r#","msg":"x""#), message("b", r#","msg":"y""#)];
    for file in [format!("[{one},{two}]"), format!("{one}\n{two}\n"), format!("[\n{one}\n,{two}")] {
        let read = read(&file);
        assert_eq!(
            (read.importer, read.texts(), &read.stop),
            ("rocketchat-json", vec!["x", "y"], &None)
        );
        let (start, end) = read.messages[1].span.unwrap();
        assert_eq!(&file[start as usize..end as usize], two);
    }
}

#[test]
fn what_stands_beside_a_message_is_found_too() {
    let more = r#","msg":"see https://example.org","urls":[{"url":"https://example.org","meta":{"pageTitle":"Reef","ogTitle":"Reef","ogDescription":"a boat"}}],"editedAt":"2021-01-01T00:01:00.000Z","editedBy":{"username":"mara"},"pinnedBy":{"username":"tomas"},"alias":"build bot""#;
    let parsed = r#","msg":"","md":[{"type":"PARAGRAPH","value":[{"type":"PLAIN_TEXT","value":"only "},{"type":"BOLD","value":[{"type":"PLAIN_TEXT","value":"parsed"}]}]},{"type":"PARAGRAPH","value":[{"type":"LINK","value":{"src":{"type":"PLAIN_TEXT","value":"https://example.org"},"label":[{"type":"PLAIN_TEXT","value":"here"}]}}]}]"#;
    let place = r#","msg":"","location":{"type":"Point","coordinates":[104.06,30.67]}"#;
    let message = |more: &str| {
        format!(
            r#"{{"_id":"a","rid":"r","ts":"2021-01-01T00:00:00.000Z","u":{{"_id":"u","username":"lin"}}{more}}}"#
        )
    };
    let read = read(format!("[{},{},{}]", message(more), message(parsed), message(place)));
    assert_eq!(read.texts(), ["see https://example.org", "only parsed\nhere", "30.67, 104.06"]);
    assert_eq!(read.messages[2].media[0].kind, "location");
    let at = "2021-01-01T00:00:00.000Z";
    assert_eq!(
        read.text,
        format!(
            "{at}\turl\thttps://example.org\tReef\ta boat\n{at}\tedited by\tmara\n{at}\tpinned by\ttomas\n{at}\talias\tbuild bot\n"
        )
    );
}

#[test]
fn a_file_that_was_cut_keeps_what_is_there() {
    let bytes = data("rocket.json");
    let read = read(&bytes[..bytes.len() / 2]);
    assert!(read.messages.len() >= 2 && read.stop.is_none());
    assert!(read.warnings[0].contains("ends in the middle"), "{:?}", read.warnings);
    assert!(read.text.contains("\"_id\""), "the record that was cut stays text");
}

#[test]
fn what_is_quoted_is_found_where_its_message_is_not() {
    let message = |id: &str, text: &str, more: &str| {
        format!(
            r#"{{"_id":"{id}","rid":"r","msg":"{text}","ts":"2021-01-01T00:00:00.000Z","u":{{"_id":"u","username":"lin"}}{more}}}"#
        )
    };
    let quote = r#","attachments":[{"message_link":"x?msg=m1","author_name":"mara","text":"known","attachments":[{"message_link":"x?msg=m0","text":"lost","fields":[{"title":"port","value":"22"}]}]}]"#;
    let edited = r#","attachments":[{"message_link":"x?msg=m1","author_name":"mara","text":"before the edit"}]"#;
    let image = r#","attachments":[{"image_url":"/up/a.png","title":"a.png","pretext":"see","fallback":"no picture","fields":[{"title":"host","value":"h1"}]}]"#;
    let file = [
        message("m4", "", image),
        message("m3", "no", edited),
        message("m2", "yes", quote),
        message("m1", "known", ""),
    ];
    let read = read(format!("[{}]", file.join(",")));
    assert_eq!(read.texts(), ["see\nno picture\nhost: h1", "no", "yes", "known"]);
    assert_eq!(read.messages[2].quote.as_deref(), Some("mara: known\nlost\nport: 22"));
    let at = "2021-01-01T00:00:00.000Z";
    assert_eq!(
        read.text,
        format!("{at}\tquotes\tmara: before the edit\n{at}\tquotes\tlost port: 22\n")
    );
}

fn record(id: &str) -> String {
    format!(
        r#"{{"_id":"{id}","rid":"r1","msg":"{id}","ts":"2021-01-01T00:00:00.000Z","u":{{"_id":"u1","username":"lin"}}}}"#
    )
}

#[test]
fn several_answers_in_a_file_are_all_read() {
    let answer = |id: &str| format!(r#"{{"messages":[{}],"success":true}}"#, record(id));
    let [one, two] = ["one", "two"].map(answer);
    for file in [format!("{one}\n{two}\n"), format!("[{one},\n{two}]"), format!("{one}{two}")] {
        let read = read(&file);
        assert_eq!(
            (read.importer, read.texts()),
            ("rocketchat-json", vec!["one", "two"]),
            "{file}"
        );
        assert_eq!((read.text.as_str(), read.warnings.len(), &read.stop), ("", 0, &None), "{file}");
    }
    let rest = read(format!("{one}\n-- end of dump --\n"));
    assert_eq!((rest.texts(), rest.text.as_str()), (vec!["one"], "-- end of dump --\n"));
}

#[test]
fn what_an_answer_says_of_its_room_is_text() {
    let file =
        format!(r#"{{"room":{{"name":"basalt"}},"messages":[{}],"success":true}}"#, record("a"));
    let read = read(file);
    assert_eq!((read.texts(), read.text.as_str()), (vec!["a"], "room\n{\"name\":\"basalt\"}\n"));
}

#[test]
fn a_first_record_that_is_no_message_hides_none_of_the_others() {
    let first = r#"{"_id":"x","rid":"r1","msg":"lost","ts":"2021-01-01T00:00:00.000Z"}"#;
    for file in [
        format!(r#"{{"messages":[{first},{}],"success":true}}"#, record("a")),
        format!("[{first},{}]", record("a")),
    ] {
        let read = read(&file);
        assert_eq!(read.texts(), ["a"], "{file}");
        assert!(read.text.contains("lost") && read.warnings.len() == 1, "{file}");
    }
}

#[test]
fn a_file_without_a_name_takes_nothing_from_the_attachment() {
    let file = r#","file":{},"attachments":[{"title":"a.png","type":"file","title_link":"/f/a.png","title_link_download":true,"image_url":"/f/a.png","image_type":"image/png"}]}"#;
    let record = record("a");
    let read = read(format!("[{}{file}]", record.strip_suffix('}').unwrap()));
    assert_eq!(read.messages[0].media[0].mime, "image/png");
}

#[test]
fn times_of_a_dump_of_the_database() {
    for date in [
        r#"{"$date":"2021-01-01T00:00:00.287Z"}"#,
        r#"{"$date":1609459200287}"#,
        r#"{"$date":{"$numberLong":"1609459200287"}}"#,
    ] {
        let read = read(record("a").replace(r#""2021-01-01T00:00:00.000Z""#, date));
        let message = &read.messages[0];
        assert_eq!(message.time, Some(Stamp::utc(1_609_459_200, 287_000_000)), "{date}");
        assert!(!message.raw_time.is_empty(), "{date}");
    }
}
