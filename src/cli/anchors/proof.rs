//! What the originals of anchors say, and how many anchors they bear out.

use crate::case::{Anchor, Hold, Passage};
use crate::cli::{counted, grouped};
use crate::ingest::{Compared, ReadAgain};
use crate::model::VariantKind;
use serde::Serialize;

/// What the original of an anchor says, after everything was read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It was read again, and says it.
    Verified,
    /// Its file or container is not there, or does not open.
    Unreached,
    /// Its file, or the one that it lies in, has other bytes now: the citation stands on content that
    /// the source no longer has.
    Changed,
    /// Another version of the extractor reads it, so that nothing can be compared.
    OtherVersion,
    /// Reading it again gives another text than the case holds.
    Differs,
    /// The anchor does not hold in the case, or its text did not come out of the original: there is
    /// nothing to look for.
    Nothing,
    /// A number is counted in the case, not in an original.
    Counted,
}

impl Proof {
    pub(super) fn of(anchor: &Anchor, hold: &Hold, read: &ReadAgain) -> Proof {
        let Anchor::Passage(passage) = anchor else { return Proof::Counted };
        let is_found = matches!(hold, Hold::Holds | Hold::Moved { .. } | Hold::Misplaced { .. });
        match read.contents.get(&passage.content) {
            _ if !is_found || passage.variant != VariantKind::Original => Proof::Nothing,
            None if replaced(passage, read).is_some() => Proof::Changed,
            None => Proof::Unreached,
            Some(Compared::Same) => Proof::Verified,
            Some(Compared::OtherVersion) => Proof::OtherVersion,
            Some(Compared::Differs) => Proof::Differs,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Proof::Verified => "verified",
            Proof::Unreached => "original not reachable",
            Proof::Changed => "original changed",
            Proof::OtherVersion => "read by other version",
            Proof::Differs => "original differs",
            Proof::Nothing => "-",
            Proof::Counted => "counted",
        }
    }

    /// Whether it was to be verified and was not.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Proof::Unreached | Proof::Changed | Proof::OtherVersion | Proof::Differs)
    }
}

/// The file of a passage, when it has other bytes now.
pub(super) fn replaced<'a>(passage: &Passage, read: &'a ReadAgain) -> Option<&'a str> {
    let files = passage.containers.iter().chain([&passage.content]);
    files.filter_map(|content| read.replaced.get(content)).next().map(String::as_str)
}

/// How many anchors hold, and what their originals say.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) all: u64,
    holding: u64,
    /// Their file is not where it was taken from.
    pub(super) lost: u64,
    originals: Vec<Proof>,
}

impl Tally {
    pub(super) fn add(&mut self, hold: &Hold, original: Option<Proof>) {
        self.all += 1;
        self.holding += u64::from(*hold == Hold::Holds);
        self.originals.extend(original);
    }

    /// `7 anchors, 6 hold in the case; 4 verified against the original, 1 original not reachable`.
    pub(super) fn words(&self) -> String {
        let anchors = counted(self.all, "anchor", "anchors");
        let mut words = format!("{anchors}, {} hold in the case", grouped(self.holding));
        let of = |proof: Proof| self.originals.iter().filter(|own| **own == proof).count() as u64;
        let verified = of(Proof::Verified);
        if self.lost > 0 {
            let lost = grouped(self.lost);
            words.push_str(&format!(", {lost} of files that are not at their path any more"));
        }
        if !self.originals.is_empty() {
            words.push_str(&format!("; {} verified against the original", grouped(verified)));
        }
        for (proof, said) in [
            (Proof::Changed, "on content that the source no longer has"),
            (Proof::Unreached, "whose original is not reachable"),
            (Proof::OtherVersion, "read by another version of Casebook"),
            (Proof::Differs, "whose original says something else"),
            (Proof::Counted, "counted in the case"),
            (Proof::Nothing, "with nothing to look for"),
        ] {
            let count = of(proof);
            if count > 0 {
                words.push_str(&format!(", {} {said}", grouped(count)));
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_counted_by_what_their_originals_say() {
        let mut tally = Tally::default();
        tally.add(&Hold::Holds, None);
        tally.add(&Hold::Absent, None);
        assert_eq!(tally.words(), "2 anchors, 1 hold in the case");
        let mut tally = Tally::default();
        for (hold, proof) in [
            (Hold::Holds, Proof::Verified),
            (Hold::Holds, Proof::Unreached),
            (Hold::Absent, Proof::Nothing),
            (Hold::Holds, Proof::Counted),
        ] {
            tally.add(&hold, Some(proof));
        }
        assert_eq!(
            tally.words(),
            "4 anchors, 3 hold in the case; 1 verified against the original, 1 whose original is not \
             reachable, 1 counted in the case, 1 with nothing to look for"
        );
    }
}
