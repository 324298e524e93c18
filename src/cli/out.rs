//! The one place that prints. Evidence gets out through [`Out::line_of`], [`Out::block_of`] or
//! [`Out::json`] and through nothing else, so that no file name and no message can act on the
//! analyst's terminal.

use super::error::Failure;
use crate::text::{escape, sanitise};
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, Write};

/// Where the answer of a verb goes.
pub struct Out<'a> {
    to: Box<dyn Write + 'a>,
    terminal: bool,
    colour: bool,
    /// Texts go out byte for byte.
    exact: bool,
    /// Cells of a line.
    pub width: usize,
}

/// Text by what it is; colour is only ever a second carrier of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    /// Ids and headings.
    Strong,
    /// What was searched for.
    Hit,
    /// What is said about the evidence, beside it.
    Dim,
    /// Needs attention.
    Warn,
}

impl<'a> Out<'a> {
    /// Standard output.
    pub fn stdout() -> Out<'static> {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        // Asked of a terminal alone: crossterm starts `tput` twice where there is none.
        let width = match terminal.then(crossterm::terminal::size) {
            Some(Ok((width, _))) if width > 0 => usize::from(width),
            _ => 100,
        };
        Out {
            to: Box::new(BufWriter::with_capacity(64 * 1024, stdout)),
            terminal,
            colour: terminal && colour_is_wanted(),
            exact: false,
            width,
        }
    }

    /// Standard error, for what is said while standard output is a file.
    pub fn stderr() -> Out<'static> {
        let stderr = io::stderr();
        let terminal = stderr.is_terminal();
        let colour = terminal && colour_is_wanted();
        Out { to: Box::new(stderr), terminal, colour, exact: false, width: 100 }
    }

    /// Into anything else, as into a pipe.
    pub fn to(writer: impl Write + 'a) -> Out<'a> {
        Out { to: Box::new(writer), terminal: false, colour: false, exact: false, width: 100 }
    }

    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether somebody sits there who can be asked.
    pub fn can_ask(&self) -> bool {
        self.terminal && io::stdin().is_terminal()
    }

    /// Asks and waits for the answer; a no is said.
    pub fn ask(&mut self, question: &str) -> io::Result<bool> {
        self.say(&format!("{question} [y/N] "))?;
        self.finish()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        let is_yes = matches!(answer.trim(), "y" | "Y" | "yes");
        if !is_yes {
            self.say("nothing was changed\n")?;
        }
        Ok(is_yes)
    }

    /// Our own words. Made safe too: a word of somebody else that got among them does nothing.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        self.to.write_all(sanitise::block(text).as_bytes())
    }

    pub fn say_in(&mut self, style: Style, text: &str) -> io::Result<()> {
        let (on, off) = match style {
            _ if !self.colour => ("", ""),
            Style::Plain => ("", ""),
            Style::Strong => ("\u{1b}[1m", "\u{1b}[22m"),
            Style::Hit => ("\u{1b}[1;7m", "\u{1b}[22;27m"),
            Style::Dim => ("\u{1b}[2m", "\u{1b}[22m"),
            Style::Warn => ("\u{1b}[33m", "\u{1b}[39m"),
        };
        write!(self.to, "{on}{}{off}", sanitise::block(text))
    }

    /// Evidence on one line: names, snippets. Made safe always, because `| less -R` is a
    /// terminal too.
    pub fn line_of(&mut self, style: Style, evidence: &str) -> io::Result<()> {
        self.say_in(style, &sanitise::line(evidence))
    }

    /// Evidence with its line ends. Made safe also in a pipe, which may end at a terminal
    /// (`| head`), unless [`Out::be_exact`] was asked for.
    pub fn block_of(&mut self, evidence: &str) -> io::Result<()> {
        match self.exact {
            true => self.to.write_all(evidence.as_bytes()),
            false => self.say(&sanitise::block(evidence)),
        }
    }

    /// Whether texts are let out byte for byte.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Lets texts out byte for byte from now on.
    ///
    /// # Errors
    /// Standard output is a terminal, on which they could act.
    pub fn be_exact(&mut self) -> Result<(), Failure> {
        if self.terminal {
            return Err(Failure::usage("--raw writes into a file or a pipe, not to a terminal")
                .hint("casebook show CASE D17 --raw > FILE"));
        }
        self.exact = true;
        Ok(())
    }

    /// For what was made safe before, as a dump is.
    pub fn raw(&mut self) -> &mut dyn Write {
        &mut self.to
    }

    /// One JSON value and a line end. Control characters, bidi controls and invisible characters
    /// in it are written as `\uXXXX`.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let mut serializer = serde_json::Serializer::with_formatter(&mut self.to, Escaping);
        value.serialize(&mut serializer)?;
        self.to.write_all(b"\n")?;
        Ok(())
    }

    /// Everything is out. Must be called: what fails later is not seen.
    pub fn finish(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// `NO_COLOR` (set and not empty) and `TERM=dumb` mean no.
pub fn colour_is_wanted() -> bool {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !no_colour && !dumb
}

/// Prints a failure where failures go. That nobody can take it (its disk is full) changes neither
/// what was done nor the exit code.
pub fn fail(failure: &Failure) {
    let mut stderr = io::stderr();
    let colour = stderr.is_terminal() && colour_is_wanted();
    let _ = stderr.write_all(failure.render(colour).as_bytes());
}

/// Prints a remark beside the answer, where it disturbs no pipe. Lost where nobody can take it.
pub fn remark(text: &str) {
    let _ = writeln!(io::stderr(), "{}", sanitise::line(text));
}

/// Compact JSON that is safe on a terminal.
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        writer.write_all(escape::json(fragment).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_act_on_a_terminal_and_loses_nothing() {
        let text = "公司\u{1b}]52;c;x\u{7}\u{9b}31m\u{202e}\u{feff}\u{e0041}\"\\\n";
        let mut bytes = Vec::new();
        Out::to(&mut bytes).json(&text).unwrap();
        let json = String::from_utf8(bytes).unwrap();
        assert_eq!(
            json,
            "\"公司\\u001b]52;c;x\\u0007\\u009b31m\\u202e\\ufeff\\udb40\\udc41\\\"\\\\\\n\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn names_and_texts_are_safe_in_a_pipe_and_texts_are_exact_when_that_is_asked_for() {
        let mut bytes = Vec::new();
        let mut out = Out::to(&mut bytes);
        out.line_of(Style::Hit, "a\u{1b}[2Jb").unwrap();
        out.block_of("\u{1b}[2J\n").unwrap();
        out.be_exact().unwrap();
        out.line_of(Style::Hit, "a\u{1b}[2Jb").unwrap();
        out.block_of("\u{1b}[2J\n").unwrap();
        drop(out);
        let expected = "a␛[2Jb␛[2J\na␛[2Jb\u{1b}[2J\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn a_word_of_somebody_else_among_our_own_does_nothing() {
        let mut bytes = Vec::new();
        let mut out = Out::to(&mut bytes);
        out.say("phone\u{1b}]0;x\u{7}\u{202e}\t1\n").unwrap();
        out.say_in(Style::Dim, "\u{1b}[2J\n").unwrap();
        drop(out);
        assert_eq!(String::from_utf8(bytes).unwrap(), "phone␛]0;x␇⟨U+202E⟩\t1\n␛[2J\n");
    }
}
