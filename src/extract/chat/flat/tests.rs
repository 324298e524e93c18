use crate::extract::chat::roster::pair_key;
use crate::extract::chat::testing::{read, recognised};
use crate::model::{ConversationKind, MessageKind};
use proptest::prelude::*;
use serde_json::json;

const ONE: &str = r#"{"ts":"2021-04-06T00:40:15.382810","from":"a@host.example","to":"b@host.example","body":"один"}"#;
const TWO: &str = r#"{"ts":"2021-04-06T00:41:15.000001","from":"b@host.example","to":"a@host.example","body":"?OTR:AAMD"}"#;

#[test]
fn records_in_any_arrangement() {
    for file in [
        format!("{ONE}\n{TWO}\n"),
        format!("{ONE}{TWO}"),
        format!("{ONE},\n{TWO}"),
        format!("{ONE},\n{TWO},\n"),
        format!("[{ONE},\n{TWO}]"),
        format!("[{ONE},\n{TWO},"),
        format!("\u{feff}[\n{ONE}\n,{TWO}]\n"),
        format!("\u{feff}{ONE}\r\n\u{feff}{TWO}"),
    ] {
        let read = read(&file);
        assert_eq!(
            (read.importer, read.messages.len(), &read.stop),
            ("flat-json", 2, &None),
            "{file}"
        );
        assert_eq!(read.export().platform.0, "jabber");
        assert_eq!(read.messages[0].text, "один");
        assert_eq!(read.messages[0].time.unwrap().nanos, 382_810_000);
        assert_eq!(read.messages[1].kind, MessageKind::Encrypted);
        assert_eq!(read.conversations.len(), 1, "both directions are one conversation");
        let (start, end) = read.messages[1].span.unwrap();
        assert_eq!(&file[start as usize..end as usize], TWO);
        assert_eq!((read.text.as_str(), read.warnings.len()), ("", 0));
    }
}

#[test]
fn accounts_anywhere_in_a_log_tell_its_platform() {
    let record = |from: &str, at: usize| {
        format!(
            r#"{{"time":"2024-02-19 08:{:02}:{:02}","from":"{from}","to":"red_fox","message":"{}"}}"#,
            at / 60 % 60,
            at % 60,
            "好".repeat(60)
        )
    };
    let platform = |last: &str| {
        let records: Vec<String> = (0..600).map(|at| record("blue9cat", at)).collect();
        let read = read(format!("[{},\n{}]", records.join(",\n"), record(last, 7)));
        assert_eq!(read.messages.len(), 601);
        read.export().platform.0.clone()
    };
    assert_eq!(platform("wxid_fict0a0001"), "wechat");
    assert_eq!(platform("blue9cat"), "table");
    let upper = ONE.replace("ts", "TS").replace("from", "FROM").replace("body", "BODY");
    assert_eq!(read(upper.replace("\"to", "\"TO")).export().platform.0, "jabber");
}

#[test]
fn records_in_a_list_of_an_object() {
    for file in [
        format!("{{\"messages\": [{ONE},{TWO}]}}"),
        format!("{{\"room\": \"x\", \"tags\": [1], \"log\": [\n{ONE},\n{TWO}\n]\n}}\n"),
    ] {
        let read = read(&file);
        assert_eq!((read.importer, read.messages.len()), ("flat-json", 2), "{file}");
        assert_eq!(read.export().platform.0, "jabber");
        assert_eq!((read.text.as_str(), read.warnings.len()), ("", 0), "{file}");
        let (start, end) = read.messages[1].span.unwrap();
        assert_eq!(&file[start as usize..end as usize], TWO);
    }
    // A record that holds another is one record.
    let nested = ONE.replace("\"body\"", &format!("\"answers\":[{TWO}],\"body\""));
    assert_eq!(read(format!("{nested}\n{TWO}")).messages.len(), 2);
}

#[test]
fn the_marks_of_a_translator() {
    let wide = ONE.replace(":\"", ": “").replace("\",", "”，").replace("\"}", "”}");
    let file = format!("{wide}\n{}\n", wide.replace("один", "say “two”, and go"));
    let read = read(&file);
    assert_eq!(read.texts(), ["один", "say “two”, and go"], "{file}");
    assert_eq!(read.messages[0].sender.as_deref(), Some("a@host.example"));
}

#[test]
fn damage_costs_one_record_and_is_told() {
    let cut = read(format!("{ONE}\n{}", &TWO[..60]));
    assert_eq!((cut.messages.len(), cut.warnings.len(), cut.stop), (1, 1, None));
    assert!(cut.text.contains("00:41:15"));
    let stray = read(format!("{ONE}}}\n:{TWO}\n"));
    assert_eq!((stray.messages.len(), stray.stop), (2, None));
    assert!(stray.warnings[0].contains("kept as text"));
    assert_eq!(stray.text.trim(), "}\n:");
    let odd = read(format!("{ONE}{{\"note\":\"x\"}}{TWO}"));
    assert_eq!((odd.messages.len(), odd.text.trim()), (2, "{\"note\":\"x\"}"));
}

#[test]
fn a_lost_quotation_mark_costs_its_own_record() {
    let cut = r#"{"ts":"2021-04-06T00:42:00","from":"c@host.example","to":"d@host.exa"#;
    let bare = r#"{"ts":"2021-04-06T00:42:00","from":"c@host.example", oops "#;
    for broken in [cut, bare, &format!("{cut}\n{bare}")] {
        for gap in ["", "\n", ",\n"] {
            let file = format!("{ONE}{gap}{broken}{gap}{TWO}\n{ONE}");
            let read = read(&file);
            assert_eq!((read.messages.len(), &read.stop), (3, &None), "{file}");
            assert!(!read.warnings.is_empty());
            assert!(read.text.contains("00:42:00"), "{}", read.text);
            let (start, end) = read.messages[1].span.unwrap();
            assert_eq!(&file[start as usize..end as usize], TWO);
        }
    }
    let large = ONE.replace("один", &"长".repeat(700_000));
    let read = read(format!("{ONE}{large}{TWO}{cut}\n{ONE}"));
    assert_eq!((read.messages.len(), read.messages[1].text.len()), (4, 2_100_000));
}

#[test]
fn a_broken_first_record_hides_none_of_the_others() {
    let broken = r#"{"ts":"2021-04-06T00:40:15.38, "from":"c@host.example"}"#;
    for file in [format!("{broken}\n{ONE}\n{TWO}"), format!("[{broken},\n{ONE},\n{TWO}]")] {
        let read = read(&file);
        assert_eq!((read.messages.len(), &read.stop), (2, &None), "{file}");
        assert_eq!(read.export().platform.0, "jabber");
        assert!(read.text.contains("c@host.example"), "{}", read.text);
    }
}

/// A record as a program that translates files leaves it.
fn torn(at: usize, body: &str) -> String {
    let open = if at.is_multiple_of(2) { "{ " } else { "}, " };
    format!(
        "{{\n  {open}\"ts\": \"2021-03-02T07:16:{at:02}.597904\",\n  {{ \"from\": \"lin@host.example\",\n  \
             {{ \"to\": \"mara@host.example\",\n  {{ \"body\": \"{body}\n}}\n"
    )
}

#[test]
fn a_file_that_is_no_json_at_all_is_read_by_its_keys() {
    let bodies = ["one\"", "two\".", "three", "{backslash}\"four{backslash}\"\" }", "fi\": \"ve\""];
    let file: String = bodies.iter().enumerate().map(|(at, body)| torn(at, body)).collect();
    let other = bodies.iter().enumerate().map(|(at, body)| torn(at + 1, body));
    assert_eq!(read(other.collect::<String>()).messages.len(), bodies.len());
    for (before, warnings, text) in
        [("", 1, ""), ("mara@host.example\",\n  \"body\": \"cut\"\n}\n", 2, "cut")]
    {
        let file = format!("{before}{file}");
        let read = read(&file);
        assert_eq!((read.importer, &read.stop), ("flat-json", &None));
        assert_eq!(
            read.texts(),
            ["one", "two", "three", "{backslash}\"four{backslash}\"", "fi\": \"ve"]
        );
        assert_eq!(read.export().platform.0, "jabber");
        assert_eq!(read.handles(), ["lin@host.example", "mara@host.example"]);
        assert_eq!(read.conversations.len(), 1);
        assert_eq!(read.messages[1].raw_time, "2021-03-02T07:16:01.597904");
        assert!(read.messages.iter().all(|message| message.time.is_some()));
        let (start, end) = read.messages[1].span.unwrap();
        let record = &file[start as usize..end as usize];
        assert!(record.starts_with("{\n  }, \"ts\"") && record.ends_with("}\n"), "{record}");
        assert_eq!(read.warnings.len(), warnings, "{:?}", read.warnings);
        assert!(read.text.contains(text));
    }
}

#[test]
fn torn_records_between_good_ones_are_messages_too() {
    let good = |at: u32| {
        serde_json::to_string_pretty(&json!({"ts": format!("2021-03-02T07:17:{at:02}"),
                "from": "lin@host.example", "to": "mara@host.example", "body": format!("good {at}")}))
            .unwrap()
    };
    let brace = good(1).replace("\"\n}", "\" }\n}");
    let open = good(2).replace("good 2\"", "good 2");
    let comma = good(3).replace("example\",\n  \"to\"", "example\"\n  \"to\"");
    let quotes = good(4).replace("good 4", "a {b}\"good{b}\" 4");
    let file = [good(0), brace, open, comma, quotes, torn(5, "five\""), good(6)].join("\n");
    let read = read(&file);
    assert_eq!(
        read.texts(),
        ["good 0", "good 1", "good 2", "good 3", "a {b}\"good{b}\" 4", "five", "good 6"]
    );
    assert_eq!((read.text.as_str(), &read.stop), ("", &None));
    assert_eq!(read.warnings.len(), 2, "{:?}", read.warnings);
    let (start, end) = read.messages[3].span.unwrap();
    assert!(file[start as usize..end as usize].contains("good 3"));
}

#[test]
fn records_may_leave_out_what_was_not_said() {
    let silent = ONE.replace(r#","body":"один""#, "");
    let read = read(format!("{silent}\n{ONE}\n{silent}\n{TWO}\n"));
    assert_eq!(read.texts(), ["", "один", "", "?OTR:AAMD"]);
    assert_eq!(read.messages[0].kind, MessageKind::Empty);
    let other = format!("{}\n{ONE}\n", r#"{"ts":"2021-04-06T00:40:15","level":"info"}"#);
    assert_eq!(recognised(other.as_bytes()), None, "a log in which one line looks like a chat");
}

#[test]
fn what_python_prints_is_read() {
    let one = ONE.replace('"', "'").replace("'один'", "'it\\'s \"один\"'");
    let two = TWO.replace('"', "'").replace("'?OTR:AAMD'", "None");
    let read = read(format!("{one}\n{two},\n{}", ONE.replace("\"}", "\",}")));
    assert_eq!(read.texts(), ["it's \"один\"", "", "один"]);
    assert_eq!(read.messages[1].kind, MessageKind::Empty);
    let lists = crate::extract::chat::testing::read(format!("[[{ONE}],\n[{TWO}]]"));
    assert_eq!((lists.messages.len(), lists.text.as_str()), (2, ""));
}

#[test]
fn other_encodings_are_read_as_well() {
    let wide: Vec<u8> =
        format!("\u{feff}{ONE}\n{TWO}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = read(&wide);
    assert_eq!((wide.texts(), wide.messages[0].span), (vec!["один", "?OTR:AAMD"], None));
    let record = r#"{"time":"2021-03-02 01:41:12","from":"wxid_fict0a0001","to":"wxid_fict0b0001","message":"今天下午开会讨论这个项目的合同"}"#;
    let chinese = read(&encoding_rs::GB18030.encode(&record.repeat(3)).0);
    assert_eq!((chinese.messages.len(), chinese.warnings.len()), (3, 0));
    assert_eq!(chinese.messages[2].text, "今天下午开会讨论这个项目的合同");
}

#[test]
fn translated_copies_keep_the_translation_as_text() {
    let read = read(ONE.replace("\"body\"", "\"body_en\":\"one\",\"body\""));
    assert_eq!(read.texts(), ["один"]);
    assert_eq!(read.text, "2021-04-06T00:40:15.382810\tbody_en\tone\n");
}

#[test]
fn what_nobody_could_decrypt_is_told() {
    let check = |body: &str, kind: MessageKind| {
        assert_eq!(read(ONE.replace("один", body)).messages[0].kind, kind, "{body}");
    };
    for notice in [
        "?OTR:AAMD",
        "[ERROR: This message is encrypted, and you are unable to decrypt it.]",
        "[Ошибка: сообщение зашифровано, и невозможно его расшифровать.]",
    ] {
        check(notice, MessageKind::Encrypted);
    }
    for said in ["it is encrypted, who can decrypt it?", "[12:01] <lin> encrypted", "[]"] {
        check(said, MessageKind::Text);
    }
}

#[test]
fn addresses_are_accounts_or_rooms() {
    let record = |from: &str, to: &str| {
        json!({"ts": "2021-04-06T00:40:15.382810", "from": from, "to": to, "body": "x"}).to_string()
    };
    let room = "basalt@conference.host.example";
    let file = [
        record("a@host.example", "b@host.example"),
        record("b@host.example/Psi", "a@host.example "),
        record("a@host.example", room),
        record(&format!("{room}/mara"), "a@host.example"),
        record("ahost.example", "ahost.example"),
    ];
    let read = read(file.join("\n"));
    let mut keys: Vec<&str> = read.messages.iter().map(|m| m.conversation.as_str()).collect();
    let pair = pair_key("a@host.example", "b@host.example");
    let own = pair_key("ahost.example", "ahost.example");
    assert_eq!(keys, [&pair, &pair, room, room, &own]);
    keys.dedup();
    assert_eq!(read.conversations.len(), keys.len());
    let told = &read.conversations[1];
    assert_eq!((told.kind, told.title.as_str()), (ConversationKind::Group, room));
    assert_eq!(
        read.handles(),
        ["a@host.example", "ahost.example", "b@host.example", &format!("{room}/mara")]
    );
}

#[test]
fn other_sets_of_keys() {
    let basta = read(
        r#"[{"timestamp":"2023-09-18 13:35:07","chat_id":"!r:s.example","sender_alias":"@a:s.example","message":"x"}]"#,
    );
    assert_eq!(
        (basta.export().platform.0.as_str(), basta.messages[0].conversation.as_str()),
        ("matrix", "!r:s.example")
    );
    let soon = read(
        r#"[{"time":"2021-03-02 01:41:12","from":"wxid_fict0a0001","to":"1@chatroom","message":""}]"#,
    );
    assert_eq!(soon.export().platform.0, "wechat");
    assert_eq!(
        (soon.messages[0].kind, soon.messages[0].conversation.as_str()),
        (MessageKind::Media, "1@chatroom")
    );
    let told = read(
        r#"[{"time":"2021-03-02 01:41:12","from":"1@chatroom","to":"wxid_fict0a0001","message":"wxid_fict0b0001:\n好"}]"#,
    );
    let message = &told.messages[0];
    assert_eq!((message.sender.as_deref(), message.text.as_str()), (Some("wxid_fict0b0001"), "好"));
    for other in [
        r#"[{"date":"2021-03-02 01:41:12","from":"a","to":"b","subject":"s","body":"x"}]"#,
        r#"[{"date":"2021-03-02","from":"a","to":"b","message":"x"}]"#,
        r#"{"date":"2021-03-02 01:41:12","sender":"a","body":"x","quote":""}"#,
        r#"[{"time":"2021-03-02 01:41:12","from":"a","to":"b","amount":5,"message":"x"}]"#,
        r#"[{"time":"2021-03-02 01:41:12","level":"info","from":"a","to":"b","message":"x"}]"#,
    ] {
        assert_eq!(recognised(other.as_bytes()), None, "{other}");
    }
}

proptest! {
    /// Braces before the keys take nothing from what was said.
    #[test]
    fn any_text_comes_back_from_torn_records(texts in prop::collection::vec(any::<String>(), 2..6)) {
        let body = |text: &String| {
            let body = serde_json::to_string(text).unwrap();
            body.strip_prefix('"').unwrap().to_owned()
        };
        let file: String = texts.iter().enumerate().map(|(at, text)| torn(at, &body(text))).collect();
        let wanted: Vec<String> = texts.iter().map(|text| text.replace('\0', "\u{2400}")).collect();
        let read = read(&file);
        prop_assert_eq!(read.texts(), wanted);
    }

    #[test]
    fn any_text_comes_back(texts in prop::collection::vec(any::<String>(), 1..6), pretty in any::<bool>()) {
        let mut file = String::new();
        for text in &texts {
            let record = json!({"ts": "2021-04-06T00:40:15.382810", "from": "a@h.example", "to": "b@h.example", "body": text});
            file += &if pretty { serde_json::to_string_pretty(&record) } else { serde_json::to_string(&record) }.unwrap();
        }
        let read = read(&file);
        let wanted: Vec<String> = texts.iter().map(|text| text.replace('\0', "\u{2400}")).collect();
        prop_assert_eq!(read.texts(), wanted);
    }
}
