use super::*;
use proptest::prelude::*;

fn area(text: &str, width: usize, height: usize) -> TextArea {
    let mut area = TextArea::new(text);
    area.resize(width, height);
    area
}

fn press(area: &mut TextArea, keys: &str) {
    for key in keys.split_whitespace() {
        area.key(key.parse().unwrap());
    }
}

/// The text after some keys, with `|` where the caret is.
#[track_caller]
fn check(start: &str, keys: &str, expected: &str) {
    let mut area = area(start, 12, 4);
    press(&mut area, keys);
    let mut text = area.text().to_owned();
    text.insert(area.caret(), '|');
    assert_eq!(text, expected, "{start:?} {keys}");
}

#[test]
fn it_is_written_moved_over_and_deleted_by_clusters() {
    check("合同", "台 账 left backspace", "合同|账");
    check("青河\n付款", "up end 的 enter x", "青河的\nx|\n付款");
    let family = "a👨\u{200d}👩\u{200d}👧";
    check(family, "backspace", "a|");
    check(family, "left left right b", "ab|👨\u{200d}👩\u{200d}👧");
    check("e\u{301}x", "left backspace", "|x");
    // Typed one by one they are one all the same; alone the second is a mark.
    check("e", "\u{301} x", "e\u{301}x|");
    check("", "\u{301}", "◌\u{301}|");
    // Joiners of a spelling and of a family; where they join nothing they are marks.
    check("می", "\u{200c} خ", "می\u{200c}خ|");
    check("👩", "\u{200d} 👧", "👩\u{200d}👧|");
    check("a", "\u{200c} b", "a⟨U+200C⟩b|");
    check("e\u{301}x", "home delete", "|x");
    check("🇨🇳🇷🇺", "left backspace", "|🇷🇺");
    check("one two", "ctrl-w", "one |");
    check("one two", "alt-b alt-d", "one |");
    check("one\ntwo", "up home ctrl-k ctrl-k ctrl-y", "\n|two");
    check("one two", "home shift-right shift-right x", "x|e two");
    check("one two", "ctrl-home ctrl-right shift-end ctrl-x home ctrl-y", "two|one ");
    check("青河", "shift-left backspace", "青|");
}

#[test]
fn up_and_down_keep_the_column() {
    check("abcdef\nx\nabcdef", "up up up down down y", "abcdef\nx\nabcdefy|");
    check("付款方式\nab\n付款方式", "left up up x", "付款方x|式\nab\n付款方式");
    // A wrapped line is several rows.
    check("付款方式另行约定", "up x", "付款方x|式另行约定");
    check("ab", "up x", "x|ab");
    check("ab", "home down x", "abx|");
}

#[test]
fn what_is_pasted_is_shown_and_undone() {
    let mut area = area("a", 20, 4);
    area.insert("\x1b]52;c;aGk=\x07\u{202e}b\r\n\tc");
    let pasted = "a␛]52;c;aGk=␇⟨U+202E⟩b\n\tc";
    assert_eq!(area.text(), pasted);
    assert!(area.undo());
    assert_eq!(area.text(), "a");
    assert!(area.redo() && !area.redo());
    assert_eq!(area.text(), pasted);
}

#[test]
fn typing_is_undone_word_by_word() {
    let mut area = area("", 20, 4);
    press(&mut area, "o n e space t w o enter 青 河");
    let mut texts = Vec::new();
    while area.undo() {
        texts.push(area.text().to_owned());
    }
    assert_eq!(texts, ["one two\n", "one ", ""]);
    while area.redo() {}
    assert_eq!(area.text(), "one two\n青河");
    press(&mut area, "backspace backspace");
    area.undo();
    assert_eq!(area.text(), "one two\n青河");
}

#[test]
fn the_caret_has_a_cell_and_is_seen() {
    // Five cells of text hold two wide characters; the third stands in the next row.
    let place = |text: &str| area(text, 6, 4).place();
    assert_eq!(place("青河"), (4, 0));
    assert_eq!(place("青河付"), (2, 1));
    assert_eq!(place("abcde"), (5, 0));
    assert_eq!(place("abcdef"), (1, 1));
    assert_eq!(place("ab\n"), (0, 1));
    assert_eq!(place(""), (0, 0));
    assert_eq!(place("👨\u{200d}👩\u{200d}👧"), (2, 0));
    assert_eq!(place("1\n2\n3\n4\n5"), (1, 3));
    let mut many = area("1\n2\n3\n4\n5", 6, 4);
    press(&mut many, "ctrl-home");
    assert_eq!((many.place(), many.lines()[0].plain()), ((0, 0), "1".to_owned()));
    many.scroll(9);
    assert_eq!((many.place(), many.lines()[0].plain()), ((0, 0), "2".to_owned()));
    many.point(0, 2);
    assert_eq!(many.caret(), 6);
}

#[test]
fn a_long_text_is_as_near_as_a_short_one() {
    let line = "青河那边的付款下周，30万先付，剩下的走川江。".repeat(3);
    let many = vec![line.as_str(); 6_000].join("\n");
    for text in [many.clone(), many.replace('\n', "")] {
        let mut area = area("x", 40, 20);
        area.insert(&text);
        assert_eq!(area.lines().len(), 20);
        press(&mut area, "y ctrl-home z pagedown up");
        assert!(area.text().starts_with("zx青") && area.text().ends_with("。y"));
        assert!(area.undo() && area.undo() && area.undo());
        assert_eq!(area.text(), "x");
    }
}

/// The buffer jumps to 65,536 lines and columns only.
#[test]
fn what_lies_beyond_its_jumps_is_reached() {
    let mut many = area(&"ab\n".repeat(70_000), 20, 4);
    press(&mut many, "up up left x ctrl-home y ctrl-end z");
    let text = many.text();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!((lines.len(), lines[0], lines[69_997], lines[70_000]), (70_001, "yab", "abx", "z"));
    let long = "合".repeat(100_000);
    let mut one = area(&long, 20, 4);
    press(&mut one, "left left x home right y");
    assert_eq!(one.text().len(), long.len() + 2);
    assert!(one.text().starts_with("合y合") && one.text().ends_with("合x合合"));
    while one.undo() {}
    assert!(one.text() == long);
    // Nine in a row; over the border of two of its parts.
    press(&mut one, &format!("ctrl-home {}", "down ".repeat(303)));
    let start = one.caret();
    assert_eq!(start, 303 * 9 * 3);
    for step in 1..7 {
        press(&mut one, "right");
        assert_eq!(one.caret(), start + step * 3);
    }
    press(&mut one, "backspace backspace backspace backspace backspace z");
    assert_eq!((one.caret(), one.text().len()), (start + 4, long.len() - 14));
    press(&mut one, "ctrl-k");
    assert_eq!(one.text().len(), start + 4);
    press(&mut one, "ctrl-y");
    assert_eq!((one.caret(), one.text().len()), (long.len() - 14, long.len() - 14));
    while one.undo() {}
    assert!(one.text() == long);
}

proptest! {
    /// Whatever is pressed: the caret is in the text and on the screen, nothing is wider than
    /// the pane, and undoing everything gives what there was.
    #[test]
    fn the_caret_stays_inside(
        start in "[ab合\u{301}\u{200d}👩\n ，\t]{0,40}",
        keys in prop::collection::vec(0..20_usize, 0..40),
        width in 2_usize..14,
        height in 1_usize..5,
    ) {
        const POOL: [&str; 20] = [
            "left", "right", "up", "down", "home", "end", "pageup", "pagedown", "backspace",
            "delete", "合", "x", "enter", "space", "ctrl-w", "ctrl-k", "ctrl-y",
            "shift-right", "shift-up", "ctrl-right",
        ];
        let mut area = area(&start, width, height);
        let before = area.text().to_owned();
        for key in keys {
            area.key(POOL[key].parse().unwrap());
            prop_assert!(area.text().is_char_boundary(area.caret()));
            let (x, y) = area.place();
            prop_assert!(x < width && y < height, "{:?} at {:?}", area, (x, y));
            let lines = area.lines();
            prop_assert!(lines.len() <= height && y < lines.len());
            for line in &lines {
                prop_assert!(line.width() <= width);
            }
        }
        while area.undo() {}
        prop_assert_eq!(area.text(), before);
    }
}
