use super::*;
use proptest::prelude::*;

fn mask(names: &[&str]) -> Mask {
    Mask::new(
        names.iter().map(|&name| Protected { name: name.to_owned(), instead: "▇".to_owned() }),
    )
}

#[track_caller]
fn check(names: &[&str], text: &str, expected: &str) {
    assert_eq!(mask(names).apply(text).unwrap_or(text.to_owned()), expected, "{text:?}");
}

/// What stands in markup and is nothing to its reader, and the mark of a list.
#[test]
fn names_are_found_across_what_a_reader_does_not_see() {
    check(&["川江"], "川<!-- x -->江、川<!--a-->\n<b>江", "▇、▇");
    check(&["川江"], "川<?php x?>江 川 (https://a.example/?q=1)江 川http://a.example江", "▇ ▇ ▇");
    check(&["川江"], "四川、江苏", "四川、江苏");
    check(&["川江"], "川<!-- 江", "川<!-- 江");
    check(&["陆知行"], "陆、知行 陆､知行 陆﹑知、行", "▇ ▇ ▇");
    check(&["陆知行"], "陆，知行 陆。知行", "陆，知行 陆。知行");
    check(&["Lin Mo"], "Lin<!-- x --> Mo", "▇");
    check(&["川江"], "川<sup>1</sup>江 川<SUB class=x>2</SUB>江", "▇ ▇");
    check(&["川江"], "<ruby>川<rp>(</rp><rt>chuan</rt><rp>)</rp>江</ruby>", "<ruby>▇</ruby>");
    check(&["川江"], "川<sup>十里</p>江 川<b>三</b>江", "川<sup>十里</p>江 川<b>三</b>江");
}

#[test]
fn a_name_that_goes_on_beside_a_text_is_masked_in_it() {
    let check = |texts: [&str; 3], expected: &str| {
        let [before, text, after] = texts;
        let masked = mask(&["林墨", "lin"]).apply_between(before, text, after);
        assert_eq!(masked.unwrap_or(text.to_owned()), expected, "{texts:?}");
    };
    check(["", "户口本上就叫林", "墨，怎么"], "户口本上就叫▇");
    check(["就叫林", "墨，怎么全公司", ""], "▇，怎么全公司");
    check(["林", "墨", ""], "▇");
    check(["林", "墨和林墨和林", "墨"], "▇和▇和▇");
    check(["树林", "里", ""], "里");
    // It stands by itself here, whatever it is a part of there.
    check(["", "lin", "e"], "▇");
}

#[test]
fn names_are_found_however_they_are_written() {
    check(&["沈若岚"], "我是沈若岚。", "我是▇。");
    check(&["沈若岚"], "沈若嵐、沈 若 岚、沈\n若岚、沈\u{200b}若岚", "▇、▇、▇、▇");
    check(&["国际"], "國際", "▇");
    check(&["Lan S."], "LAN  S. / Ｌａｎ＿Ｓ", "▇. / ▇");
    check(&["Anna Petrova"], "Anna_Petrova.docx anna-petrova", "▇.docx ▇");
    check(&["lin"], "line Lin lin01 a_lin_b 林lin林", "line ▇ lin01 a_▇_b 林▇林");
    check(&["wxid_q7m2kd81xv3b22"], "wxid_q7m2kd81xv3b22_3_12.png", "▇_3_12.png");
    check(&["wxid_q7m2kd81xv3b22"], "id=q7m2kd81xv3b22; q7m2kd81xv3b223", "id=▇; q7m2kd81xv3b223");
    check(&["my_long_handle"], "long_handle", "long_handle");
    check(&["13900002217"], "139000022170 １３９００００２２１７", "139000022170 ▇");
    check(&["139-0000-2217"], "13900002217", "▇");
    check(&["13900002217"], "+86 139 0000 2217 / 8613900002217", "+86 ▇ / 86▇");
    check(&["13900002217"], "电话一三九〇〇〇〇二二一七。tel13900002217", "电话▇。tel▇");
    check(&["13900002217"], "1 3 9 0 0 0 0 2 2 1 7 8", "▇ 8");
    check(&["12345"], "1 2 3 4 5", "1 2 3 4 5");
    // A sign between two characters is something else than nothing.
    check(&["李四"], "姓李，四川人", "姓李，四川人");
    check(&["a@b.example"], "to: A@B.EXAMPLE", "to: ▇");
}

#[test]
fn names_are_found_written_together_cut_or_spelled() {
    let shen = |text: &str, expected: &str| check(&["Shen Ruolan"], text, expected);
    shen("shenruolan@example.org, ShenRuolan", "▇@example.org, ▇");
    shen("shenruolan1985@example.org mrshenruolan", "▇1985@example.org mr▇");
    shen("S h e n  R u o l a n; s.h.e.n.r.u.o.l.a.n", "▇; ▇");
    shen("Shen Ruo-lan, Shen Ruo Lan", "▇, ▇");
    shen("<b>Shen</b> <i>Ruolan</i>", "<b>▇</i>");
    shen("Sh<span class=\"x\">en</span>Ruolan <shen.ruolan@example.org>", "▇ <▇@example.org>");
    shen("RuolanShen, Ruolan, she nru olanda", "▇, Ruolan, she nru olanda");
    // A turned name that lies across the name: neither leaves half of itself.
    let lu = |text: &str, expected: &str| check(&["Lu Zhixing"], text, expected);
    lu("They called Zhixing, Lu Zhixing said so.", "They called ▇ said so.");
    lu("Zhixing; Lu Zhixing and Lu Zhixing Lu.", "▇ and ▇.");
    lu("Lu Zhixing, Lu Zhixing", "▇, ▇");
    let han = |text: &str, expected: &str| check(&["沈若岚"], text, expected);
    han("沈·若·岚 沈**若**岚 沈-若岚 沈_若_岚", "▇ ▇ ▇ ▇");
    han("沈，若，岚", "▇");
    han("沈若，岚 沈。若岚", "沈若，岚 沈。若岚");
    han("<b>沈</b>若岚", "<b>▇");
    check(&["李四"], "李·四 **李**四 李/四 李-四 李（四）", "▇ **▇ ▇ ▇ ▇）");
    check(&["李四"], "姓李。四川、李、四、李：四", "姓李。四川、李、四、李：四");
    han("沈（若岚） 沈「若」岚", "▇） ▇");
    // A reference of a note in the middle of it.
    han("陆沈[[M580]]若岚 沈M580若岚 沈若[[A7]]岚", "陆▇ ▇ ▇");
    shen("Shen [[D12]] Ruolan; X. Shen[[E9]]Ruolan", "▇; X. ▇");
    han("沈[[M580]]若 岚岚", "▇岚");
    // Tones and accents, composed or not.
    check(&["Lu Zhixing"], "Lù Zhīxíng, LǓ ZHĪXÍNG, Lu\u{300} Zhi\u{304}xing", "▇, ▇, ▇");
    check(&["Lǚ Zhīxíng"], "lu zhixing Lü Zhi-xing", "▇ ▇");
    // The shorter a name, the closer it must be written.
    check(&["Li"], "L i, Li, line, li2", "L i, ▇, line, li2");
    check(&["Lin"], "L i n / a, l, i, n / Lin7", "▇ / a, l, i, n / Lin7");
    check(&["Li Na"], "lina, L i  N a, l, i, n, a, linas", "▇, ▇, l, i, n, a, linas");
    check(&["Li X"], "lix li-x", "lix ▇");
    check(&["petrova"], "petrova85 pet-rova petrovas", "▇85 ▇ petrovas");
    check(&["wxid_q7"], "wxid_q72 wxid_q7 wxidq7", "wxid_q72 ▇ ▇");
    check(&["1234-5"], "1 2 3 4 5, 12345", "1 2 3 4 5, 12345");
}

/// The same name in other letters, with other digits, in another order.
#[test]
fn names_are_found_in_whatever_letters() {
    let lin = |text: &str| check(&["林墨", "Lin Mo"], text, "▇");
    for text in [
        "林\u{301}墨",
        "林\u{336}墨",
        "林\u{20dd}墨",
        "林\u{200b}墨",
        "林/墨",
        "林（墨",
        "Lіn Mo",
        "LІN МО",
        "ꓡin Мо",
        "LİN MO",
        "lın mo",
        "Łin Mø",
        "Mo Lin",
        "MoLin",
        "Mo, Lin",
        "Μo Liո",
        "mo_lin",
    ] {
        lin(text);
    }
    check(&["Lin Mo"], "Mo-Lin, linmo, molin, mo linear", "▇, ▇, ▇, mo linear");
    check(&["Anna Maria Petrova"], "Petrova, Anna Maria; Maria Petrova Anna", "▇; ▇");
    // Names in other letters are found as they are, in capitals, and in Latin look-alikes.
    check(&["Нина Росс"], "нина росс НИНА РОСС Нина Pocc Росс Нина", "▇ ▇ ▇ ▇");
    check(&["Νίκος"], "νικος ΝΊΚΟΣ", "▇ ▇");
    for number in ["١٣٩٠٠٠٠٢٢١٧", "१३९००००२२१७", "๑๓๙ ๐๐๐๐ ๒๒๑๗", "۱۳۹-۰۰۰۰-۲۲۱۷"]
    {
        check(&["13900002217"], number, "▇");
    }
    // A mark over its last letter that a tag parts from it.
    check(&["Lin"], "Lin<b林>\u{20dd}, Lin", "▇, ▇");
    check(&["+86 139 0000 2217"], "13900002217 +8613900002217", "▇ +▇");
}

/// What a reader is shown from right to left says the name to a reader and not to a search.
#[test]
fn names_are_found_as_they_are_shown() {
    let shen = |text: &str, expected: &str| check(&["Shen Ruolan"], text, expected);
    shen("to \u{202e}naloR.x nalouR nehS\u{202c} today", "to \u{202e}naloR.x ▇\u{202c} today");
    shen("\u{202e}nalouR nehS", "\u{202e}▇");
    shen("⟨U+202E⟩nalouR nehS⟨U+202C⟩", "⟨U+202E⟩▇⟨U+202C⟩");
    // Half of it is turned; all that says it goes.
    shen("Shen \u{202e}nalouR\u{202c}.", "▇\u{202c}.");
    shen("\u{202e}a\nnalouR nehS", "\u{202e}a\nnalouR nehS");
    shen("nalouR nehS", "nalouR nehS");
    check(&["沈若岚"], "\u{202e}。岚若沈", "\u{202e}。▇");
    check(&["13900002217"], "\u{202e}71220000931 x\u{202c}", "\u{202e}▇ x\u{202c}");
    check(&["Lu Zhixing"], "\u{202e}gnix\u{304}ihZ u\u{300}L", "\u{202e}▇");
}

#[test]
fn the_longest_name_wins() {
    check(&["若岚", "沈若岚"], "沈若岚和若岚", "▇和▇");
    // Of names that lie across one another nothing is left.
    check(&["张三", "三十"], "张三十", "▇");
}

#[test]
fn names_without_letters_protect_nothing() {
    assert!(mask(&["", " ", "。", "--"]).is_empty());
}

#[test]
fn pieces_are_what_is_left() {
    assert_eq!(mask(&["李四"]).pieces_between("", "李四给王五李四", ""), ["", "给王五", ""]);
    assert_eq!(mask(&["李四"]).pieces_between("", "王五", ""), ["王五"]);
}

proptest! {
    /// A name is found however its parts are written, and nothing else of the text is lost.
    #[test]
    fn a_name_is_found_in_whatever_form(
        form in 0..9_usize,
        before in "[ 林。]{0,3}",
        after in "[ 林。]{0,3}",
    ) {
        let (name, han) = ("Shen Ruolan", "沈若岚");
        let spelled = |text: &str, by: &str| {
            text.chars().map(String::from).collect::<Vec<_>>().join(by)
        };
        let planted = match form {
            0 => name.to_lowercase().replace(' ', ""),
            1 => name.replace(' ', ""),
            2 => spelled(name, " "),
            3 => spelled(&name.replace(' ', ""), "."),
            4 => "<b>Shen</b> <i>Ruolan</i>".to_owned(),
            5 => spelled(han, " "),
            6 => spelled(han, "·"),
            7 => spelled(han, "，"),
            _ => spelled(han, "</b><b>"),
        };
        let mask = mask(&[name, han]);
        let text = format!("{before}{planted}{after}");
        let masked = mask.apply(&text).unwrap_or_else(|| text.clone());
        prop_assert!(masked.contains('▇'), "{text:?}");
        prop_assert!(mask.find(&masked).is_empty(), "{masked:?}");
        prop_assert!(masked.starts_with(&before) && masked.ends_with(&after), "{masked:?}");
    }

    /// What was masked is not found again, whatever was left together.
    #[test]
    fn nothing_is_left(text in "[李四a-c ,\u{200b}李1一-]{0,30}", name in "[李四a-c]{1,3}|[1一]{6,7}") {
        let mask = mask(&[&name]);
        let masked = mask.apply(&text).unwrap_or(text);
        prop_assert!(mask.find(&masked).is_empty(), "{masked:?}");
    }
}
