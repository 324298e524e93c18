//! What other people said of the sentences of a note, and what exactly they had before them: a
//! check ends with what it checked.

use super::disagreed::Slot;
use super::finding::{Citation, NoteFields};
use super::note::short_numbers;
use super::{ItemId, Sha256, time};
use crate::text::normal::{Mode, normalize};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The role of the second person in a check sheet.
pub const CHECKER: &str = "checker";

/// What a second person or a lawyer said of a sentence, from a check sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The sentence as it stood in the sheet.
    pub sentence: String,
    /// [`CHECKER`] or `lawyer`.
    pub role: String,
    pub by: String,
    /// `agreed`, `rejected`, `unclear`; free words as they were filled in.
    pub verdict: String,
    pub comment: String,
    /// What the note was when the sheet was made. Operations of before this was noted have none,
    /// and nobody can tell of them whether the note is still what was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// How many sentences of the note claimed something then, those that read alike once: the
    /// note is checked when all of them are. Operations of before this was noted have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<u32>,
}

/// Whoever signed something: a name, which is a claim, and the public key, hexadecimal, which is
/// who it is. No key where an older version did not note it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Signer {
    pub name: String,
    pub key: String,
}

impl Signer {
    pub fn new(name: &str, key: &str) -> Signer {
        Signer { name: name.to_owned(), key: key.to_owned() }
    }
}

/// What a note is to whoever checks it: hashes, the same in every copy of a case, that change with
/// what is claimed. They are made over ids of operations and over words that a report shows, so
/// that they give away nothing of a text that was redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Over the operations whose texts stand.
    pub text: Sha256,
    /// Over kind, status, confidence, likelihood and date.
    pub standing: Sha256,
    /// Over the anchors that are cited and there, each with its stance and grade.
    pub citations: Sha256,
}

impl Basis {
    /// `texts` are the operations whose texts stand, `cited` what the note cites and is there; in
    /// whatever order.
    pub fn of(
        texts: impl IntoIterator<Item = Sha256>,
        fields: &NoteFields,
        cited: impl IntoIterator<Item = Citation>,
    ) -> Basis {
        let hashed = |mut lines: Vec<String>| {
            lines.sort();
            Sha256::of(lines.join("\n").as_bytes())
        };
        let standing = [
            fields.kind.word(),
            fields.standing.word(),
            fields.confidence.map_or("", |confidence| confidence.word()),
            fields.likelihood.map_or("", |likelihood| likelihood.word()),
            fields.when.as_ref().map_or("", |when| when.text()),
        ];
        // What is disagreed on is not what was checked before.
        let disagreed = fields.disagreed.iter().map(|own| {
            let citation = match own.slot {
                Slot::Citation(anchor) => anchor.to_string(),
                slot => slot.name().to_owned(),
            };
            format!("{citation} {}", own.values())
        });
        let disagreed: Vec<String> = disagreed.collect();
        let hashed_standing: Vec<&str> =
            standing.into_iter().chain(disagreed.iter().map(String::as_str)).collect();
        let said = |citation: Citation| {
            format!("{} {} {}", citation.anchor, citation.stance.word(), citation.grade)
        };
        Basis {
            text: hashed(texts.into_iter().map(|text| text.to_string()).collect()),
            standing: Sha256::of(hashed_standing.join("\n").as_bytes()),
            citations: hashed(cited.into_iter().map(said).collect()),
        }
    }

    /// What is otherwise now, in words.
    pub fn changed(&self, now: &Basis) -> Vec<&'static str> {
        let parts = [
            (self.text == now.text, "text"),
            (self.standing == now.standing, "standing"),
            (self.citations == now.citations, "citations"),
        ];
        parts.into_iter().filter(|(same, _)| !same).map(|(_, part)| part).collect()
    }
}

/// As a check sheet carries it: the three hashes with blanks between them.
impl std::fmt::Display for Basis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.text, self.standing, self.citations)
    }
}

impl std::str::FromStr for Basis {
    type Err = BadBasis;

    fn from_str(text: &str) -> Result<Basis, BadBasis> {
        let hashes: Result<Vec<Sha256>, _> = text.split_whitespace().map(str::parse).collect();
        match hashes.as_deref() {
            Ok(&[text, standing, citations]) => Ok(Basis { text, standing, citations }),
            _ => Err(BadBasis),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not three hashes")]
pub struct BadBasis;

/// A review of a note, with what the operation says that took it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    #[serde(flatten)]
    pub review: Review,
    /// The author of the operation; a claim. Empty where an older version did not note it.
    #[serde(default)]
    pub taken_in_by: String,
    /// The key that signed the operation, hexadecimal.
    #[serde(default)]
    pub key: String,
    /// UTC milliseconds; a claim.
    #[serde(default)]
    pub wall: i64,
    /// `taken_in_by` as it is shown: with the key where several use the name. Empty as it is stored.
    #[serde(skip)]
    pub shown: String,
}

/// A review as it stands beside the note of now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReviewState {
    pub sentence: String,
    pub role: String,
    /// As it is shown: with the key of whoever signed it where several use the name.
    pub by: String,
    /// As it was filled in.
    #[serde(skip)]
    pub name: String,
    /// Of whoever signed it; empty where an older version did not note it.
    #[serde(skip)]
    pub key: String,
    pub verdict: String,
    pub comment: String,
    /// Day on which it was taken in, UTC; empty where that is not known.
    pub date: String,
    /// Who took it in, when that is somebody else than whoever it is by.
    pub taken_in_by: Option<String>,
    /// Whoever took it in wrote the note: by the key, whatever the name.
    pub taken_in_by_author: bool,
    /// What was changed since it was checked: `text`, `standing`, `citations`. `None` where it was
    /// not noted what was checked.
    pub changed: Option<Vec<&'static str>>,
    /// It affirms the sentence, by a second person who signed it with a key of their own, of the
    /// note as it stands.
    pub is_check: bool,
    /// It says of the sentence, by whomever, that it does not hold.
    pub objects: bool,
    /// How many sentences the note claimed when it was checked; `None` where that was not noted.
    pub claims: Option<u32>,
}

impl Reviewed {
    /// `now` is the note as it stands, `authors` whoever wrote it. Names are typed by anybody: who
    /// takes in a review of their own note under another name is known by the key.
    pub fn state(&self, now: &Basis, authors: &[Signer]) -> ReviewState {
        let is_author = |name: &str| authors.iter().any(|author| is_person(&author.name, name));
        let has_key = authors.iter().any(|author| !self.key.is_empty() && author.key == self.key);
        let by_author = has_key || is_author(&self.taken_in_by);
        let own = &self.review;
        let changed = own.basis.map(|basis| basis.changed(now));
        let day = time::clock_text(self.wall.div_euclid(1000));
        let shown = if self.shown.is_empty() { &self.taken_in_by } else { &self.shown };
        let is_own = same_name(&self.taken_in_by, &own.by);
        ReviewState {
            sentence: own.sentence.clone(),
            role: own.role.clone(),
            // With the key, where others use the name.
            by: if is_own && *shown != self.taken_in_by { shown.clone() } else { own.by.clone() },
            name: own.by.clone(),
            key: self.key.clone(),
            verdict: own.verdict.clone(),
            comment: own.comment.clone(),
            date: if self.wall == 0 { String::new() } else { day.chars().take(10).collect() },
            taken_in_by: Some(shown).filter(|name| !name.is_empty() && !is_own).cloned(),
            taken_in_by_author: by_author,
            is_check: own.role == CHECKER
                && affirms(&own.verdict)
                && !by_author
                && !is_author(&own.by)
                && changed.as_ref().is_some_and(Vec::is_empty),
            objects: own.verdict != COMMENT && !affirms(&own.verdict),
            claims: own.claims,
            changed,
        }
    }
}

/// A name without the key that is shown behind it where several use the name: `lin (1f2a3b4c)`.
pub fn without_key(shown: &str) -> &str {
    let Some((name, rest)) = shown.rsplit_once(" (") else { return shown };
    let digits = rest.strip_suffix(')').unwrap_or_default();
    let is_key = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_key { name } else { shown }
}

/// Whether every sentence that claims something was affirmed by a second person as the note
/// stands, and nobody objects to one of them.
pub fn is_checked(reviews: &[ReviewState]) -> bool {
    let checks: Vec<&ReviewState> = reviews.iter().filter(|review| review.is_check).collect();
    // Checked in two copies of the case it is one sentence still.
    let sentences: BTreeSet<String> =
        checks.iter().map(|review| without_numbers(&review.sentence)).collect();
    let objects = |own: &ReviewState| own.objects && own.role == CHECKER && !own.is_outdated();
    let is_whole = |own: &&ReviewState| own.claims.is_some_and(|n| sentences.len() >= n as usize);
    checks.iter().any(is_whole) && !reviews.iter().any(objects)
}

/// A sentence as every copy of a case has it: short numbers of evidence and notes are of one copy,
/// so `as N2 says` is `as N# says`. Anchors and entities do not stand in sentences by number.
pub fn without_numbers(sentence: &str) -> String {
    let mut text = sentence.to_owned();
    for (range, item) in short_numbers(sentence).into_iter().rev() {
        if !matches!(item, ItemId::Anchor(_) | ItemId::Entity(_)) {
            text.replace_range(range.start + 1..range.end, "#");
        }
    }
    text
}

/// What stands for a verdict where somebody left a comment alone.
pub const COMMENT: &str = "comment";

/// Verdicts that affirm a sentence. Whatever says anything else, or more, is an objection that
/// somebody must read.
pub const AFFIRMING: &[&str] = &[
    "ok",
    "okay",
    "yes",
    "y",
    "agree",
    "agreed",
    "correct",
    "right",
    "true",
    "holds",
    "confirm",
    "confirmed",
    "verified",
    "checked",
    "accurate",
    "approved",
    "accepted",
    "✓",
    "✔",
    "☑",
    "√",
    "是",
    "是的",
    "对",
    "对的",
    "對",
    "對的",
    "正确",
    "正確",
    "无误",
    "無誤",
    "属实",
    "屬實",
    "同意",
    "确认",
    "確認",
    "核实",
    "核實",
    "没问题",
    "沒問題",
    "可以",
    "通过",
];

/// Whether a verdict affirms: all its words do (`OK!`, `yes, correct`, `正确，无误。`).
pub fn affirms(verdict: &str) -> bool {
    let is_break = |c: char| c.is_whitespace() || ",.;:!，。；：！、".contains(c);
    let mut words = verdict.split(is_break).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| AFFIRMING.iter().any(|known| same_name(known, word)))
}

impl ReviewState {
    /// It speaks of another note than the one that stands, or nobody can tell.
    pub fn is_outdated(&self) -> bool {
        self.changed.as_ref().is_none_or(|changed| !changed.is_empty())
    }

    /// Who looked at it and when, and what became of that, without what they said: `checked by Wang
    /// on 2024-03-05, taken in by Lin, who wrote it, changed since: text / citations`.
    pub fn words(&self) -> String {
        match self.since() {
            since if since.is_empty() => self.whose(),
            since => format!("{}, {since}", self.whose()),
        }
    }

    fn whose(&self) -> String {
        let role = match self.role.as_str() {
            CHECKER if self.objects => "objected by",
            CHECKER if self.verdict == COMMENT => CHECKER,
            CHECKER => "checked by",
            role => role,
        };
        let mut words = format!("{role} {}", self.by);
        if !self.date.is_empty() {
            words.push_str(&format!(" on {}", self.date));
        }
        if let Some(name) = &self.taken_in_by {
            words.push_str(&format!(", taken in by {name}"));
            if self.taken_in_by_author {
                words.push_str(", who wrote it");
            }
        } else if self.taken_in_by_author {
            words.push_str(", signed by whoever wrote it");
        }
        words
    }

    fn since(&self) -> String {
        match self.changed.as_deref() {
            Some([]) => String::new(),
            Some(changed) => format!("changed since: {}", changed.join(" / ")),
            None => "of what exactly was not noted".to_owned(),
        }
    }

    /// The same with the sentence that it is about.
    pub fn said_of_it(&self) -> String {
        format!("{} (of: “{}”)", self.said(), self.sentence)
    }

    /// The same with what they said: `checked by Wang on 2024-03-05: agreed (changed since: text)`.
    pub fn said(&self) -> String {
        let mut said = format!("{}: {}", self.whose(), self.verdict);
        if !self.comment.is_empty() {
            said.push_str(&format!(" — {}", self.comment));
        }
        match self.since() {
            since if since.is_empty() => said,
            since => format!("{said} ({since})"),
        }
    }
}

/// What whoever has told no name is called: several keys, each somebody else.
pub const UNNAMED: &str = "unknown";

/// Whether two names are of one person as far as names say it.
pub fn is_person(one: &str, other: &str) -> bool {
    same_name(one, other) && !same_name(one, UNNAMED)
}

/// Whether two names are spelled the same but for case and width.
pub fn same_name(one: &str, other: &str) -> bool {
    let name = |text: &str| normalize(text.trim(), Mode::Query).text;
    name(one) == name(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::{Confidence, Grade, NoteKind, Stance, Standing};

    fn id(n: u8) -> Sha256 {
        Sha256([n; 32])
    }

    fn cite(anchor: u8, stance: Stance) -> Citation {
        Citation { anchor: id(anchor), stance, grade: Grade::default() }
    }

    fn finding() -> NoteFields {
        NoteFields {
            kind: NoteKind::Finding,
            standing: Standing::Supported,
            ..NoteFields::default()
        }
    }

    fn lin() -> [Signer; 1] {
        [Signer::new("Lin", "key of lin")]
    }

    fn reviewed(role: &str, by: &str, taken_in_by: &str, basis: Option<Basis>) -> Reviewed {
        let text = |text: &str| text.to_owned();
        Reviewed {
            review: Review {
                sentence: text("it is so"),
                role: text(role),
                by: text(by),
                verdict: text("agreed"),
                comment: String::new(),
                basis,
                claims: Some(1),
            },
            taken_in_by: text(taken_in_by),
            shown: String::new(),
            key: format!("key of {}", taken_in_by.to_lowercase()),
            wall: 1_709_596_800_000,
        }
    }

    #[test]
    fn what_changed_is_named() {
        let was = Basis::of([id(1)], &finding(), [cite(7, Stance::Supports)]);
        let check = |now: Basis, expected: &[&str]| assert_eq!(was.changed(&now), expected);
        check(was, &[]);
        check(Basis::of([id(2)], &finding(), [cite(7, Stance::Supports)]), &["text"]);
        let sure = NoteFields { confidence: Some(Confidence::High), ..finding() };
        check(Basis::of([id(1)], &sure, [cite(7, Stance::Supports)]), &["standing"]);
        let refuted = NoteFields { standing: Standing::Refuted, ..finding() };
        check(Basis::of([id(1)], &refuted, []), &["standing", "citations"]);
        check(Basis::of([id(1)], &finding(), [cite(7, Stance::Contradicts)]), &["citations"]);
        let tagged = NoteFields { tags: vec!["x".to_owned()], ..finding() };
        check(Basis::of([id(1)], &tagged, [cite(7, Stance::Supports)]), &[]);
        let both = [cite(7, Stance::Supports), cite(8, Stance::Context)];
        let turned = [both[1], both[0]];
        assert_eq!(
            Basis::of([id(1), id(2)], &finding(), both),
            Basis::of([id(2), id(1)], &finding(), turned)
        );
        assert_eq!(was.to_string().parse(), Ok(was));
        assert_eq!("0a 0b 0c".parse::<Basis>(), Err(BadBasis));
    }

    #[test]
    fn a_review_says_by_whom_it_is_who_took_it_in_and_what_became_of_it() {
        let was = Basis::of([id(1)], &finding(), []);
        let now = Basis::of([id(2)], &NoteFields::default(), []);
        let check = |reviewed: &Reviewed, now: &Basis, expected: &str, is_check: bool| {
            let state = reviewed.state(now, &lin());
            assert_eq!((state.words().as_str(), state.is_check), (expected, is_check));
        };
        let said = reviewed("lawyer", "zhou", "zhou", Some(was)).state(&now, &lin()).said();
        assert_eq!(said, "lawyer zhou on 2024-03-05: agreed (changed since: text / standing)");
        let by = |by: &str, taken: &str| reviewed(CHECKER, by, taken, Some(was));
        check(&by("Wang", "ＷＡＮＧ"), &was, "checked by Wang on 2024-03-05", true);
        check(&by("Wang", "tao"), &was, "checked by Wang on 2024-03-05, taken in by tao", true);
        check(
            &by("Wang", "lin"),
            &now,
            "checked by Wang on 2024-03-05, taken in by lin, who wrote it, changed since: text / standing",
            false,
        );
        check(
            &by("ｌｉｎ", "lin"),
            &was,
            "checked by ｌｉｎ on 2024-03-05, signed by whoever wrote it",
            false,
        );
        check(
            &reviewed("lawyer", "zhou", "zhou", Some(was)),
            &was,
            "lawyer zhou on 2024-03-05",
            false,
        );
        check(
            &reviewed(CHECKER, "Wang", "Wang", None),
            &was,
            "checked by Wang on 2024-03-05, of what exactly was not noted",
            false,
        );
    }

    #[test]
    fn who_signs_with_the_key_of_the_author_is_the_author_whatever_the_name() {
        let was = Basis::of([id(1)], &finding(), []);
        let mut own = reviewed(CHECKER, "bea", "bea", Some(was));
        assert!(own.state(&was, &lin()).is_check);
        own.key = "key of lin".to_owned();
        let state = own.state(&was, &lin());
        assert_eq!((state.is_check, state.taken_in_by_author), (false, true));
        assert_eq!(
            state.said(),
            "checked by bea on 2024-03-05, signed by whoever wrote it: agreed"
        );
        // Those who have told no name are told apart by their keys.
        let nobody = vec![Signer::new(UNNAMED, "key of lin")];
        let mut own = reviewed(CHECKER, UNNAMED, UNNAMED, Some(was));
        own.key = "another key".to_owned();
        assert!(own.state(&was, &nobody).is_check);
        own.key = "key of lin".to_owned();
        assert!(!own.state(&was, &nobody).is_check);
        // A name that is an author's is no second person either, with whatever key.
        assert!(!reviewed(CHECKER, "bea", "LIN", Some(was)).state(&was, &lin()).is_check);
    }

    #[test]
    fn a_sentence_is_the_same_in_every_copy() {
        let check = |sentence: &str, expected: &str| {
            assert_eq!(without_numbers(sentence), expected);
        };
        check("as N2 and D17, M881 say", "as N# and D#, M# say");
        check("an E1 visa on A4 paper, 3D12", "an E1 visa on A4 paper, 3D12");
        check("见N2。", "见N#。");
    }

    #[test]
    fn a_verdict_affirms_or_objects() {
        let check =
            |verdict: &str, expected: bool| assert_eq!(affirms(verdict), expected, "{verdict}");
        for verdict in
            ["ok", "OK!", "Yes, correct.", "ＯＫ", "✓", "正确，无误。", "是", "對", "agreed"]
        {
            check(verdict, true);
        }
        for verdict in [
            "WRONG, quote does not say that",
            "no",
            "ok but the sum is wrong",
            "不对",
            "不正确",
            "?",
            "",
        ] {
            check(verdict, false);
        }
        let was = Basis::of([id(1)], &finding(), []);
        let mut own = reviewed(CHECKER, "bea", "bea", Some(was));
        own.review.verdict = "WRONG".to_owned();
        let state = own.state(&was, &lin());
        assert_eq!((state.is_check, state.objects), (false, true));
        assert_eq!(state.said(), "objected by bea on 2024-03-05: WRONG");
        own.review.verdict = COMMENT.to_owned();
        own.review.comment = "see p. 3".to_owned();
        let state = own.state(&was, &lin());
        assert_eq!((state.is_check, state.objects), (false, false));
        assert_eq!(state.said(), "checker bea on 2024-03-05: comment — see p. 3");
    }

    #[test]
    fn a_note_is_checked_when_all_that_it_claims_is_and_nobody_objects() {
        let was = Basis::of([id(1)], &finding(), []);
        let said = |sentence: &str, by: &str, verdict: &str| {
            let mut own = reviewed(CHECKER, by, by, Some(was));
            (own.review.sentence, own.review.verdict) = (sentence.to_owned(), verdict.to_owned());
            own.review.claims = Some(2);
            own.state(&was, &lin())
        };
        let check = |reviews: &[ReviewState], expected: bool| {
            assert_eq!(is_checked(reviews), expected, "{reviews:?}");
        };
        let (one, two) = (said("one", "bea", "ok"), said("two", "mei", "ok"));
        check(&[], false);
        check(std::slice::from_ref(&one), false);
        check(&[one.clone(), said("one", "mei", "ok")], false);
        check(&[one.clone(), two.clone()], true);
        check(&[one.clone(), two.clone(), said("two", "tao", "no")], false);
        // The same sentence in two copies of the case, whose numbers are others.
        let named = |text: &str| ReviewState { sentence: text.to_owned(), ..one.clone() };
        check(&[named("as N2 says"), named("as N3 says")], false);
        check(&[one, ReviewState { claims: None, ..two }], true);
    }

    #[test]
    fn a_review_of_before_is_read_and_claims_no_more() {
        let old = r#"{"sentence":"it is so","role":"checker","by":"Wang","verdict":"agreed","comment":""}"#;
        let review: Review = serde_json::from_str(old).unwrap();
        assert_eq!(review.basis, None);
        assert_eq!(serde_json::to_string(&review).unwrap(), old);
        let stored: Reviewed = serde_json::from_str(old).unwrap();
        let state = stored.state(&Basis::of([], &finding(), []), &lin());
        assert!(!state.is_check && state.is_outdated());
        assert_eq!(state.words(), "checked by Wang, of what exactly was not noted");
    }
}
