use super::super::testing::{Read, data, read, recognised};
use crate::extract::record::ZoneGuess;
use crate::model::{ConversationKind, MessageKind, Stamp};
use proptest::prelude::*;

#[test]
fn an_html_table_in_markdown_is_a_chat_and_the_rest_stays_text() {
    let bytes = data("isoon.md");
    let read = read(&bytes);
    assert_eq!((read.importer, read.messages.len()), ("chat-table", 7));
    assert_eq!(read.export().platform.0, "wechat");
    assert_eq!(read.messages[0].text, read.messages[1].text, "duplicates are kept");
    assert_eq!(read.messages[0].time, Some(Stamp::naive(1_614_649_272)));
    assert_eq!(read.messages[2].text, "第一行\n第二行 <tags> & \"quotes\" | pipes");
    assert_eq!(read.messages[3].kind, MessageKind::Media, "an empty cell");
    assert_eq!(read.messages[4].text, "群里说 <msg>raw</msg>", "only known tags are markup");
    assert_eq!(read.messages[4].conversation, "10000001@chatroom");
    assert_eq!(read.messages[5].sender.as_deref(), Some("wxid_fict0lin000002"));
    assert_eq!(read.messages[5].text, "好的");
    assert_eq!(read.messages[6].text, "报告 (https://example.org/x)");
    assert_eq!(read.messages[6].media[0].name, "img/7.png");
    assert_eq!(read.handles(), ["blue_kettle", "wxid_fict0lin000002", "wxid_fict0mara00001"]);
    let chats: Vec<_> = read.conversations.iter().map(|c| (c.key.as_str(), c.kind)).collect();
    assert_eq!(
        chats,
        [
            ("blue_kettle\u{1f}wxid_fict0mara00001", ConversationKind::Pair),
            ("10000001@chatroom", ConversationKind::Group),
        ]
    );
    for kept in
        ["# 聊天记录 3", "以下为导出内容。", "某电信\t北(京)\t2021-01-01", "Notes at the end."]
    {
        assert!(read.text.contains(kept), "{kept} in {}", read.text);
    }
    assert!(!read.text.contains("收到了"), "nothing is hit twice");
    for message in &read.messages {
        let (start, end) = message.span.unwrap();
        let row = std::str::from_utf8(&bytes[start as usize..end as usize]).unwrap().to_lowercase();
        assert!(
            row.starts_with("<tr>") && row.ends_with("</tr>") && row.contains(&message.raw_time),
            "{row}"
        );
    }
}

#[test]
fn pipe_tables_several_in_a_file() {
    let read = read(data("pipes.md"));
    assert_eq!(read.texts(), ["a | b, C:\\temp", "换行\n以后", "", "一 | 二 | 三"]);
    assert_eq!(read.messages[2].sender.as_deref(), Some("wxid_fict0lin000002"));
    assert_eq!(read.conversations.len(), 2);
    assert!(read.text.contains("2021-03-02 01:42:12\t备注\t已核对"), "{}", read.text);
}

#[test]
fn rows_that_go_on_in_the_next_line() {
    let rows = "| Time | From | To | Message |\n|---|---|---|---|\n\
        | 2021-03-02 01:41:12 | wxid_fict0a0001 | wxid_fict0b0001 | one\n\ntwo |\n\
        | 2021-03-02 01:42:12 | wxid_fict0a0001 | wxid_fict0b0001 | open end\n\nProse below.\n";
    let read = read(rows);
    assert_eq!(read.texts(), ["one\n\ntwo", "open end"]);
    assert_eq!(read.text, "Prose below.\n");
}

#[test]
fn what_markdown_escapes_is_what_was_written() {
    let head = "| Time | From | To | Message |\n|---|---|---|---|\n";
    let texts = |rows: &[&str]| -> Vec<String> {
        let row = |text: &&str| {
            format!("| 2021-03-02 01:41:12 | wxid\\_fict0a0001 | wxid\\_fict0b0001 | {text} |\n")
        };
        let read = read(format!("{head}{}", rows.iter().map(row).collect::<String>()));
        assert_eq!(read.handles(), ["wxid_fict0a0001", "wxid_fict0b0001"]);
        read.texts().into_iter().map(str::to_owned).collect()
    };
    assert_eq!(
        texts(&[
            r"ask wxid\_abc123 now",
            r"\[合同\]付款",
            "x &lt;b&gt; AT&amp;T 甲&nbsp;乙 &nothing; R&D",
            r"C:\\temp\\x",
            r"C:\Users and \&amp; a\|b",
        ]),
        [
            "ask wxid_abc123 now",
            "[合同]付款",
            "x <b> AT&T 甲\u{a0}乙 &nothing; R&D",
            r"C:\temp\x",
            r"C:\Users and &amp; a|b",
        ]
    );
    let row = r"| 2021-03-02 01:41:12 | wxid_fict0a0001 | wxid_fict0b0001 | \\server\share |";
    assert_eq!(read(format!("{head}{row}\n")).texts(), [r"\\server\share"]);
}

#[test]
fn rows_without_their_first_pipe() {
    let row = |second: u32| {
        format!("| 2021-03-02 01:41:{second:02} | wxid_fict0a0001 | wxid_fict0b0001 | m{second}")
    };
    let head = "| Time | From | To | Message |\n|---|---|---|---|\n";
    let check = |rows: &[String], texts: &[&str], rest: &str| {
        let read = read(format!("{head}{}\n", rows.join("\n")));
        assert_eq!((read.texts(), read.text.as_str()), (texts.to_vec(), rest));
    };
    let bare = |second: u32| row(second).trim_start_matches("| ").to_owned();
    let closed = |second: u32| format!("{} |", row(second));
    check(&[closed(1), bare(2), closed(3)], &["m1", "m2", "m3"], "");
    check(&[closed(1), row(2), bare(3), closed(4)], &["m1", "m2", "m3", "m4"], "");
    check(&[closed(1), bare(2)], &["m1", "m2"], "");
    check(&[closed(1), "a | b | c | d".to_owned()], &["m1"], "a | b | c | d\n");
}

#[test]
fn lines_of_a_message_may_look_like_rows() {
    let row = |second: u32, text: &str| {
        format!("| 2021-03-02 01:41:{second:02} | wxid_fict0a0001 | wxid_fict0b0001 | {text}\n")
    };
    let head = "| Time | From | To | Message |\n|---|---|---|---|\n";
    let check = |rows: &[String], texts: &[&str], rest: &str| {
        let read = read(format!("{head}{}", rows.concat()));
        assert_eq!((read.texts(), read.text.as_str()), (texts.to_vec(), rest));
    };
    check(
        &[row(1, "first\nsecond\n\nfourth"), row(2, "ok |")],
        &["first\nsecond\n\nfourth", "ok"],
        "",
    );
    check(&[row(1, "run:\n|a|b|\n|c|d| |"), row(2, "ok |")], &["run:\n|a|b|\n|c|d|", "ok"], "");
    check(&[row(1, "ok |"), row(2, "open\n\nProse.")], &["ok", "open"], "Prose.\n");
    let other = "\n\n| Name | Note |\n|---|---|\n| x | y |\n";
    check(&[row(1, &format!("open{other}"))], &["open"], "Name\tNote\nx\ty\n");
}

#[test]
fn accounts_and_headers_in_many_dresses() {
    let rows = "| Time 时间 | 发送/From | **To** | Message 内容 |\n|---|---|---|---|\n\
        | 2021-03-02<br>01:41:12 | 林 (wxid_fict0a0001) | `wxid_fict0b0001` | 一 |\n\
        | 1614649273000 | **wxid\\_fict0b0001** | \u{200b}wxid_fict0a0001 | 二 |\n\
        | 2021-03-02 01:41:14 | | wxid_fict0a0001 | 三 |\n";
    let read = read(rows);
    assert_eq!(read.texts(), ["一", "二", "三"]);
    assert_eq!(read.handles(), ["wxid_fict0a0001", "wxid_fict0b0001"]);
    assert!(read.participants.iter().any(|p| p.handle == "wxid_fict0a0001" && p.name == "林"));
    assert_eq!(read.conversations[0].key, "wxid_fict0a0001\u{1f}wxid_fict0b0001");
    let times: Vec<_> = read.messages.iter().map(|m| m.time.unwrap().clock).collect();
    assert_eq!(times, [1_614_649_272, 1_614_649_273, 1_614_649_274]);
    assert_eq!(read.messages[2].sender, None);
    assert_eq!(read.export().platform.0, "wechat");
}

#[test]
fn pictures_in_cells() {
    let row = |text: &str| {
        format!("| 2021-03-02 01:41:12 | wxid_fict0a0001 | wxid_fict0b0001 | {text} |\n")
    };
    let head = "| Time | From | To | Message |\n|---|---|---|---|\n";
    let texts =
        ["![](a(1.png)", "![x](a.png) ![y](b.png)", "see ![](c.png) there", "<img src=\"d.png\">"];
    let read = read(format!("{head}{}", texts.map(row).concat()));
    assert_eq!(read.texts(), ["![](a(1.png)", "", "see ![](c.png) there", ""]);
    let names: Vec<Vec<&str>> = read
        .messages
        .iter()
        .map(|m| m.media.iter().map(|file| file.name.as_str()).collect())
        .collect();
    assert_eq!(names, [vec![], vec!["a.png", "b.png"], vec!["c.png"], vec!["d.png"]]);
}

#[test]
fn programs_in_cells_of_html_are_what_was_written() {
    let cell = "look <script>alert(\"1\")</script> <img src=x onerror=run()> <b>bold</b>";
    let row = format!(
        "<tr><td>2021-03-02 01:41:12</td><td>wxid_fict0a0001</td><td>wxid_fict0b0001</td><td>{cell}</td></tr>"
    );
    let read = read(format!("<table>{row}</table>"));
    assert_eq!(read.texts(), ["look <script>alert(\"1\")</script> <img src=x onerror=run()> bold"]);
    assert!(read.messages[0].media.is_empty());
}

#[test]
fn tables_of_matrix_accounts_are_of_that_platform() {
    let rows =
        "timestamp,chat_id,sender_alias,message\n2023-09-18 13:35:07,!r:s.example,@a:s.example,x\n";
    let read = csv(rows);
    assert_eq!(
        (read.export().platform.0.as_str(), read.messages[0].conversation.as_str()),
        ("matrix", "!r:s.example")
    );
}

#[test]
fn nested_and_endless_markup_takes_no_time() {
    let head = "<table><tr><th>Time</th><th>From</th><th>To</th><th>Message</th></tr>";
    let row = "<tr><td>2021-03-02 01:41:12</td><td>a</td><td>b</td><td>x</td></tr>";
    for hostile in [
        "<table>",
        "<a ",
        "<a href='",
        "<td>",
        "</table>",
        "<!--",
        "&",
        "|---|\n",
        "| \n",
        "<img src",
    ] {
        let read = read(format!("{head}{row}{}", hostile.repeat(30_000)));
        assert_eq!(read.messages.len(), 1, "{hostile}");
    }
}

fn csv(text: &str) -> Read {
    read(text)
}

#[test]
fn csv_logs_in_any_encoding() {
    let text = "时间,发送者,接收者,内容\n2021-03-02 01:41:12,wxid_fict0mara00001,wxid_fict0lin000002,\"他说,\"\"好\"\"\n第二行\"\n2021-03-02 01:42:12,wxid_fict0lin000002,wxid_fict0mara00001,明天下午三点在成都开会\n";
    let utf8 = csv(text);
    assert_eq!(utf8.texts(), ["他说,\"好\"\n第二行", "明天下午三点在成都开会"]);
    let (start, end) = utf8.messages[1].span.unwrap();
    assert!(text[start as usize..end as usize].starts_with("2021-03-02 01:42:12"));
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let gb = read(&gb);
    assert_eq!(gb.texts(), utf8.texts());
    assert_eq!(gb.messages[1].span, None);
    let wide: Vec<u8> = "\u{feff}"
        .chars()
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(read(&wide).texts(), utf8.texts());
    let tabs = read(text.replace(',', "\t"));
    assert_eq!(tabs.messages.len(), 2);
}

#[test]
fn day_and_month_are_told_by_the_whole_column() {
    let row = |time: &str| format!("{time},wxid_fict0a0001,wxid_fict0b0001,好\n");
    let text = ["2/1/2021 8:05", "13/1/2021 8:06 PM", "someday"].map(row).concat();
    let read = read(format!("Time,From,To,Message\n{text}"));
    let times: Vec<_> = read.messages.iter().map(|m| m.time.map(|time| time.clock)).collect();
    assert_eq!(times, [Some(1_609_574_700), Some(1_610_568_360), None]);
    assert_eq!(read.messages[2].raw_time, "someday");
    assert!(read.export().assumptions[0].contains("day before month"));
}

#[test]
fn without_a_header_accounts_and_times_tell() {
    let rows = "<table><tr><td>2021-03-02 01:41:12</td><td>wxid_fict0mara00001</td><td>blue_kettle</td><td>一</td></tr></table>";
    let wechat = read(rows);
    assert_eq!(wechat.messages.len(), 1);
    assert!(wechat.export().assumptions[0].contains("without header"));
    let row = |at: u32, from: &str, to: &str| {
        format!(
            "<tr><td>2021-03-02 01:{at}:12</td><td>{from}</td><td>{to}</td><td>so {at}</td></tr>"
        )
    };
    let said: String = (10..14)
        .map(|at| {
            if at % 2 == 0 {
                row(at, "red_fox", "blue_cat")
            } else {
                row(at, "blue_cat", "red_fox")
            }
        })
        .collect();
    assert_eq!(read(format!("<table>{said}</table>")).messages.len(), 4);
    let told: String = (10..14).map(|at| row(at, "red_fox", "blue_cat")).collect();
    assert_eq!(recognised(format!("<table>{told}</table>").as_bytes()), None, "nobody answers");
}

#[test]
fn tables_that_are_no_chats_are_left_alone() {
    for other in [
        "| Date | Name | Email |\n| --- | --- | --- |\n| 2021-03-02 08:00:00 | A | a@example.org |\n",
        "日期,姓名,身份证,卡号,金额,备注\n2021-03-02 08:00,王,1,2,3,好\n",
        "timestamp,host,user,wxid,bytes,message\n2021-03-02 08:00,192.0.2.1,a,wxid_fict0mara00001,5,ok\n",
        "Time,From,To,Amount,Message\n2021-03-02 08:00:00,A,B,5,rent\n",
        "Date,From,To,Subject,Body\n2021-03-02 08:00:00,a@example.org,b@example.org,Hi,text\n",
        "Date,From,To,Message\n2021-03-02,A,B,text\n2021-03-03,A,B,text\n",
        "name,phone,note\nwxid_fict0mara00001,1,2\n",
        "<table><tr><th>Time</th><th>From</th><th>To</th><th>Message</th></tr></table>",
        "| Time | From | To | Message |\n| --- | --- | --- | --- |\n| soon | A | B | x |\n",
        "just prose, with | a pipe | and | more | of | them |\nand a second line\n",
    ] {
        assert_eq!(recognised(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn the_hours_of_a_long_log_tell_its_clock() {
    let mut file = String::from("| Time | From | To | Message |\n|---|---|---|---|\n");
    for at in 0..400 {
        // An office in China, seen by a clock at UTC: from one to ten.
        let (day, hour, minute) = (1 + at / 20, 1 + at % 10, at % 60);
        file.push_str(&format!("| 2021-03-{day:02} {hour:02}:{minute:02}:00 | wxid_fict0a0001 | wxid_fict0b0001 | 好 |\n"));
    }
    let read = read(&file);
    let ZoneGuess::Inferred { offset: 0, why } = &read.export().zone else { panic!("zone") };
    assert!(why.contains("UTC"), "{why}");
}

proptest! {
    #[test]
    fn any_text_comes_back_out_of_an_html_table(texts in prop::collection::vec("(\\PC|\n){0,60}", 1..6)) {
        let mut file = String::from("<table>\n<tr><th>Time</th><th>From</th><th>To</th><th>Message</th></tr>\n");
        for text in &texts {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>");
            file.push_str(&format!("<tr><td>2021-03-02 01:41:12</td><td>wxid_fict0a0001</td><td>wxid_fict0b0001</td><td>{text}</td></tr>\n"));
        }
        file.push_str("</table>\n");
        let read = read(&file);
        let wanted: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
        prop_assert_eq!(read.texts(), wanted);
        prop_assert_eq!(read.text, "");
    }

    #[test]
    fn any_text_comes_back_that_markdown_escapes(texts in prop::collection::vec("[^\\p{C}\\p{Zl}\\p{Zp}]{0,60}", 1..6)) {
        let escape = |text: &str| {
            let mut out = String::new();
            for c in text.chars() {
                if c.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(c);
            }
            out
        };
        let mut file = String::from("| 时间 | 发送者 | 接收者 | 内容 |\n| --- | --- | --- | --- |\n");
        for text in &texts {
            file.push_str(&format!("| 2021-03-02 01:41:12 | wxid\\_fict0a0001 | wxid\\_fict0b0001 | {} |\n", escape(text.trim())));
        }
        let read = read(&file);
        let wanted: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
        prop_assert_eq!(read.texts(), wanted);
    }

    #[test]
    fn any_text_without_escapes_comes_back_out_of_a_pipe_table(texts in prop::collection::vec("[^\\p{C}\\p{Zl}\\p{Zp}<&\\\\]{0,60}", 1..6)) {
        let mut file = String::from("| 时间 | 发送者 | 接收者 | 内容 |\n| --- | --- | --- | --- |\n");
        for text in &texts {
            file.push_str(&format!("| 2021-03-02 01:41:12 | wxid_fict0a0001 | wxid_fict0b0001 | {} |\n", text.replace('|', "\\|")));
        }
        let read = read(&file);
        let wanted: Vec<&str> = texts.iter().map(|text| text.trim()).collect();
        prop_assert_eq!(read.texts(), wanted);
    }

    #[test]
    fn damaged_tables_do_no_harm(text in "(<table>|<tr>|<td>|</td>|</tr>|</table>|\\||\n|---|&lt;|<br>|2021-03-02 01:41:12|wxid_a0001|a){0,60}") {
        let _ = recognised(text.as_bytes());
    }
}

#[test]
fn a_table_of_jabber_is_what_its_json_is() {
    let file = ",ts,from,to,body,body_en\n\
        0,2020-06-21T15:09:47.158053,lin@host.example,mara@host.example ,\"привет, \"\"друг\"\"\",hi\n\
        1,2020-06-21T15:21:09.214052,mara@host.example,lin@host.example,,\n\
        2,2020-06-21T15:22:09.214052,mara@host.example,basalt@conference.host.example,всем,all\n";
    let read = read(file);
    assert_eq!((read.importer, read.export().platform.0.as_str()), ("chat-table", "jabber"));
    assert_eq!(read.texts(), ["привет, \"друг\"", "", "всем"]);
    assert_eq!(read.handles(), ["lin@host.example", "mara@host.example"]);
    assert_eq!(read.conversations.len(), 2);
    assert_eq!(read.conversations[1].key, "basalt@conference.host.example");
    assert_eq!(read.conversations[1].kind, ConversationKind::Group);
    assert_eq!(read.messages[0].time.map(|time| time.nanos), Some(158_053_000));
    assert!(read.text.contains("body_en\thi"), "{}", read.text);
}

#[test]
fn files_in_cells_are_media_and_the_json_without_them_is_the_same_chat() {
    let cells = [
        ("<img src=\"7d1c.png\">", "", "photo 7d1c.png"),
        ("<a href=\"7d1c.png\"><img src=\"0-7d1c.png\"/></a><br/>", "", "photo 7d1c.png"),
        ("<a href='9b20.md'>报价 v2.docx</a>", "报价 v2.docx", "file 9b20.md"),
        ("<a href=\"https://example.org/x\">报告</a>", "报告 (https://example.org/x)", ""),
        ("<a href=\"example.org\">example.org</a>", "example.org", ""),
        ("", "", ""),
    ];
    let row = |cell: &str| {
        format!(
            "<tr><td>2021-03-02 01:46:00</td><td>blue_kettle</td>\
             <td>wxid_fict0mara00001</td><td>{cell}</td></tr>\n"
        )
    };
    let head = "<tr><th>Time</th><th>From</th><th>To</th><th>Message</th></tr>\n";
    let rows: String = cells.iter().map(|(cell, ..)| row(cell)).collect();
    let read = read(format!("<table>\n{head}{rows}</table>\n"));
    for (message, (cell, text, file)) in read.messages.iter().zip(&cells) {
        let kind = if text.is_empty() { MessageKind::Media } else { MessageKind::Text };
        assert_eq!((message.text.as_str(), message.kind), (*text, kind), "{cell}");
        let media: Vec<String> =
            message.media.iter().map(|media| format!("{} {}", media.kind, media.name)).collect();
        assert_eq!(media.join(" "), *file, "{cell}");
    }
    assert_eq!(read.messages.len(), cells.len());
}
