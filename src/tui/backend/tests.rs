use super::*;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Draws `lines` and gives the bytes, with what a terminal makes of them.
fn draw(width: u16, height: u16, lines: &[&str]) -> (u64, vt100::Parser) {
    let mut terminal = Terminal::new(LeanBackend::new(Vec::new(), width, height)).unwrap();
    terminal.draw(|frame| write(frame.buffer_mut(), lines)).unwrap();
    terminal.backend_mut().end_frame().unwrap();
    let cells = |count| std::num::NonZeroU16::new(count).unwrap();
    let mut parser = vt100::Parser::new(cells(height), cells(width), 0);
    parser.process(&terminal.backend().out);
    (terminal.backend().sent(), parser)
}

fn write(buffer: &mut Buffer, lines: &[&str]) {
    for (y, line) in lines.iter().enumerate() {
        buffer.set_string(0, y as u16, line, Style::new());
    }
}

#[test]
fn a_screen_of_chinese_is_little_more_than_its_text() {
    let line = "合同台账付款客户".repeat(13);
    let lines: Vec<&str> = (0..60).map(|_| &line[..300]).collect();
    let (sent, parser) = draw(200, 60, &lines);
    assert!(sent <= 20_000, "{sent} bytes for 18,000 bytes of text");
    let shown: Vec<String> = parser.screen().rows(0, 200).collect();
    assert_eq!(shown, lines);
}

#[test]
fn mixed_text_stands_where_it_should() {
    let lines = ["a合b同c", "👩\u{200d}👩\u{200d}👧x", "e\u{301}é  z", "│付款│30万│", "  ﾊﾞ|"];
    let (_, parser) = draw(20, 5, &lines);
    let cell = |row, column| parser.screen().cell(row, column).unwrap().contents().to_owned();
    assert_eq!((cell(0, 1), cell(0, 3), cell(0, 6)), ("合".into(), "b".into(), "c".into()));
    assert_eq!(cell(1, 2), "x", "placed anew after an emoji sequence");
    assert_eq!(cell(3, 10), "│");
}

#[test]
fn a_frame_without_changes_sends_nothing() {
    let mut terminal = Terminal::new(LeanBackend::new(Vec::new(), 40, 5)).unwrap();
    for _ in 0..2 {
        terminal.draw(|frame| write(frame.buffer_mut(), &["合同"])).unwrap();
        terminal.backend_mut().end_frame().unwrap();
    }
    let sent = terminal.backend().sent();
    terminal.draw(|frame| write(frame.buffer_mut(), &["合同"])).unwrap();
    terminal.backend_mut().end_frame().unwrap();
    assert_eq!(terminal.backend().sent(), sent);
}

#[test]
fn what_becomes_blank_is_erased_where_that_is_shorter() {
    let check = |backend: LeanBackend<Vec<u8>>, has_erased: bool| {
        let mut terminal = Terminal::new(backend).unwrap();
        let coloured = Style::new().fg(Color::Indexed(110)).bg(Color::Indexed(24));
        for line in ["合同台账付款客户 and so on│", "x│", "a b c│"] {
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(0, 0, line, Style::new());
                    frame.buffer_mut().set_string(28, 0, "  y  ", coloured);
                })
                .unwrap();
            terminal.backend_mut().end_frame().unwrap();
        }
        let cells = |count| std::num::NonZeroU16::new(count).unwrap();
        let mut parser = vt100::Parser::new(cells(1), cells(40), 0);
        parser.process(&terminal.backend().out);
        assert_eq!(parser.screen().contents().trim_end(), "a b c│                        y");
        let cell = parser.screen().cell(0, 29).unwrap();
        assert_eq!(cell.bgcolor(), vt100::Color::Idx(24), "a coloured ground is no blank");
        let text = String::from_utf8(terminal.backend().out.clone()).unwrap();
        assert_eq!(text.contains('X'), has_erased, "{text:?}");
    };
    check(LeanBackend::new(Vec::new(), 40, 1), true);
    check(LeanBackend::new(Vec::new(), 40, 1).without_erasing(), false);
}

#[test]
fn no_half_of_a_wide_character_outlives_the_other() {
    let mut terminal = Terminal::new(LeanBackend::new(Vec::new(), 40, 1)).unwrap();
    let text = |frame: &mut ratatui::Frame<'_>, text: &str| {
        frame.buffer_mut().set_string(0, 0, text, Style::new());
    };
    terminal.draw(|frame| text(frame, "合同台账付款合同│")).unwrap();
    terminal.draw(|frame| text(frame, "                │")).unwrap();
    terminal.backend_mut().end_frame().unwrap();
    let sent = String::from_utf8(terminal.backend().out.clone()).unwrap();
    assert!(sent.contains("\x1b[16X"), "{sent:?}");
}

#[test]
fn controls_in_a_cell_are_not_sent() {
    let mut backend = LeanBackend::new(Vec::new(), 10, 1);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
    buffer[(0, 0)].set_symbol("\x1b]52;c;aGk=\x07");
    buffer[(1, 0)].set_symbol("\u{9b}31m");
    let cells: Vec<_> = (0..2).map(|x| (x, 0, &buffer[(x, 0)])).collect();
    backend.draw(cells.into_iter()).unwrap();
    backend.end_frame().unwrap();
    let text = String::from_utf8(backend.out.clone()).unwrap();
    assert!(!text.contains("]52") && !text.contains('\u{9b}'), "{text:?}");
}

#[test]
fn colours_are_told_once() {
    let mut terminal = Terminal::new(LeanBackend::new(Vec::new(), 40, 1)).unwrap();
    terminal
        .draw(|frame| {
            let style = Style::new().fg(Color::Indexed(110));
            frame.buffer_mut().set_string(0, 0, "x".repeat(40), style);
        })
        .unwrap();
    terminal.backend_mut().end_frame().unwrap();
    let text = String::from_utf8(terminal.backend().out.clone()).unwrap();
    assert_eq!(text.matches("38;5;110").count(), 1, "{text:?}");
}

/// Lines of a small alphabet in a few looks: (characters by number, look).
fn frames() -> impl Strategy<Value = Vec<Vec<Vec<(usize, usize)>>>> {
    let line = proptest::collection::vec((0..10_usize, 0..4_usize), 0..14);
    let frame = proptest::collection::vec(line, 3);
    proptest::collection::vec(frame, 1..6)
}

fn paint(buffer: &mut Buffer, frame: &[Vec<(usize, usize)>]) {
    const LETTERS: [&str; 10] =
        ["a", "合", " ", "   ", "é", "│", "            ", "款b", "คำ", "คำนี้"];
    let looks = [
        Style::new(),
        Style::new().fg(Color::Indexed(110)),
        Style::new().bg(Color::Indexed(24)),
        Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
    ];
    for (y, line) in (0..).zip(frame) {
        let mut x = 0;
        for (letter, look) in line {
            x = crate::tui::draw::put::text(buffer, x, y, 24, LETTERS[*letter], looks[*look]);
        }
    }
}

proptest! {
    /// Whatever was there before, a frame looks as if it had been drawn on an empty screen.
    #[test]
    fn a_frame_looks_the_same_after_any_other(frames in frames(), erases: bool) {
        let backend = || {
            let backend = LeanBackend::new(Vec::new(), 24, 3);
            if erases { backend } else { backend.without_erasing() }
        };
        let cells = |count| std::num::NonZeroU16::new(count).unwrap();
        let mut parser = vt100::Parser::new(cells(3), cells(24), 0);
        let mut terminal = Terminal::new(backend()).unwrap();
        terminal.clear().unwrap();
        for frame in &frames {
            terminal.draw(|to| paint(to.buffer_mut(), frame)).unwrap();
            terminal.backend_mut().end_frame().unwrap();
            parser.process(&std::mem::take(&mut terminal.backend_mut().out));
            let mut fresh = vt100::Parser::new(cells(3), cells(24), 0);
            let mut alone = Terminal::new(backend()).unwrap();
            alone.draw(|to| paint(to.buffer_mut(), frame)).unwrap();
            alone.backend_mut().end_frame().unwrap();
            fresh.process(&alone.backend().out);
            for (y, x) in (0..3).flat_map(|y| (0..24).map(move |x| (y, x))) {
                let look = |parser: &vt100::Parser| {
                    let cell = parser.screen().cell(y, x).unwrap();
                    let text = cell.contents().trim().to_owned();
                    let seen = (!text.is_empty()).then(|| (cell.fgcolor(), cell.bold()));
                    let ground = (!cell.is_wide_continuation())
                        .then(|| (cell.bgcolor(), cell.inverse()));
                    (text, seen, ground)
                };
                prop_assert_eq!(look(&parser), look(&fresh), "{},{}", x, y);
            }
        }
    }
}
