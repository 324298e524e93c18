//! A report as the stretches that a seal is made over, one for each thing that it says: its head, a
//! section, an entry, a footnote.

/// A text as it is compared: without what an editor changes that lays it out anew. Lines may be
/// broken elsewhere and blanks be more or fewer; words may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canon {
    text: String,
    /// White space stands behind what came so far.
    is_apart: bool,
    /// Characters so far, without white space.
    letters: usize,
}

impl Canon {
    /// Text that goes on where the last ended. Between Han a line may end without a blank.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.is_apart = true;
                continue;
            }
            let is_wide = |c: char| crate::text::fold::entry(c).is_wide();
            let last = self.text.chars().next_back();
            if std::mem::take(&mut self.is_apart)
                && last.is_some_and(|last| last != '\n' && !is_wide(last))
                && !is_wide(c)
            {
                self.text.push(' ');
            }
            self.text.push(c);
            self.letters += 1;
        }
    }

    /// A paragraph, cell or item ends here.
    pub fn line(&mut self) {
        self.is_apart = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    pub fn as_str(&self) -> &str {
        self.text.trim_end()
    }
}

/// One of the things that a report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// `head`, `Findings`, `N2`, `[3]`.
    pub name: String,
    pub text: Canon,
    /// Where in the text it is a quote, code, a list, emphasised: what makes the same words read as
    /// something else. Seals of version 1 do not know it.
    pub shape: String,
}

/// Stretches in the order of the report. Whatever is read of a report goes into one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches {
    all: Vec<Stretch>,
}

/// Name of what stands before the first section.
pub const HEAD: &str = "head";

impl Stretches {
    /// What comes now belongs to another one.
    pub fn open(&mut self, name: impl Into<String>) {
        self.all.push(Stretch { name: name.into(), ..Stretch::default() });
    }

    pub fn last(&mut self) -> &mut Stretch {
        if self.all.is_empty() {
            self.open(HEAD);
        }
        let last = self.all.len() - 1;
        &mut self.all[last]
    }

    pub fn text(&mut self, text: &str) {
        self.last().text.text(text);
    }

    pub fn line(&mut self) {
        self.last().text.line();
    }

    /// Something begins or ends here that makes words read otherwise: `quote+`.
    pub fn mark(&mut self, sign: &str) {
        let last = self.last();
        let at = last.text.letters;
        last.shape.push_str(&format!("{at} {sign}\n"));
    }

    /// All that say something.
    pub fn done(self) -> Vec<Stretch> {
        self.all.into_iter().filter(|stretch| !stretch.text.as_str().is_empty()).collect()
    }
}

/// What a stretch is called whose heading says this: an entry by its number, which is the first word.
pub fn entry_name(heading: &str) -> String {
    heading.split_whitespace().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laying_out_anew_changes_nothing() {
        let canon = |lines: &[&str]| {
            let mut canon = Canon::default();
            for line in lines {
                canon.text(line);
                canon.line();
            }
            canon.as_str().to_owned()
        };
        assert_eq!(canon(&["He paid\r\n  30万 \t", "", "that  is it"]), "He paid 30万\nthat is it");
        assert_eq!(canon(&["合同\n金额 三十"]), canon(&["合同金额三十"]));
        // Words are what stands between blanks.
        assert_ne!(canon(&["no where"]), canon(&["nowhere"]));
        assert_ne!(canon(&["a", "b"]), canon(&["a b"]));
        assert_ne!(canon(&["付款"]), canon(&["付\u{200b}款"]));
    }
}
