//! Draws what the program shows: runs it in a pseudo terminal, presses keys, and writes the screen
//! as SVG. The pictures under `assets/` are made with it.
//!
//!     cargo run --example picture -- BINARY CASE OUT.svg COLUMNSxROWS KEYS...
//!
//! Each of KEYS is pressed once the screen has been quiet for a while; `\r`, `\t` and `\e` stand for
//! enter, tab and escape.

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Quiet for so long: everything that belongs to a key is drawn.
const QUIET: Duration = Duration::from_millis(1500);

/// Size of a cell in the picture, and of its letters.
const CELL: (f64, f64) = (8.0, 17.0);
const LETTERS: f64 = 13.4;

const GROUND: &str = "#16181d";
const INK: &str = "#d5d8de";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [binary, case, out, size, keys @ ..] = arguments.as_slice() else {
        return Err("usage: picture BINARY CASE OUT.svg COLUMNSxROWS KEYS...".into());
    };
    let (columns, rows) = size.split_once('x').ok_or("a size is like 120x36")?;
    let (columns, rows): (NonZeroU16, NonZeroU16) = (columns.parse()?, rows.parse()?);
    let settings = tempfile::tempdir()?;

    let pty = native_pty_system().openpty(PtySize {
        rows: rows.get(),
        cols: columns.get(),
        pixel_width: 0,
        pixel_height: 0,
    })?;
    let mut command = CommandBuilder::new(std::fs::canonicalize(binary)?);
    command.arg(std::fs::canonicalize(case)?);
    command.env("TERM", "xterm-256color");
    command.env_remove("NO_COLOR");
    command.env("CASEBOOK_CONFIG", settings.path());
    let mut child = pty.slave.spawn_command(command)?;
    let mut reader = pty.master.try_clone_reader()?;
    let mut writer = pty.master.take_writer()?;
    let (sender, bytes) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 65536];
        while let Ok(count) = reader.read(&mut buffer) {
            if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut screen = vt100::Parser::new(rows, columns, 0);
    settle(&bytes, &mut screen);
    for keys in keys {
        let keys = keys.replace("\\r", "\r").replace("\\t", "\t").replace("\\e", "\x1b");
        writer.write_all(keys.as_bytes())?;
        settle(&bytes, &mut screen);
    }
    std::fs::write(out, svg(screen.screen(), columns.get(), rows.get())?)?;
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn settle(bytes: &Receiver<Vec<u8>>, screen: &mut vt100::Parser) {
    while let Ok(bytes) = bytes.recv_timeout(QUIET) {
        screen.process(&bytes);
    }
}

/// What cells have in common that are drawn in one go.
#[derive(Clone, PartialEq)]
struct Style {
    ink: String,
    ground: String,
    is_bold: bool,
    is_underlined: bool,
}

fn style(cell: &vt100::Cell) -> Style {
    let mut ink = colour(cell.fgcolor()).unwrap_or_else(|| INK.to_owned());
    let mut ground = colour(cell.bgcolor()).unwrap_or_else(|| GROUND.to_owned());
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut ground);
    }
    if cell.dim() {
        ink = "#8a8f99".to_owned();
    }
    Style { ink, ground, is_bold: cell.bold(), is_underlined: cell.underline() }
}

fn svg(screen: &vt100::Screen, columns: u16, rows: u16) -> Result<String, std::fmt::Error> {
    let (width, height) = (f64::from(columns) * CELL.0 + 16.0, f64::from(rows) * CELL.1 + 16.0);
    let mut out = String::new();
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK SC, \
         WenQuanYi Micro Hei Mono, monospace\" font-size=\"{LETTERS}\">"
    )?;
    writeln!(out, "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{GROUND}\"/>")?;
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let Some(first) = screen.cell(row, column) else { break };
            let (style, is_wide, start) = (style(first), first.is_wide(), column);
            let mut letters: Vec<&str> = Vec::new();
            // Wide and narrow letters are drawn apart: fonts do not agree on their widths.
            while let Some(cell) = screen.cell(row, column)
                && self::style(cell) == style
                && cell.is_wide() == is_wide
            {
                letters.push(if cell.has_contents() { cell.contents() } else { " " });
                column += if is_wide { 2 } else { 1 };
            }
            ground(&mut out, row, start, column - start, &style)?;
            let step = if is_wide { 2 } else { 1 };
            for (from, words) in stretches(&letters) {
                let at = start + u16::try_from(from).unwrap_or(0) * step;
                run(&mut out, row, at, words, is_wide, &style)?;
            }
        }
    }
    out.push_str("</svg>\n");
    Ok(out)
}

/// Stretches without blanks at their ends or two of them in a row, with where they begin: not
/// every program that shows a picture keeps blanks as they are.
fn stretches<'a, 'b>(letters: &'a [&'b str]) -> Vec<(usize, &'a [&'b str])> {
    let mut found = Vec::new();
    let mut start = None;
    for at in 0..=letters.len() {
        let is_blank = |at: usize| letters.get(at).is_none_or(|letter| letter.trim().is_empty());
        match start {
            None if !is_blank(at) => start = Some(at),
            Some(from) if is_blank(at) && is_blank(at + 1) => {
                found.push((from, &letters[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn place(column: u16, row: u16) -> (f64, f64) {
    (8.0 + f64::from(column) * CELL.0, 8.0 + f64::from(row) * CELL.1)
}

fn ground(out: &mut String, row: u16, column: u16, cells: u16, style: &Style) -> std::fmt::Result {
    if style.ground == GROUND {
        return Ok(());
    }
    let (x, y) = place(column, row);
    let (width, height, ground) = (f64::from(cells) * CELL.0, CELL.1, &style.ground);
    writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>"
    )
}

/// Wide letters are placed one by one, narrow ones follow each other in the room they have.
fn run(
    out: &mut String,
    row: u16,
    column: u16,
    letters: &[&str],
    is_wide: bool,
    style: &Style,
) -> std::fmt::Result {
    let (x, y) = place(column, row);
    let text = letters.concat();
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let weight = if style.is_bold { " font-weight=\"bold\"" } else { "" };
    let line = if style.is_underlined { " text-decoration=\"underline\"" } else { "" };
    let (base, ink) = (y + 13.0, &style.ink);
    let places = letters.iter().enumerate().map(|(number, _)| x + number as f64 * 2.0 * CELL.0);
    let place = if is_wide {
        let places: Vec<String> = places.map(|x| x.to_string()).collect();
        format!("x=\"{}\"", places.join(" "))
    } else {
        let width = letters.len() as f64 * CELL.0;
        format!("x=\"{x}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"")
    };
    writeln!(out, "<text {place} y=\"{base}\" fill=\"{ink}\"{weight}{line}>{escaped}</text>")
}

/// `None` for the terminal's own.
fn colour(colour: vt100::Color) -> Option<String> {
    const BASE: [&str; 16] = [
        "#1d2027", "#e06c75", "#98c379", "#d9b36c", "#6aa5e8", "#c586d9", "#56b6c2", "#c5cad3",
        "#6b7280", "#ef7f88", "#aad58b", "#ebc77f", "#82b8f5", "#d79be9", "#6cc8d4", "#f0f2f5",
    ];
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        vt100::Color::Idx(at @ 0..16) => Some(BASE[usize::from(at)].to_owned()),
        vt100::Color::Idx(at @ 16..232) => {
            let step = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
            let (r, g, b) = ((at - 16) / 36, (at - 16) / 6 % 6, (at - 16) % 6);
            Some(format!("#{:02x}{:02x}{:02x}", step(r), step(g), step(b)))
        }
        vt100::Color::Idx(at) => {
            let grey = 8 + (at - 232) * 10;
            Some(format!("#{grey:02x}{grey:02x}{grey:02x}"))
        }
    }
}
