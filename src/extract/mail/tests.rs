//! Whole messages, from bytes to records.

use crate::extract::collect::Collected;
use crate::extract::{Key, Limits, Out, Record, Stop};
use crate::model::{PartKind, State, Wrap};
use encoding_rs::{EUC_KR, GB18030, GBK, ISO_2022_JP};

/// Reads a message that is in memory.
pub fn read(mail: &[u8]) -> Collected {
    let mut all = Collected::default();
    let mut sink = |record| {
        all.take(record);
        Ok(())
    };
    let limits = Limits::default();
    let mut out = Out::new(&mut sink, limits);
    // What generated messages contain may be encrypted or empty; the records are what counts.
    let _ = super::message(mail, limits.nesting, &mut out);
    out.finish().expect("a sink that takes everything");
    all
}

/// The text of all parts of one kind.
fn text(all: &Collected, kind: PartKind) -> String {
    all.parts.iter().filter(|part| part.kind == kind).map(|part| all.part_text(part)).collect()
}

fn names(all: &Collected) -> Vec<&str> {
    all.children.iter().map(|child| child.child.name.as_str()).collect()
}

#[test]
fn a_message_is_header_text_and_the_rest() {
    let all = read(
        b"Received: from b.example by c.example; Tue, 20 Feb 2024 08:05:02 +0000\r\n\
          Received: from a.example by b.example; Tue, 20 Feb 2024 08:05:01 +0000\r\n\
          From: \"Mara\" <mara@nordlicht.example>\r\nTo: lin@xingyu.example\r\n\
          Subject: =?utf-8?B?5ZCI5ZCM?=\r\nDate: Tue, 20 Feb 2024 16:05:00 +0800\r\n\
          X-Originating-IP: [192.0.2.7]\r\nMessage-ID: <1@nordlicht.example>\r\n\r\n\
          Hello,\r\nthis is it.\r\n",
    );
    assert_eq!(all.meta(&Key::Subject), Some("合同"));
    assert_eq!(all.meta(&Key::Sent), Some("2024-02-20T16:05:00+08:00"));
    assert_eq!(all.meta(&Key::MessageId), Some("1@nordlicht.example"));
    assert_eq!(all.meta(&Key::Other("originating_ip".to_owned())), Some("[192.0.2.7]"));
    let first = all.meta(&Key::Other("first_received".to_owned())).expect("two stations");
    assert!(first.starts_with("from a.example"), "{first}");
    let header = text(&all, PartKind::MailHeader);
    assert!(
        header.starts_with("Subject: 合同\nFrom: \"Mara\" <mara@nordlicht.example>\n"),
        "{header}"
    );
    assert!(header.contains("Received: from b.example by c.example"), "{header}");
    assert_eq!(text(&all, PartKind::Body).trim_end(), "Hello,\nthis is it.");
    assert_eq!(all.parts[1].wrap, Wrap::Flow);
}

#[test]
fn character_sets_are_found_when_they_are_not_stated() {
    let check = |head: &str, body: &[u8], subject: &[u8], expected: (&str, &str)| {
        let mail = [b"Subject: ", subject, b"\r\n", head.as_bytes(), b"\r\n\r\n", body].concat();
        let all = read(&mail);
        let found = (all.meta(&Key::Subject).unwrap_or(""), text(&all, PartKind::Body));
        assert_eq!((found.0, found.1.trim_end()), expected, "{head}");
    };
    let gbk = |text| GBK.encode(text).0.into_owned();
    let (subject, body) = ("会议通知", "请各位同事准时参加周五上午的会议，地点在三楼会议室。");
    check("From: a@b.example", &gbk(body), &gbk(subject), (subject, body));
    check("Content-Type: text/plain; charset=us-ascii", &gbk(body), &gbk(subject), (subject, body));
    check("Content-Type: text/plain; charset=gb2312", &gbk(body), &gbk(subject), (subject, body));
    let gb18030 = GB18030.encode(body).0;
    check(
        "Content-Type: text/plain; charset=GB18030",
        &gb18030,
        subject.as_bytes(),
        (subject, body),
    );
    let korean = EUC_KR.encode("안녕하세요 회의 안내입니다").0;
    let korean_head = "Content-Type: text/plain; charset=\"ks_c_5601-1987\"";
    check(korean_head, &korean, &EUC_KR.encode("회의").0, ("회의", "안녕하세요 회의 안내입니다"));
    let japanese = ISO_2022_JP.encode("会議のお知らせ").0;
    let japanese_head = "Content-Type: text/plain; charset=ISO-2022-JP";
    let word = b"=?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=";
    check(japanese_head, &japanese, word, ("会議", "会議のお知らせ"));
}

#[test]
fn alternatives_are_read_once_and_differences_are_kept() {
    let mail = |plain: &str, html: &str| {
        format!(
            "From: a@b.example\nContent-Type: multipart/alternative; boundary=B\n\n\
             --B\nContent-Type: text/plain\n\n{plain}\n--B\nContent-Type: text/html\n\n{html}\n--B--\n"
        )
    };
    let body = |plain, html| text(&read(mail(plain, html).as_bytes()), PartKind::Body);
    let same = body("We meet on Friday at nine.", "<p>We meet on <b>Friday</b> at nine.</p>");
    assert_eq!(same.trim(), "We meet on Friday at nine.");
    let other = body("Pay 100 today, please.", "<p>Pay 100 today, please.</p><p>Account 42.</p>");
    assert_eq!(other.matches("Pay 100").count(), 1, "{other}");
    assert!(other.contains("Account 42."), "{other}");
    let none = body("", "<p>Only the page says it.</p>");
    assert_eq!(none.trim(), "Only the page says it.");
    let linked =
        read(mail("Read it here", "<a href='http://x.example/y'>Read it here</a>").as_bytes());
    assert!(text(&linked, PartKind::Footnote).contains("http://x.example/y"));
    assert_eq!(names(&linked), [""; 0]);
}

#[test]
fn everything_else_becomes_a_document() {
    let all = read(
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nSee.\n\
          begin 644 cat.txt\n#0V%T\n`\nend\n\
          --B\nContent-Type: text/plain; name=\"=?utf-8?B?5ZCI?=\"; x=1\nContent-Disposition: attachment;\n \
          filename*0*=utf-8''%E5%90; filename*1*=%88.txt\n\ninside\n\
          --B\nContent-Type: message/rfc822\n\nSubject: a/b inner\n\ntext\n\
          --B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--B--\n",
    );
    assert_eq!(names(&all), ["合.txt", "a_b inner.eml", "part-2.png", "cat.txt"]);
    assert_eq!(all.children[0].bytes, b"inside");
    assert_eq!(all.children[1].bytes, b"Subject: a/b inner\n\ntext");
    assert_eq!(all.children[2].bytes, b"\x89PNG\r\n\x1a\n");
    assert_eq!(all.children[3].bytes, b"Cat");
    assert_eq!(text(&all, PartKind::Body).trim(), "See.");
}

/// Reads a message that ends early.
#[test]
fn what_a_list_writes_behind_base64_is_text() {
    let all = read(
        b"From: a@example.org\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n\
        aGVsbG8gd29ybGQ=\n--\nMailing list footer\n",
    );
    assert_eq!(text(&all, PartKind::Body), "hello world\n--\nMailing list footer\n");
}

fn stopped(mail: &[u8]) -> (Collected, Stop) {
    let mut all = Collected::default();
    let mut sink = |record: Record| {
        all.take(record);
        Ok(())
    };
    let mut out = Out::new(&mut sink, Limits::default());
    let stop = super::message(mail, 256, &mut out).expect_err("not readable as a whole");
    out.finish().expect("a sink that takes everything");
    (all, stop)
}

#[test]
fn encrypted_messages_keep_their_header() {
    let (all, stop) = stopped(
        b"Subject: plan\nContent-Type: multipart/encrypted; boundary=B\n\n--B\n\
          Content-Type: application/pgp-encrypted\n\nVersion: 1\n--B\n\
          Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--B--\n",
    );
    assert_eq!((stop.state(), all.meta(&Key::Subject)), (State::Encrypted, Some("plan")));
    let (_, stop) = stopped(
        b"Subject: plan\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n",
    );
    assert_eq!(stop.state(), State::Encrypted);
}

#[test]
fn hostile_structures_end() {
    let mut deep = String::new();
    for level in 0..2000 {
        deep += &format!("Content-Type: multipart/mixed; boundary=B{level}\n\n--B{level}\n");
    }
    assert!(!read(deep.as_bytes()).warnings.is_empty());
    let inner = "Content-Type: message/rfc822\n\n".repeat(2000);
    assert_eq!(read(inner.as_bytes()).children.len(), 1);
    let words = format!("To: {}\n\nx", "=?utf-8?Q?a=3E?=\n\t".repeat(2000));
    assert!(read(words.as_bytes()).text.contains("a>a>"));
}

proptest::proptest! {
    #[test]
    fn no_message_panics(mail in "(--B(--)?|\\n|Content-Type: (multipart/(mixed|alternative); boundary=B|text/html|message/rfc822)\\n|Content-Transfer-Encoding: (base64|quoted-printable|x-uuencode)\\n|=[0-9A-F]{2}|<[a-z]>|[a-z\u{80}-\u{ff}]{0,3}){0,40}") {
        read(mail.as_bytes());
    }
}
