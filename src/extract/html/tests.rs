use crate::extract::Key;
use crate::extract::collect::{Collected, collect};
use crate::model::PartKind;
use proptest::prelude::*;

fn read(html: &str) -> Collected {
    collect(format!("<html>{html}").as_bytes(), "page.html")
}

fn check(html: &str, text: &str) {
    let all = read(html);
    assert_eq!(all.text, text, "{html}");
}

#[test]
fn blocks_become_lines() {
    check("<p>one\n  two</p><p>three<br>four</p>", "one two\n\nthree\nfour\n\n");
    check("a <b>b</b>c<div>d</div>e", "a bc\nd\ne\n");
    check("<ul><li>x<li>y</ul>", "x\ny\n\n");
    check("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc\n\n");
    check("x<style>p{}</style>y", "xy\n");
    check("x<noscript>y</noscript><template>z</template>", "x\ny\nz\n");
    check("汉<b>字</b>", "汉字\n");
    check("<p>付款合\n同 条\r\n <b>款</b>\nA\nB", "付款合同 条款 A B\n");
    check("AT&amp;T &lt;b&gt; &nbsp;&#x7425;", "AT&T <b> \u{a0}琥\n");
    check("a<iframe srcdoc='<p>b &amp;amp; c</p>'></iframe>", "a b & c\n");
    check("x &nbsp; <img alt='a &amp; b'> y", "x \u{a0} a & b y\n");
}

#[test]
fn a_page_that_was_cut_says_so() {
    let warnings = |html: &str| collect(html.as_bytes(), "page.html").warnings.len();
    assert_eq!(warnings("<!DOCTYPE html><HTML><body><p>one</p><p>tw"), 1);
    assert_eq!(warnings("<!DOCTYPE html><html><body><p>one</p></body></html>"), 0);
    assert_eq!(warnings("<!DOCTYPE html><html><p>one</BODY>"), 0);
    assert_eq!(warnings("<!DOCTYPE html><title>t</title><p>one<p>two"), 0);
}

#[test]
fn tables_of_data_stay_rows_and_layout_does_not() {
    let all = read(
        "before<table><tr><th>名称<th>金额</tr><tr><td>甲<br>乙<td colspan=2>1 万<td>x</table>after",
    );
    let table = &all.parts[1];
    assert_eq!(table.kind, PartKind::Table);
    assert_eq!(all.part_text(table), "名称\t金额\n甲\u{2028}乙\t1 万\t\tx\n");
    assert_eq!(all.part_text(&all.parts[0]), "before\n\n");
    assert_eq!(all.part_text(&all.parts[2]), "after\n");
    check("<table><tr><td>menu<td><table><tr><td>page</table></table>", "menu\n\npage\n\n");
    check("<table><tr><td>only</table>", "only\n\n");
}

#[test]
fn what_programs_read_is_kept_apart() {
    let all = read(
        "x<script>var a = '<p>&amp;</p>';\n  post(a)</script>y<a href='javascript:go(1)' onclick='hit()'>z</a>\
         <script src='s.js'></script><script type='application/ld+json'>{\"k\": 1}</script>\
         <meta http-equiv=refresh content='0; url=http://a.example/b'>",
    );
    let part = |label: &str| {
        let part = all.parts.iter().find(|part| part.label == label).unwrap();
        (part.hidden, all.part_text(part))
    };
    assert_eq!(part(""), (false, "xyz\n"));
    let scripts = "var a = '<p>&amp;</p>';\npost(a)\nhit()\ngo(1)\n{\"k\": 1}\n";
    assert_eq!(part("scripts"), (true, scripts));
    assert_eq!(part("links"), (false, "http://a.example/b\n"));
}

#[test]
fn a_word_with_its_reading_above_it_is_in_one_piece() {
    for ruby in [
        "<ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>",
        "<ruby>東京<rp>（<rt>とうきょう<rp>）</ruby>",
        "<ruby><rb>東京<rt>とうきょう</ruby>",
    ] {
        let all = read(&format!("ここは{ruby}タワー"));
        assert!(all.text.starts_with("ここは東京タワー\n"), "{}", all.text);
        assert!(all.text.ends_with("\n東京 とうきょう\n"), "{}", all.text);
    }
}

#[test]
fn what_is_not_seen_is_kept_apart() {
    let all = read(
        "<head><title>Tit&auml;l</title><meta name=author content='Lin'></head>\
         <a href='http://a.example/?a=1&amp;b=2'>here</a><!-- remark --><!--[if IE]>x<![endif]-->\
         <div style='display: none'>secret<div>inner</div> more</div>seen<input type=hidden value=token></html>",
    );
    let labelled = |label: &str| {
        all.parts.iter().find(|part| part.label == label).map(|part| all.part_text(part))
    };
    assert_eq!(all.meta(&Key::Title), Some("Titäl"));
    assert_eq!(all.meta(&Key::Author), Some("Lin"));
    assert_eq!(labelled(""), Some("Titäl\n"));
    assert_eq!(labelled("links"), Some("http://a.example/?a=1&b=2\n"));
    assert_eq!(labelled("HTML comments"), Some("remark\n"));
    assert_eq!(labelled("hidden text"), Some("secret\ninner\nmore\ntoken\n"));
    assert!(all.text.contains("hereseen"));
    assert_eq!(all.warnings.len(), 1);
}

#[test]
fn charsets_are_taken_from_the_head() {
    let page = |label: &str, bytes: &[u8]| {
        [format!("<html><meta charset={label}><p>").as_bytes(), bytes, b"</p>"].concat()
    };
    let (gbk, _, _) = encoding_rs::GBK.encode("琥珀");
    let all = collect(&page("gb2312", &gbk), "x");
    assert_eq!((all.encoding.as_deref(), all.text.trim()), (Some("GBK"), "琥珀"));
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("кит");
    let all = collect(&page("'windows-1251'", &cyrillic), "x");
    assert_eq!(all.text.trim(), "кит");
}

#[test]
fn attributes_with_words_are_found() {
    let all = read(
        "<a title='琥珀 &amp; co' data-c2=https://c2.example.org/x data-id=7 class=none>text</a>\
         <input placeholder='your key'><option label=琥珀>",
    );
    assert!(all.text.starts_with("text\n"), "{:?}", all.text);
    assert!(
        all.text.ends_with("琥珀 & co\nhttps://c2.example.org/x\nyour key\n琥珀\n"),
        "{:?}",
        all.text
    );
    assert!(!all.text.contains("none"));
}

#[test]
fn depth_and_brokenness_cost_nothing() {
    let all = read(&("<div>".repeat(100_000) + "deep" + &"</div>".repeat(100_000)));
    assert_eq!(all.text, "deep\n");
    let all = read(&("<table><tr><td>".repeat(20_000) + "deep"));
    assert_eq!(all.text.trim(), "deep");
    for piece in ["<a href=\"", "<!--", "<script>", "</", "<![CDATA[", "<p '", "<title>", "<a b='"]
    {
        read(&piece.repeat(20_000));
    }
    check("a < b <c", "a < b\n");
    check("1 <2", "1 <2\n");
}

proptest! {
    #[test]
    fn nothing_panics(html in "(<|>|/|!|-|=|\"|'|&|;|#|a|table|tr|td|title|pre|琥| |\n){0,60}") {
        read(&html);
    }

    /// Words between tags are never lost.
    #[test]
    fn words_survive(words in prop::collection::vec(("[a-z琥珀]{1,8}", "<(/?)(p|b|td|tr|table|div|li|pre)>"), 1..20)) {
        let html: String = words.iter().map(|(word, tag)| format!("{tag}{word}")).collect();
        let all = read(&html);
        let text: String = all.text.split(|c: char| c.is_whitespace()).collect();
        let expected: String = words.iter().map(|(word, _)| word.as_str()).collect();
        prop_assert_eq!(text, expected);
    }
}
