//! What makes a note more than a text: findings with their status and grades, questions, events.

use super::disagreed::{Disagreed, Said, Slot};
use super::id::with_article;
use super::review::{Review, Reviewed, Signer};
use super::{AnchorId, Sha256};
use serde::{Deserialize, Serialize};

/// An enum of plain words with the stable name of each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$case_doc])* $case),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$case),+];

            /// As it is shown and typed.
            pub fn word(self) -> &'static str {
                match self { $($name::$case => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words!(
    /// What a note is.
    #[derive(Default)]
    NoteKind {
        #[default]
        Note = "note",
        /// It claims something.
        Finding = "finding",
        /// It asks something, and gathers findings.
        Question = "question",
        /// Something that happened, dated or vaguely dated.
        Event = "event",
    }
);
words!(
    /// Where a finding stands.
    #[derive(Default)]
    Standing {
        #[default]
        Open = "open",
        Supported = "supported",
        Disputed = "disputed",
        Refuted = "refuted",
    }
);
words!(
    /// How well founded a judgement is; no statement of how likely the thing is.
    Confidence { Low = "low", Moderate = "moderate", High = "high" }
);
words!(
    /// How likely the thing is, in the words of ICD 203.
    Likelihood {
        AlmostNone = "almost no chance",
        VeryUnlikely = "very unlikely",
        Unlikely = "unlikely",
        EvenChance = "roughly even chance",
        Likely = "likely",
        VeryLikely = "very likely",
        AlmostCertain = "almost certain",
    }
);
words!(
    /// What a citation does for the finding that cites it.
    #[derive(Default)]
    Stance {
        #[default]
        Supports = "supports",
        Contradicts = "contradicts",
        /// It is named, and says neither yes nor no.
        Context = "context",
    }
);
words!(
    /// Admiralty code: how reliable the source is.
    SourceGrade { A = "A", B = "B", C = "C", D = "D", E = "E", F = "F" }
);
words!(
    /// Admiralty code: how credible the item is.
    ItemGrade { One = "1", Two = "2", Three = "3", Four = "4", Five = "5", Six = "6" }
);

impl NoteKind {
    /// It claims something about the evidence, which supports it or speaks against it.
    pub fn claims(self) -> bool {
        matches!(self, NoteKind::Finding | NoteKind::Event)
    }
}

impl Likelihood {
    /// In per cent, both ends included, after ICD 203 (2015), D.6.e.
    pub fn range(self) -> (u8, u8) {
        match self {
            Likelihood::AlmostNone => (1, 5),
            Likelihood::VeryUnlikely => (5, 20),
            Likelihood::Unlikely => (20, 45),
            Likelihood::EvenChance => (45, 55),
            Likelihood::Likely => (55, 80),
            Likelihood::VeryLikely => (80, 95),
            Likelihood::AlmostCertain => (95, 99),
        }
    }

    /// `very likely (80-95%)`
    pub fn words(self) -> String {
        let (low, high) = self.range();
        format!("{} ({low}-{high}%)", self.word())
    }
}

impl SourceGrade {
    pub fn words(self) -> &'static str {
        match self {
            SourceGrade::A => "reliable",
            SourceGrade::B => "usually reliable",
            SourceGrade::C => "fairly reliable",
            SourceGrade::D => "not usually reliable",
            SourceGrade::E => "unreliable",
            SourceGrade::F => "reliability cannot be judged",
        }
    }
}

impl ItemGrade {
    pub fn words(self) -> &'static str {
        match self {
            ItemGrade::One => "confirmed",
            ItemGrade::Two => "probably true",
            ItemGrade::Three => "possibly true",
            ItemGrade::Four => "doubtfully true",
            ItemGrade::Five => "improbable",
            ItemGrade::Six => "truth cannot be judged",
        }
    }
}

/// Admiralty grades of a citation, either of them optional: `B2`, `B`, `2`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub source: Option<SourceGrade>,
    pub item: Option<ItemGrade>,
}

impl Grade {
    /// `B2 / A1`: each once, those that say nothing left out.
    pub fn words_of(grades: impl IntoIterator<Item = Grade>) -> String {
        let mut words: Vec<String> = Vec::new();
        for grade in grades {
            let own = grade.to_string();
            if !own.is_empty() && !words.contains(&own) {
                words.push(own);
            }
        }
        words.join(" / ")
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.source.map_or("", SourceGrade::word))?;
        f.write_str(self.item.map_or("", ItemGrade::word))
    }
}

impl std::str::FromStr for Grade {
    type Err = BadGrade;

    fn from_str(text: &str) -> Result<Grade, BadGrade> {
        let text = text.trim().to_ascii_uppercase();
        let bad = || BadGrade(text.clone());
        let mut grade = Grade::default();
        let mut rest = text.as_str();
        if let Some(source) = rest.get(..1).and_then(SourceGrade::from_word) {
            grade.source = Some(source);
            rest = &rest[1..];
        }
        if !rest.is_empty() {
            grade.item = Some(ItemGrade::from_word(rest).ok_or_else(bad)?);
        }
        Ok(grade)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no grade: A-F for the source, 1-6 for the item, as B2")]
pub struct BadGrade(String);

/// When an event was, as exactly as it is known: `2021`, `2021-03`, `2021-03-05`,
/// `2021-03-05T12:41`, a range with `..`, uncertain with `?`, about with `~` (after EDTF,
/// ISO 8601-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct When {
    text: String,
    first: i64,
    last: i64,
}

impl When {
    /// Seconds since 1970 on the clock of the evidence: the first and the last that it may mean.
    pub fn span(&self) -> (i64, i64) {
        (self.first, self.last)
    }

    /// The same, as wide as its doubts: a month that is marked by `?` or `~` may be the one before
    /// or after it.
    pub fn reach(&self) -> (i64, i64) {
        let (from, to) = self.text.split_once("..").unwrap_or((&self.text, &self.text));
        // The year, month or day that holds a second, as exactly as a part is written.
        let unit = |part: &str, second: i64| {
            let plain = part.strip_suffix(['?', '~'])?.trim_end_matches(['?', '~']);
            span(super::time::clock_text(second).get(..plain.len())?)
        };
        (
            unit(from, self.first - 1).map_or(self.first, |(first, _)| first),
            unit(to, self.last + 1).map_or(self.last, |(_, last)| last),
        )
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it names less than a day, or doubts it.
    pub fn is_vague(&self) -> bool {
        self.text.ends_with(['?', '~']) || self.last - self.first >= 86_400
    }
}

impl std::str::FromStr for When {
    type Err = BadWhen;

    fn from_str(text: &str) -> Result<When, BadWhen> {
        let text = text.trim();
        let bad = || BadWhen(text.to_owned());
        let plain = text.trim_end_matches(['?', '~']);
        let (from, to) = plain.split_once("..").unwrap_or((plain, plain));
        let (first, _) = span(from.trim_end_matches(['?', '~'])).ok_or_else(bad)?;
        let (_, last) = span(to).ok_or_else(bad)?;
        if first > last {
            return Err(bad());
        }
        Ok(When { text: text.to_owned(), first, last })
    }
}

impl TryFrom<String> for When {
    type Error = BadWhen;
    fn try_from(text: String) -> Result<When, BadWhen> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> String {
        when.text
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no date: write 2021, 2021-03, 2021-03-05, 2021-03-05T12:41, 2020..2021, with ? or ~ behind it where in doubt"
)]
pub struct BadWhen(String);

/// First and last second of a year, month, day, minute or second.
fn span(text: &str) -> Option<(i64, i64)> {
    use jiff::civil::DateTime;
    use jiff::{Span, Zoned};
    let digits = |text: &str, length: usize| -> Option<i16> {
        (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())?
    };
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map(|text| digits(text, 2)).map_or(Some(None), |m| m.map(Some))?;
    let date_of_month =
        parts.next().map(|text| digits(text, 2)).map_or(Some(None), |d| d.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    let start = jiff::civil::Date::new(
        year,
        i8::try_from(month.unwrap_or(1)).ok()?,
        i8::try_from(date_of_month.unwrap_or(1)).ok()?,
    )
    .ok()?;
    let (start, length): (DateTime, Span) = match (month, date_of_month, time) {
        (None, _, None) => (start.at(0, 0, 0, 0), Span::new().years(1)),
        (Some(_), None, None) => (start.at(0, 0, 0, 0), Span::new().months(1)),
        (_, Some(_), None) => (start.at(0, 0, 0, 0), Span::new().days(1)),
        (_, Some(_), Some(time)) => {
            let mut parts = time.split(':');
            let hour = digits(parts.next()?, 2)?;
            let minute = digits(parts.next()?, 2)?;
            let second =
                parts.next().map(|text| digits(text, 2)).map_or(Some(None), |s| s.map(Some))?;
            if parts.next().is_some() {
                return None;
            }
            let time = jiff::civil::Time::new(
                i8::try_from(hour).ok()?,
                i8::try_from(minute).ok()?,
                i8::try_from(second.unwrap_or(0)).ok()?,
                0,
            )
            .ok()?;
            let length = match second {
                Some(_) => Span::new().seconds(1),
                None => Span::new().minutes(1),
            };
            (start.to_datetime(time), length)
        }
        _ => return None,
    };
    let end = start.checked_add(length).ok()?;
    let seconds = |at: DateTime| -> Option<i64> {
        let zoned: Zoned = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp().as_second())
    };
    Some((seconds(start)?, seconds(end)? - 1))
}

/// What a note is and where it stands, beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteFields {
    pub kind: NoteKind,
    pub standing: Standing,
    pub confidence: Option<Confidence>,
    pub likelihood: Option<Likelihood>,
    pub when: Option<When>,
    /// The question that it answers to: the operation that made it.
    pub question: Option<Sha256>,
    /// What was said of its citations; those that only its text names support it.
    pub citations: Vec<Citation>,
    /// Sorted.
    pub tags: Vec<String>,
    pub reviews: Vec<Reviewed>,
    /// Whoever said one of these, reviews and tags apart; each key once, sorted.
    #[serde(default)]
    pub writers: Vec<Signer>,
    /// Fields that were set at the same time to different values and by nobody since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagreed: Vec<Disagreed>,
}

impl NoteFields {
    /// What was said at the same time of a field.
    pub fn disagreed(&self, slot: Slot) -> Option<&Disagreed> {
        self.disagreed.iter().find(|own| own.slot == slot)
    }

    /// Where a finding stands, in words: also when that is disputed among those who wrote it.
    pub fn standing_words(&self) -> String {
        match self.disagreed(Slot::Standing) {
            Some(own) => own.words(),
            None => self.standing.word().to_owned(),
        }
    }
}

impl Citation {
    /// What an anchor does that a text names without more being said of it.
    pub fn of(anchor: Sha256) -> Citation {
        Citation { anchor, stance: Stance::default(), grade: Grade::default() }
    }
}

/// What is said of one citation of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The operation that made the anchor.
    pub anchor: Sha256,
    pub stance: Stance,
    pub grade: Grade,
}

/// A field of a note and what it says from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteField {
    Kind(NoteKind),
    Standing(Standing),
    Confidence(Option<Confidence>),
    Likelihood(Option<Likelihood>),
    When(Option<When>),
    /// The question that it answers to: the operation that made it.
    Question(Option<Sha256>),
    Cite(Citation),
    /// Takes back what was said of a citation, by its anchor.
    Uncite(Sha256),
    /// What a second person said of a sentence of it.
    Review(Review),
}

impl NoteField {
    /// Which field it sets; none for what adds to others.
    pub fn slot(&self) -> Option<Slot> {
        Some(match self {
            NoteField::Kind(_) => Slot::Kind,
            NoteField::Standing(_) => Slot::Standing,
            NoteField::Confidence(_) => Slot::Confidence,
            NoteField::Likelihood(_) => Slot::Likelihood,
            NoteField::When(_) => Slot::When,
            NoteField::Question(_) => Slot::Question,
            NoteField::Cite(Citation { anchor, .. }) | NoteField::Uncite(anchor) => {
                Slot::Citation(*anchor)
            }
            NoteField::Review(_) => return None,
        })
    }

    /// What setting it is, in words.
    pub fn words(&self) -> String {
        match self {
            NoteField::Kind(kind) => format!("made a note {}", with_article(kind.word())),
            NoteField::Standing(standing) => format!("called a finding {}", standing.word()),
            NoteField::Confidence(Some(confidence)) => {
                format!("set a confidence to {}", confidence.word())
            }
            NoteField::Confidence(None) => "took a confidence back".to_owned(),
            NoteField::Likelihood(Some(likelihood)) => {
                format!("called a finding {}", likelihood.word())
            }
            NoteField::Likelihood(None) => "took a likelihood back".to_owned(),
            NoteField::When(Some(when)) => format!("set the date {}", when.text()),
            NoteField::When(None) => "took a date back".to_owned(),
            NoteField::Question(Some(_)) => "put a note to a question".to_owned(),
            NoteField::Question(None) => "took a note from its question".to_owned(),
            NoteField::Cite(citation) => match citation.grade.to_string().as_str() {
                "" => format!("said that a citation {}", verb(citation.stance)),
                grade => format!("graded a citation {grade}, it {}", verb(citation.stance)),
            },
            NoteField::Uncite(_) => "took back what was said of a citation".to_owned(),
            NoteField::Review(review) => format!("took in a review by {}", review.by),
        }
    }
}

impl Said for NoteField {
    fn value(&self) -> String {
        let none = || "none".to_owned();
        match self {
            NoteField::Kind(kind) => kind.word().to_owned(),
            NoteField::Standing(standing) => standing.word().to_owned(),
            NoteField::Confidence(own) => own.map_or_else(none, |own| own.word().to_owned()),
            NoteField::Likelihood(own) => own.map_or_else(none, |own| own.word().to_owned()),
            NoteField::When(when) => when.as_ref().map_or_else(none, |when| when.text().to_owned()),
            NoteField::Question(None) | NoteField::Uncite(_) => none(),
            NoteField::Question(Some(question)) => question.to_string(),
            NoteField::Cite(said) => {
                format!("{} {}", said.stance.word(), said.grade).trim().to_owned()
            }
            NoteField::Review(_) => self.words(),
        }
    }
}

fn verb(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports | Stance::Contradicts => stance.word(),
        Stance::Context => "is context",
    }
}

/// A citation of a note with the number it has in this case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    pub id: AnchorId,
    pub citation: Citation,
    /// One line: the quote, or the number; `None` when the anchor was dropped.
    pub line: Option<String>,
    /// Where it stands: item, file and place in it, or when a message was sent and by whom.
    pub place: String,
    /// A number or an absence: what was searched.
    pub is_count: bool,
    /// Other anchors at the very same place that are cited for the same: people made them who worked
    /// apart. All of them are one piece of evidence.
    pub also: Vec<(AnchorId, Citation)>,
}

impl Cited {
    /// All that was said of it.
    pub fn said(&self) -> impl Iterator<Item = Citation> + '_ {
        std::iter::once(self.citation).chain(self.also.iter().map(|(_, citation)| *citation))
    }

    /// `B2`; `B2 / A1` where several graded it; empty where nobody did.
    pub fn grades(&self) -> String {
        Grade::words_of(self.said().map(|said| said.grade))
    }

    /// `A7`, `A7 = A9`
    pub fn names(&self) -> String {
        let also = self.also.iter().map(|(id, _)| format!(" = {id}"));
        std::iter::once(self.id.to_string()).chain(also).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_when(text: &str, expected: Option<(&str, &str)>) {
        let shown = |second: i64| jiff::Timestamp::from_second(second).unwrap().to_string();
        let span = text.parse::<When>().ok().map(|when| when.span());
        let found = span.map(|(first, last)| (shown(first), shown(last)));
        let expected = expected.map(|(first, last)| (first.to_owned(), last.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn vague_dates_have_a_span() {
        check_when("2021", Some(("2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z")));
        check_when("2020-02?", Some(("2020-02-01T00:00:00Z", "2020-02-29T23:59:59Z")));
        check_when("2021-03-05~", Some(("2021-03-05T00:00:00Z", "2021-03-05T23:59:59Z")));
        check_when("2021-03-05T12:41", Some(("2021-03-05T12:41:00Z", "2021-03-05T12:41:59Z")));
        check_when("2020..2021-03", Some(("2020-01-01T00:00:00Z", "2021-03-31T23:59:59Z")));
        for bad in
            ["", "21", "2021-13", "2021-02-30", "2022..2021", "March", "2021-3", "2021-03-05T25:00"]
        {
            check_when(bad, None);
        }
    }

    #[test]
    fn doubt_reaches_to_the_neighbours() {
        let check = |text: &str, same: &str| {
            let span = same.parse::<When>().unwrap().span();
            assert_eq!(text.parse::<When>().unwrap().reach(), span, "{text}");
        };
        check("2021-03", "2021-03");
        check("2021-03?", "2021-02..2021-04");
        check("2021~", "2020..2022");
        check("2021-01-01?", "2020-12-31..2021-01-02");
        check("2020..2021-03~", "2020..2021-04");
        check("2020?..2021", "2019..2021");
    }

    #[test]
    fn grades_are_read() {
        for text in ["B2", "B", "2", ""] {
            assert_eq!(text.parse::<Grade>().unwrap().to_string(), text);
        }
        assert_eq!("f6".parse::<Grade>().unwrap().to_string(), "F6");
        for bad in ["G1", "B7", "22", "BB", "甲1"] {
            assert!(bad.parse::<Grade>().is_err(), "{bad}");
        }
    }
}
