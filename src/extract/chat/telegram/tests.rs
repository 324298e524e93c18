use super::super::testing::{data, read, recognised};
use crate::extract::record::ZoneGuess;
use crate::model::{ConversationKind, MessageKind, Stamp};

#[test]
fn a_whole_account_is_read_even_with_its_keys_in_another_order() {
    let read = read(data("telegram_account.json"));
    assert_eq!((read.importer, &read.stop), ("telegram-json", &None));
    assert_eq!(read.export().zone, ZoneGuess::Stated);
    let chats: Vec<_> =
        read.conversations.iter().map(|c| (c.key.as_str(), c.kind, c.title.as_str())).collect();
    assert_eq!(
        chats,
        [
            ("channel1900000001", ConversationKind::Group, "Basalt"),
            ("user100000001\u{1f}user100000002", ConversationKind::Pair, "Lin"),
        ]
    );
    use MessageKind::*;
    let kinds: Vec<_> = read.messages.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [System, Text, Media, Media, System, Media, Text]);
    assert_eq!(
        read.texts(),
        [
            "create group: Basalt; Mara Fict, deleted account",
            "报告 (https://example.org/r) form\u{c}FEED \\x41",
            "caption",
            "When?\n- now (1)",
            "pin message: message 2",
            "1.5, 2.5",
            "hi",
        ]
    );
    assert_eq!(read.handles(), ["user100000001", "user100000002", "user100000003"]);
    let own = &read.participants[0];
    assert_eq!((own.handle.as_str(), own.name.as_str()), ("user100000001", "Mara Fict"));
    // What is no message is found as text, boilerplate is not.
    assert!(read.text.contains("contacts\t知遥\t林\t0012025550102"), "{}", read.text);
    assert!(read.text.contains("button\tPay\thttps://pay.example"), "{}", read.text);
    assert!(!read.text.contains("boilerplate"));
}

#[test]
fn what_stands_beside_a_message_is_kept() {
    let read = read(data("telegram_account.json"));
    let [_, second, third, _, pin, ..] = &read.messages[..] else { panic!("messages") };
    assert_eq!(second.edited, None, "the epoch means never");
    assert_eq!(
        (second.raw_time.as_str(), second.time),
        ("2024-02-19T08:05:00", Some(Stamp::utc(1_708_329_900, 0)))
    );
    assert_eq!(third.edited.as_deref(), Some("2024-02-19T08:07:00"));
    assert_eq!(third.sender.as_deref(), Some("user100000003"));
    assert_eq!(third.reply_to.as_deref(), Some("2"));
    assert_eq!(third.forwarded_from.as_deref(), Some("News"));
    assert_eq!(third.reactions, [("👍".to_owned(), 2), ("77".to_owned(), 1)]);
    let media = &third.media[0];
    assert_eq!(
        (media.kind.as_str(), media.name.as_str(), media.size),
        ("voice", "a.pdf", Some(12))
    );
    assert_eq!(media.note, "(File not included. Change data exporting settings to download.)");
    assert_eq!(pin.reply_to, None, "a pin answers nothing");
}

#[test]
fn old_exports_have_local_times_plain_ids_and_sometimes_no_end() {
    let read = read(data("telegram_old.json"));
    assert_eq!(read.export().zone, ZoneGuess::Assumed);
    let [first, second] = &read.messages[..] else { panic!("messages") };
    assert_eq!(first.time, Some(Stamp::naive(1_550_563_500)));
    assert_eq!((first.sender.as_deref(), &first.edited), (Some("user100000002"), &None));
    assert_eq!(second.media[0].name, "photos/photo_1.jpg");
    assert_eq!(read.conversations[0].key, "user100000001\u{1f}user100000002");
    assert_eq!(read.stop, None);
    assert!(read.warnings[0].contains("ends in the middle"), "{:?}", read.warnings);
    assert!(read.text.contains("\"id\": 9"));
}

#[test]
fn only_telegram_is_taken() {
    for ours in [
        r#"{"messages":[{"type":"message","date_unixtime":"1544006350","from":"A","text":"x"}]}"#,
        r#"{"name":"x","type":"personal_chat","id":1,"messages":[]}"#,
        r#"{"about":"","chats":{"about":"","list":[]}}"#,
    ] {
        assert_eq!(recognised(ours.as_bytes()), Some("telegram-json"), "{ours}");
    }
    for other in [
        r#"{"name":"x","messages":[{"type":"message","text":"x"}]}"#,
        r#"{"name":"x","type":"module","id":1,"messages":[]}"#,
        r#"{"name":"x","version":"1.0.0"}"#,
        r#"{"messages":[{"role":"user","content":"x"}]}"#,
        r#"{"id":1,"name":"x"}"#,
    ] {
        assert_eq!(recognised(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn newer_exports_write_texts_as_entities_everywhere() {
    let message = |id: u32, more: &str| {
        format!(
            r#"{{"id": {id}, "type": "message", "date": "2024-02-19T08:05:00", "from": "M", "from_id": "user1", {more}}}"#
        )
    };
    let poll = r#""text": "", "poll": {"question": [{"type": "plain", "text": "When?"}], "answers": [{"text": {"type": "plain", "text": "now"}, "voters": 1}, {"text": "later", "voters": 2}]}"#;
    let song = r#""text": "", "file": "a.mp3", "media_type": "audio_file", "performer": "The Basalts", "title": "Reef", "duration_seconds": 7"#;
    let gift = r#""text": "", "action": "send_star_gift", "gift_text": [{"type": "plain", "text": "for you"}], "stars": 50"#;
    let unknown = r#""text": "x", "giveaway": {"prize": "a boat", "until": 3}"#;
    let file = format!(
        r#"{{"name": "G", "type": "private_group", "draft": "soon", "id": 7, "messages": [{},{},{},{}]}}"#,
        message(1, poll),
        message(2, song),
        message(3, gift),
        message(4, unknown)
    );
    let read = read(file);
    assert_eq!(read.texts()[0], "When?\n- now (1)\n- later (2)");
    assert_eq!(read.texts()[2], "send star gift: gift text for you; stars 50");
    for kept in ["performer\tThe Basalts", "title\tReef", "giveaway\ta boat 3", "draft\tsoon"] {
        assert!(read.text.contains(kept), "{kept} in {}", read.text);
    }
}

#[test]
fn texts_of_unknown_making_are_not_lost() {
    let text = |text: &str| {
        let file = format!(
            r#"{{"name": "G", "type": "private_group", "id": 7, "messages": [
                {{"id": 1, "type": "message", "date": "2024-02-19T08:05:00", "from": "M",
                  "from_id": "user1", "text": {text}}}]}}"#
        );
        read(file).messages[0].text.clone()
    };
    assert_eq!(text(r#"{"a": "one", "b": [2, "three"]}"#), "one 2 three");
    assert_eq!(text(r#"["one ", 5, null, {"type": "bold", "text": " two"}]"#), "one 5 two");
    assert_eq!(text(r#"{"type": "plain", "text": ""}"#), "");
}

#[test]
fn a_broken_record_costs_itself() {
    let message = |id: u32, text: &str| {
        format!(
            r#"{{"id": {id}, "type": "message", "date": "2024-02-19T08:05:00", "from": "M", "from_id": "user1", "text": "{text}"}}"#
        )
    };
    let broken = r#"{"id": 2, "type": "message", "date": "2024-02-19T08:05:00, "from": "M"#;
    for gap in [",\n", "}}], x\n"] {
        let read = read(format!(
            r#"{{"name": "G", "type": "private_group", "id": 7, "messages": [{},{broken}{gap}{},{}]}}"#,
            message(1, "one"),
            message(3, "three"),
            message(4, "four")
        ));
        assert_eq!(read.texts(), ["one", "three", "four"], "{gap}");
        assert!(read.text.contains("\"id\": 2"), "{}", read.text);
    }
}

/// One chat with these messages.
fn chat(messages: &str) -> String {
    format!(r#"{{"name":"Ops","type":"private_supergroup","id":7,"messages":[{messages}]}}"#)
}

#[test]
fn messages_without_an_instant_take_the_zone_that_the_others_show() {
    let both = |id: u32, date: &str, unix: u32| {
        format!(
            r#"{{"id":{id},"type":"message","date":"{date}","date_unixtime":"{unix}","from":"Mara","from_id":"user1","text":"x"}}"#
        )
    };
    let local = r#"{"id":9,"type":"message","date":"2024-02-19T16:05:00","from":"Mara","from_id":"user1","text":"y"}"#;
    let one = both(1, "2024-02-19T16:05:00", 1_708_329_901);
    let all = read(chat(&[one.as_str(), local].join(",")));
    let ZoneGuess::Inferred { offset, why } = &all.export().zone else {
        panic!("{:?}", all.export())
    };
    assert_eq!((*offset, why.starts_with("1 message gives ")), (8 * 3600, true), "{why}");
    assert_eq!(all.messages[1].time, Some(Stamp::naive(1_708_358_700)));
    assert_eq!(all.messages[0].time, Some(Stamp::utc(1_708_329_901, 0)));

    assert_eq!(read(chat(&one)).export().zone, ZoneGuess::Stated);
    assert_eq!(read(chat(local)).export().zone, ZoneGuess::Assumed);
    // Two stamps of one message that disagree by minutes are no zone.
    let apart = both(1, "2024-02-19T08:15:01", 1_708_329_901);
    let all = read(chat(&[apart.as_str(), local].join(",")));
    assert_eq!(all.export().zone, ZoneGuess::Assumed);
    let nepal = both(1, "2024-02-19T13:50:01", 1_708_329_901);
    let all = read(chat(&[nepal.as_str(), local].join(",")));
    assert!(matches!(all.export().zone, ZoneGuess::Inferred { offset: 20_700, .. }));
    // Most decide, not the first.
    let winter = both(2, "2024-02-19T09:05:00", 1_708_329_900);
    let summer = [
        both(3, "2024-07-19T10:05:00", 1_721_376_300),
        both(4, "2024-07-20T10:05:00", 1_721_462_700),
    ];
    let all = read(chat(&[winter.as_str(), local, &summer[0], &summer[1]].join(",")));
    assert!(matches!(all.export().zone, ZoneGuess::Inferred { offset: 7200, .. }));
}

#[test]
fn a_forward_says_so_also_without_a_name() {
    let message = |more: &str| {
        format!(
            r#"{{"id":1,"type":"message","date":"2024-02-19T16:05:00","date_unixtime":"1708329901","from":"Mara","from_id":"user1","text":"x"{more}}}"#
        )
    };
    let from = |more: &str| read(chat(&message(more))).messages[0].forwarded_from.clone();
    assert_eq!(from(""), None);
    assert_eq!(from(r#","forwarded_from":"Zed","saved_from":"Ops""#).as_deref(), Some("Zed"));
    assert_eq!(from(r#","forwarded_from":null"#).as_deref(), Some("(deleted account)"));
    let id = r#","forwarded_from":null,"forwarded_from_id":"user9""#;
    assert_eq!(from(id).as_deref(), Some("(deleted account) user9"));
}

#[test]
fn a_message_that_could_not_be_exported_hides_none_of_the_others() {
    let known = r#"{"id":2,"type":"message","date":"2024-02-19T08:05:00","from":"Mara","from_id":"user1","text":"x"}"#;
    let read = read(chat(&format!(r#"{{"id":1,"type":"unsupported"}},{known}"#)));
    assert_eq!((read.importer, read.texts()), ("telegram-json", vec!["", "x"]));
    assert_eq!(
        recognised(chat(r#"{"id":1,"type":"unsupported"}"#).as_bytes()),
        Some("telegram-json")
    );
}

#[test]
fn what_was_never_edited_says_the_epoch_in_any_zone() {
    let edited = |at: &str| {
        read(chat(&format!(
            r#"{{"id":2,"type":"message","date":"2019-02-19T08:05:00","edited":"{at}","from":"Mara","from_id":"user1","text":"x"}}"#
        )))
        .messages[0]
            .edited
            .is_some()
    };
    for never in ["1970-01-01T03:00:00", "1969-12-31T19:00:00"] {
        assert!(!edited(never), "{never}");
    }
    assert!(edited("2019-02-19T08:06:00"));
}

#[test]
fn places_without_a_point_and_points_without_a_place() {
    let message = |more: &str| {
        let read = read(chat(&format!(
            r#"{{"id":2,"type":"message","date":"2024-02-19T08:05:00","from":"Mara","from_id":"user1","text":"",{more}}}"#
        )));
        assert_eq!((read.messages[0].kind, read.messages[0].media.len()), (MessageKind::Media, 1));
        read.messages[0].text.clone()
    };
    assert_eq!(message(r#""place_name":"Cafe","address":"Main St 1""#), "Cafe Main St 1");
    assert_eq!(message(r#""location_information":null"#), "");
    let point = r#""location_information":{"latitude":1.5,"longitude":2.5}"#;
    assert_eq!(message(&format!(r#""place_name":"Cafe",{point}"#)), "Cafe 1.5, 2.5");
    assert_eq!(
        message(r#""photo":"(Photo not included. Change data exporting settings to download.)""#),
        ""
    );
}

#[test]
fn exports_that_were_joined_are_read_one_after_the_other() {
    let message = |id: u32| {
        format!(
            r#"{{"id":{id},"type":"message","date":"2024-02-19T08:05:00","date_unixtime":"1708329900","from":"Mara","from_id":"user1","text":"t{id}"}}"#
        )
    };
    let other = chat(&message(3)).replace(r#""id":7"#, r#""id":8"#);
    let read = read(format!("{}\n\u{feff}{other}\nend of file\n", chat(&message(1))));
    assert_eq!(read.texts(), ["t1", "t3"]);
    let keys: Vec<&str> = read.conversations.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["channel7", "channel8"]);
    assert_eq!((read.text.as_str(), read.warnings.len()), ("end of file\n", 1));
    // Only the messages of a chat.
    let list = super::super::testing::read(format!("[{},{}]", message(1), message(2)));
    assert_eq!((list.importer, list.texts()), ("telegram-json", vec!["t1", "t2"]));
}
