use super::super::package;
use super::super::testing::{Read, data, read, read_as, recognised};
use crate::model::{ConversationKind, MessageKind, Stamp};

const FILES: [&str; 5] = [
    "users.json",
    "channels.json",
    "dms.json",
    "basalt/2024-02-19.json",
    "D0FICT1/2024-02-20.json",
];

/// All files of the export, read one by one with their claims, as an ingest does.
fn package() -> Vec<Read> {
    let claims = package::claim(&FILES);
    FILES
        .iter()
        .zip(claims)
        .map(|(path, claim)| read_as(&data(&format!("slack/{path}")), path, Some(&claim.unwrap())))
        .collect()
}

#[test]
fn every_part_says_what_it_knows_under_the_same_keys() {
    let parts = package();
    assert!(parts.iter().all(|part| part.export().package.as_deref() == Some("")));
    let [users, channels, dms, day, empty] = &parts[..] else { panic!("parts") };
    let names: Vec<_> =
        users.participants.iter().map(|p| (p.handle.as_str(), p.name.as_str())).collect();
    assert_eq!(names, [("U0MARA", "Mara Fict"), ("U0LIN", "林知遥")]);
    let phone = ("phone".to_owned(), "+1 202 555 0101".to_owned());
    assert!(users.participants[1].attributes.contains(&phone));
    let channel = &channels.conversations[0];
    assert_eq!((channel.key.as_str(), channel.kind), ("basalt", ConversationKind::Channel));
    assert_eq!(channel.members, ["U0MARA", "U0LIN"]);
    assert_eq!(channels.text, "#basalt topic: Project Basalt (https://example.org)\n");
    assert_eq!(dms.conversations[0].key, "D0FICT1");
    assert_eq!(dms.conversations[0].kind, ConversationKind::Pair);
    assert!(day.messages.iter().all(|message| message.conversation == "basalt"));
    assert!(empty.messages.is_empty() && empty.stop.is_none());
}

#[test]
fn a_day_is_read() {
    let day = read(data("slack/basalt/2024-02-19.json"));
    use MessageKind::*;
    let kinds: Vec<_> = day.messages.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [Text, Text, Text, Text, Media, System, Deleted]);
    let [first, reply, bot, preview, files, left, _] = &day.messages[..] else {
        panic!("messages")
    };
    assert_eq!(first.text, "morning @U0LIN");
    assert_eq!(super::resolve(&first.text, &|_| Some("lin".to_owned())), "morning @lin");
    assert_eq!((first.thread.as_deref(), first.reply_to.as_deref()), (None, None));
    assert_eq!(first.time, Some(Stamp::utc(1_708_329_900, 0)));
    assert_eq!(reply.text, "yes & no");
    assert_eq!(reply.reply_to.as_deref(), Some("1708329900.000000"));
    assert_eq!(reply.edited.as_deref(), Some("1708330000.000000"));
    assert_eq!(reply.raw_time, "1708329995.000001");
    assert_eq!(reply.native_id.as_deref(), Some("1708329995.000001"));
    assert_eq!(reply.reactions, [("+1".to_owned(), 1)]);
    assert_eq!(bot.sender.as_deref(), Some("B0X"));
    assert_eq!(bot.text, "Build failed\nsee log (https://ci.example)\nbranch: main");
    assert_eq!(
        (preview.text.as_str(), preview.quote.as_deref()),
        ("this", Some("A page\nabout it"))
    );
    let names: Vec<_> = files.media.iter().map(|m| (m.name.as_str(), m.note.as_str())).collect();
    let hidden = "hidden by the limit of the workspace's plan";
    assert_eq!(
        names,
        [("invoice.pdf", "https://files.slack.example/invoice.pdf"), ("F05", hidden)]
    );
    assert_eq!(left.text, "@U0LIN has left the channel");
    let named = day.participants.iter().find(|p| p.name == "林知遥").unwrap();
    assert_eq!(named.handle, "U0LIN");
    assert!(day.participants.iter().any(|p| p.handle == "B0X" && p.is_bot));
}

#[test]
fn messages_may_lack_their_type() {
    let day = read(r#"[{"ts":"1708329900.000000","user":"U0MARA","text":"first"}]"#);
    assert_eq!(day.texts(), ["first"]);
}

#[test]
fn what_apps_say_in_blocks_is_read() {
    let day = read(
        r#"[{"type":"message","ts":"1708329900.000000","user":"U0MARA","text":"see *this*","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"see "},{"type":"text","text":"this","style":{"bold":true}}]}]}]},
        {"type":"message","subtype":"bot_message","ts":"1708329901.000000","bot_id":"B0X","text":"Build 7","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"Build 7"}},{"type":"context","elements":[{"type":"mrkdwn","text":"by Lin"},{"type":"mrkdwn","text":"2 min"}]}],"attachments":[{"blocks":[{"type":"section","text":{"type":"plain_text","text":"the log"}}],"fallback":"[no preview]"}]},
        {"type":"message","ts":"1708329902.000000","user":"U0MARA","text":"","files":[{"id":"F1","name":"-.txt","title":"Plan","mimetype":"text/plain","preview":"step one"}]}]"#,
    );
    assert_eq!(day.texts(), ["see *this*", "Build 7\nby Lin\n2 min\nthe log", ""]);
    let at = "1708329902.000000\t-.txt";
    assert_eq!(day.text, format!("{at}\tPlan\n{at}\tstep one\n"));
}

#[test]
fn what_was_changed_or_deleted_is_kept() {
    let day = read(
        r#"[{"type":"message","ts":"1708329900.000000","user":"U0MARA","text":"first"},
        {"type":"message","subtype":"message_changed","ts":"1708329960.000001","message":{"type":"message","user":"U0MARA","ts":"1708329900.000000","text":"new wording"},"previous_message":{"type":"message","user":"U0MARA","ts":"1708329900.000000","text":"old wording"}},
        {"type":"message","subtype":"message_deleted","ts":"1708329961.000001","deleted_ts":"1708329900.000000","previous_message":{"type":"message","user":"U0LIN","ts":"1708329900.000000","text":"gone wording"}}]"#,
    );
    let [_, changed, deleted] = &day.messages[..] else { panic!("{:?}", day.messages) };
    assert_eq!(changed.text, "new wording\n[before the edit: old wording]");
    assert_eq!((changed.sender.as_deref(), changed.kind), (Some("U0MARA"), MessageKind::Text));
    assert_eq!(changed.edited.as_deref(), Some("1708329960.000001"));
    assert_eq!(changed.native_id.as_deref(), Some("1708329900.000000"));
    assert_eq!(changed.raw_time, "1708329960.000001");
    assert_eq!((deleted.text.as_str(), deleted.kind), ("gone wording", MessageKind::Deleted));
    assert_eq!(deleted.sender.as_deref(), Some("U0LIN"));
    assert_eq!(deleted.native_id.as_deref(), Some("1708329900.000000"));
}

#[test]
fn without_its_package_a_day_belongs_to_its_folder() {
    let bytes = data("slack/basalt/2024-02-19.json");
    assert_eq!(read_as(&bytes, "x/basalt/a.json", None).conversations[0].key, "basalt");
    assert_eq!(read_as(&bytes, "q7x", None).export().package, None);
}

#[test]
fn users_without_a_profile_have_their_names() {
    let claim = package::Claim {
        importer: super::ID.to_owned(),
        root: String::new(),
        role: "users".to_owned(),
        conversation: None,
    };
    let bytes = br#"[{"id":"U0001","name":"ann"},{"id":"U0002","profile":{"real_name":"Bob"}}]"#;
    let users = read_as(bytes, "users.json", Some(&claim));
    let names: Vec<_> = users.participants.iter().map(|user| user.name.as_str()).collect();
    assert_eq!((names, users.warnings.len()), (vec!["ann", "Bob"], 0));
}

#[test]
fn lists_that_are_something_else_are_left_alone() {
    for other in [
        "[]",
        r#"[{"type":"message","ts":"yesterday"}]"#,
        r#"[{"id":"U1","name":"x"}]"#,
        r#"[{"id":"user","profile":{}}]"#,
        r#"[1,2]"#,
        "[",
    ] {
        assert_eq!(recognised(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn ids_of_two_characters_are_ids_where_the_files_say_so() {
    let read_part = |path: &str, bytes: &str| {
        let paths = [
            "users.json",
            "channels.json",
            "dms.json",
            "general/2024-02-19.json",
            "D1/2024-02-19.json",
        ];
        let at = paths.iter().position(|known| *known == path).unwrap();
        read_as(bytes.as_bytes(), path, package::claim(&paths)[at].as_ref())
    };
    let users =
        read_part("users.json", r#"[{"id":"U1","name":"ann","profile":{"real_name":"Ann"}}]"#);
    assert_eq!((users.handles(), users.participants[0].name.as_str()), (vec!["U1"], "Ann"));
    let channels = read_part("channels.json", r#"[{"id":"C1","name":"general","members":["U1"]}]"#);
    assert_eq!(channels.conversations[0].kind, ConversationKind::Channel);
    let dms = read_part("dms.json", r#"[{"id":"D1","members":["U1","U2"]}]"#);
    assert_eq!(dms.conversations[0].kind, ConversationKind::Pair);
    let day = read_part(
        "D1/2024-02-19.json",
        r#"[{"type":"message","ts":"1708329900.1","user":"U1","text":"<@U2> hi"}]"#,
    );
    assert_eq!((day.texts(), day.conversations[0].kind), (vec!["@U2 hi"], ConversationKind::Pair));
    assert_eq!(super::resolve("@U2 hi", &|_| Some("bob".to_owned())), "@bob hi");
    assert_eq!(
        recognised(br#"[{"id":"U1","name":"ann","profile":{}}]"#),
        None,
        "no workspace says so"
    );
}

#[test]
fn what_is_shared_is_found_beside_its_message() {
    let day = read(
        r#"[{"type":"message","ts":"1708329900.000000","user":"U0MARA","text":"see","attachments":[{"is_share":true,"author_name":"Lin","text":"the plan"}]}]"#,
    );
    assert_eq!(
        (day.texts(), day.messages[0].quote.as_deref()),
        (vec!["see"], Some("Lin\nthe plan"))
    );
    assert_eq!(day.text, "1708329900.000000\tquotes\tLin the plan\n");
}

#[test]
fn records_as_tools_write_them() {
    let day = read(
        r#"[{"type":"message","ts":1708329900.0001,"user":"U0MARA","text":"first","edited":null,"files":null,"thread_ts":null}]
        [{"type":"message","subtype":"file_comment","ts":"1708329901.000000","text":"see","comment":{"id":"Fc1","user":"U0LIN","comment":"see"}}]"#,
    );
    assert_eq!(day.texts(), ["first", "see"]);
    let [first, comment] = &day.messages[..] else { panic!("messages") };
    assert_eq!((&first.edited, &first.reply_to, first.media.len()), (&None, &None, 0));
    assert_eq!(first.time, Some(Stamp::utc(1_708_329_900, 100_000)));
    assert_eq!(comment.sender.as_deref(), Some("U0LIN"));
    assert_eq!((day.text.as_str(), day.warnings.len()), ("", 0));
}
