use super::super::testing::{data, read, read_as, recognised};
use crate::extract::record::ZoneGuess;
use crate::model::{ConversationKind, MessageKind, Stamp};

#[test]
fn an_export_of_ios() {
    let bytes = data("whatsapp_ios.txt");
    let read = read(&bytes);
    assert_eq!((read.importer, read.messages.len()), ("whatsapp-text", 6));
    assert_eq!(read.export().zone, ZoneGuess::Assumed);
    assert!(read.export().assumptions[0].contains("day before month"));
    use MessageKind::*;
    let kinds: Vec<_> = read.messages.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [System, Text, Media, Text, Deleted, System]);
    let [notice, first, photo, edited, ..] = &read.messages[..] else { panic!("messages") };
    assert_eq!(notice.sender, None);
    assert_eq!(first.text, "Guten Morgen\n\nzweite Zeile");
    assert_eq!(first.raw_time, "19/02/2024, 8:05:00\u{202f}AM");
    assert_eq!(first.time, Some(Stamp::naive(1_708_329_900)));
    assert_eq!(photo.media[0].name, "00000001-PHOTO.jpg");
    assert_eq!((edited.text.as_str(), edited.edited.as_deref()), ("room 4B", Some("")));
    assert_eq!(read.handles(), ["+1 202-555-0101", "Mara"]);
    assert_eq!(read.conversations[0].title, "Basalt");
    for message in &read.messages {
        let (start, end) = message.span.unwrap();
        let record = std::str::from_utf8(&bytes[start as usize..end as usize]).unwrap();
        assert!(record.contains(&message.raw_time) && record.ends_with('\n'), "{record:?}");
    }
}

#[test]
fn an_export_of_android_with_its_name() {
    let text = "19.02.24, 08:05 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n\
        19.02.24, 08:05 - Mara: Hallo: du\n20.02.24, 08:06 - Lin: IMG-1.jpg (Datei angehängt)\nschau\n\
        20.02.24, 08:07 - Lin: <Medien ausgeschlossen>\n20.02.24, 08:08 - Mara:\n";
    let read = read_as(text.as_bytes(), "x/WhatsApp Chat mit Lin.txt", None);
    use MessageKind::*;
    let kinds: Vec<_> = read.messages.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [System, Text, Media, Media, Empty]);
    assert_eq!(read.texts()[1..3], ["Hallo: du", "schau"]);
    let chat = &read.conversations[0];
    assert_eq!(
        (chat.key.as_str(), chat.kind, chat.title.as_str()),
        ("Lin\u{1f}Mara", ConversationKind::Pair, "Lin")
    );
}

/// Every form of head that the widely used parsers list: four orders of the date, three
/// separators, with and without brackets, seconds and halves of the day.
#[test]
fn all_forms_of_heads_are_read() {
    let days = [(2019, 8, 6), (2019, 8, 7), (2019, 8, 20), (2019, 9, 3), (2019, 12, 30)];
    let mut count = 0;
    for order in ["ymd", "ydm", "dmy", "mdy"] {
        for separator in ['-', '/', '.'] {
            for bracket in [false, true] {
                for seconds in [false, true] {
                    for half in [false, true] {
                        let mut file = String::new();
                        for (at, (year, month, day)) in days.iter().enumerate() {
                            let part = |c| match c {
                                'y' => format!("{:02}", year % 100),
                                'm' => format!("{month:02}"),
                                _ => format!("{day:02}"),
                            };
                            let date: Vec<String> = order.chars().map(part).collect();
                            let date = date.join(&separator.to_string());
                            let seconds = if seconds { ":48" } else { "" };
                            let time = match half {
                                true => format!("01:23{seconds} PM"),
                                false => format!("13:23{seconds}"),
                            };
                            let name = ["Ash Ketchum", "Brock", "Misty"][at % 3];
                            let body = format!("{name}: message {at}\nsecond line");
                            file += &match bracket {
                                true => format!("[{date} {time}] {body}\n"),
                                false => format!("{date}, {time} - {body}\n"),
                            };
                        }
                        let read = read(&file);
                        assert_eq!(read.importer, "whatsapp-text", "{file}");
                        let times: Vec<_> = read
                            .messages
                            .iter()
                            .map(|m| m.time.map(|t| t.clock - t.clock % 60))
                            .collect();
                        let wanted: Vec<_> = days
                            .iter()
                            .map(|(y, m, d)| {
                                crate::extract::chat::stamp::clock(*y, *m, *d, 13, 23, 0)
                            })
                            .collect();
                        assert_eq!(times, wanted, "{file}");
                        assert_eq!(read.handles(), ["Ash Ketchum", "Brock", "Misty"]);
                        count += 1;
                    }
                }
            }
        }
    }
    assert_eq!(count, 96);
}

/// iPhones ended the stamp with a colon until 2018.
#[test]
fn old_exports_of_ios() {
    let file = "19/02/17, 08:05:12: Lin: hello\n19/02/17, 08:05:40: Mara: first\nsecond: line\n\
                20/02/17, 9:00:01: Mara: \u{200e}<image omitted>\n";
    let read = read(file);
    assert_eq!(read.importer, "whatsapp-text");
    assert_eq!(read.handles(), ["Lin", "Mara"]);
    let texts: Vec<_> = read.messages.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(texts[..2], ["hello", "first\nsecond: line"]);
    assert_eq!(read.messages[0].raw_time, "19/02/17, 08:05:12");
}

#[test]
fn logs_and_other_chats_are_left_alone() {
    for other in [
        "[2024-02-19 08:05:00] INFO: started\n[2024-02-19 08:05:01] ERROR: stopped\n",
        "19.02.24 08:05:00: INFO: started: now\n19.02.24 08:05:01: ERROR: stopped: now\n",
        "[2024-02-19 08:05:00] production.ERROR: no route {\"a\":1}\n",
        "2024-02-19 08:05:00 - root: started\n2024-02-19 08:05:01 - root: stopped\n",
        "[02.09.21 13:29:57] nick:\t\thello\n[02.09.21 13:30:57] nock:\t\thi\n",
        "[2019-12-24, 12:23] Jane Doe: Hello John!\n[2020-01-17, 21:49] John Doe: Hello\n",
        "[2024-02-19 08:05:00] Mara: hello  \n[2024-02-19 08:06:00] Me: hi  \n",
        "[2/19/2024 8:05 AM] mara\nhello\n\n[2/19/2024 8:06 AM] lin\nhi\n",
        "2024. 2. 19. 오전 8:05, Mara : hello\n",
        "[2023-09-18 13:35:07] @mara:server.example: hello\n",
        "08:05 <@mara> hello\n",
        "Meeting 19.02.24, 08:05 - 10:00 room: 4B\n",
        "19.02.24, 08:05 - the meeting begins\n",
    ] {
        assert_eq!(recognised(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn a_group_by_its_events() {
    let text = "06/20/20, 00:08 - +12 345 578 created group \"Groupname\"\n06/20/20, 00:09 - You were added\n\
        06/21/20, 10:00 - Ann: hi\n06/22/20, 10:00 - Bob: yo\n";
    let read = read_as(text.as_bytes(), "WhatsApp Chat with Groupname.txt", None);
    let chat = &read.conversations[0];
    assert_eq!((chat.key.as_str(), chat.kind), ("Groupname", ConversationKind::Group));
    assert_eq!(read.handles(), ["Ann", "Bob"]);
}

#[test]
fn names_without_a_blank_behind_their_colon() {
    let check = |lines: &[&str], expected: &[(&str, &str)]| {
        let text: String = lines.iter().map(|line| format!("19/02/24, 08:05 - {line}\n")).collect();
        let read = read(text.replacen("19/02", "20/02", 1));
        let said: Vec<(&str, &str)> = read
            .messages
            .iter()
            .map(|m| (m.sender.as_deref().unwrap_or("-"), m.text.as_str()))
            .collect();
        assert_eq!(said, expected);
    };
    check(
        &["Bob:Hi", "Lin:yes", "Bob:see http://x.example", "Bob:one: two"],
        &[("Bob", "Hi"), ("Lin", "yes"), ("Bob", "see http://x.example"), ("Bob", "one: two")],
    );
    check(
        &["Bob:Hi", "Lin: yes", "Lin: go to a:b", "Lin left at 8:05", "See https://x.example"],
        &[
            ("Bob", "Hi"),
            ("Lin", "yes"),
            ("Lin", "go to a:b"),
            ("-", "Lin left at 8:05"),
            ("-", "See https://x.example"),
        ],
    );
}

/// A file that holds many shapes of heads, whose dates run in no order.
#[test]
fn heads_of_several_shapes() {
    let text = "12/24/19, 11:23 - Ann: one\n1/17/20, 20:49 - Ann: two,\nmore\n\
        7/6/17, 19:25 - Messages and calls are end-to-end encrypted.\n\
        12/24/14, 17:08 - +12 345 578 created group \"Basalt\"\n12/24/14, 17:08 - You were added\n\
        7/16/17, 19:13 - Bob: three\n9/24/2019 11:30 p.m. - Ann: four\n\
        12/24/2019 11:30 p. m. - Ann: five\n09/10/22 10:37:00 p.m. - Ann: six\n\
        [09/10/22 10:37:00 p.m.] Bob: seven\n09-10-2022 10:37:00 p.m. - Ann: eight\n\
        [10.24.21, 15:21:43] Bob: nine\n10.24.21, 15:21:43 - Bob: ten\n";
    let read = read_as(text.as_bytes(), "log.txt", None);
    let said =
        ["one", "two,\nmore", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let texts: Vec<&str> = read
        .messages
        .iter()
        .filter(|m| m.kind == MessageKind::Text)
        .map(|m| m.text.as_str())
        .collect();
    assert_eq!(texts, said);
    assert_eq!(read.messages.len(), 13);
    let days: Vec<i64> =
        read.messages[9..].iter().map(|m| m.time.unwrap().clock / 86_400).collect();
    let day = |y, m, d| crate::extract::chat::stamp::clock(y, m, d, 0, 0, 0).unwrap() / 86_400;
    assert_eq!(
        days,
        [day(2022, 9, 10), day(2022, 9, 10), day(2021, 10, 24), day(2021, 10, 24)],
        "what a shape leaves open is read as the other lines"
    );
    assert!(read.warnings.iter().any(|w| w.contains("another shape")), "{:?}", read.warnings);
}

/// Of a large group most lines may tell who came and went.
#[test]
fn chats_that_are_mostly_events() {
    let joined: String = (10..50)
        .map(|at| {
            format!(
                "18/02/2024, 10:{at} - +1 202 555 01{at} joined using this group's invite link\n"
            )
        })
        .collect();
    let notice = "17/02/2024, 09:00 - Messages and calls are end-to-end encrypted.\n";
    let group = read(format!("{notice}{joined}19/02/2024, 11:00 - Ann: welcome\n"));
    assert_eq!((group.importer, group.messages.len()), ("whatsapp-text", 42));
    let system = group.messages.iter().filter(|m| m.kind == MessageKind::System).count();
    assert_eq!((system, group.handles()), (41, vec!["Ann"]));
    assert_eq!(read(notice).messages[0].kind, MessageKind::System, "a chat that nobody wrote in");
    let door = "19/02/2024, 08:05 - user left the area\n19/02/2024, 08:06 - user joined\n";
    for said in ["", "19/02/2024, 08:07 - server: stopped\n"] {
        assert_eq!(recognised(format!("{door}{door}{said}").as_bytes()), None);
    }
}

/// A mark before a text tells that nobody typed it only where a phone writes such marks.
#[test]
fn texts_that_begin_with_a_mark() {
    let android = "17/02/2024, 09:00 - Ann: \u{200e}שלום\n18/02/2024, 09:00 - Bob: hi @\u{2068}Ann\u{2069}\n\
        18/02/2024, 09:01 - Bob: \u{200e}IMG-20240218-WA0001.jpg (неизвестно)\nсм.\n";
    let read = read(android);
    let said: Vec<_> =
        read.messages.iter().map(|m| (m.sender.as_deref(), m.text.as_str(), m.kind)).collect();
    use MessageKind::*;
    let expected = [
        (Some("Ann"), "שלום", Text),
        (Some("Bob"), "hi @\u{2068}Ann\u{2069}", Text),
        (Some("Bob"), "см.", Media),
    ];
    assert_eq!(said, expected);
}
