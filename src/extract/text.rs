//! Plain text, logs, program sources and Markdown.

mod markdown;
mod wrap;

pub use markdown::extract as markdown;
pub use wrap::{is_joint, rejoined, words};

use super::encoding::TextReader;
use super::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use std::borrow::Cow;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut text = TextReader::open(input, None)?;
    text.announce(out)?;
    let mut ends = LineEnds::default();
    let mut body = wrap::Body::default();
    while let Some(piece) = text.piece()? {
        body.begin(piece);
        body.text(&ends.clean(piece), out)?;
    }
    body.close(out)?;
    text.conclude(out)
}

/// Logs, sources, lists: every line stands for itself.
pub fn lines(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    whole(input, Wrap::Lines, out)
}

/// Subtitles: what is said at one time is broken to fit under a picture, and ends at an empty line.
pub fn subtitles(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    whole(input, Wrap::Flow, out)
}

fn whole(input: &mut Input, wrap: Wrap, out: &mut Out) -> Result<(), Stop> {
    let mut text = TextReader::open(input, None)?;
    text.announce(out)?;
    out.part(PartKind::Body, wrap)?;
    let mut ends = LineEnds::default();
    while let Some(piece) = text.piece()? {
        out.text(&ends.clean(piece))?;
    }
    text.conclude(out)
}

/// Line ends of all systems become `\n`, over the borders of pieces.
#[derive(Default)]
pub(super) struct LineEnds {
    /// The last piece ended with a carriage return, which was written as a line end.
    after_return: bool,
}

impl LineEnds {
    pub(super) fn clean<'a>(&mut self, piece: &'a str) -> Cow<'a, str> {
        let mut piece = piece;
        if std::mem::take(&mut self.after_return) {
            piece = piece.strip_prefix('\n').unwrap_or(piece);
        }
        self.after_return = piece.ends_with('\r');
        if !piece.contains('\r') {
            return Cow::Borrowed(piece);
        }
        Cow::Owned(piece.replace("\r\n", "\n").replace('\r', "\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::Wrap;
    use crate::extract::collect::collect;

    #[test]
    fn line_ends_are_one_kind() {
        assert_eq!(collect(b"a\r\nb\rc\n\rd\r", "x").text, "a\nb\nc\n\nd\n");
        // The pair is cut by the border of two pieces.
        let long = "x".repeat(64 * 1024 - 1) + "\r\n" + &"y".repeat(100_000);
        assert_eq!(collect(long.as_bytes(), "x").text, long.replace("\r\n", "\n"));
    }

    #[test]
    fn long_lines_and_escapes_come_through() {
        let long = "琥珀 ".repeat(200_000) + "\u{1b}[31mred";
        let all = collect(long.as_bytes(), "long.txt");
        assert_eq!(all.text, long);
        assert_eq!(all.parts.len(), 1);
        let spoken = "1\n00:00:01,000 --> 00:00:02,500\n合同明\n天签\n\n2\n";
        assert_eq!(collect(spoken.as_bytes(), "x").parts[0].wrap, Wrap::Flow);
        assert_eq!(collect(b"a 1\nb 2\n", "x.log").parts[0].wrap, Wrap::Lines);
    }
}
