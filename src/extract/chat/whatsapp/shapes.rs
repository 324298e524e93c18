//! Where the messages of a file begin, when its heads have one shape, and when they have several.
//!
//! One export has one shape. Several stand in a file when exports were joined, and when somebody
//! pasted a piece of another chat into a message: the first are messages, the second is what one
//! message says. A pasted piece is older than the message it stands in, so time tells them apart:
//! a head of another shape begins a message where time does not run backwards for it.

use super::body::Names;
use super::header::{self, Header, Style};
use super::order::{self, Order};
use super::{body_of, words};
use std::collections::HashMap;

/// One message: when, and where it and what it says lie in the text.
pub(super) struct Entry {
    /// Seconds on the clock; `None` for a date that does not exist.
    pub(super) clock: Option<i64>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Byte range of the stamp.
    pub(super) stamp: (usize, usize),
    /// Beginning of what follows the head.
    pub(super) body: usize,
    /// Written by an iPhone, which puts a mark before what nobody typed.
    pub(super) is_marking: bool,
}

/// A file that is cut into its messages.
pub(super) struct Shaped {
    pub(super) entries: Vec<Entry>,
    /// The order of day and month of most heads, and why.
    pub(super) why: String,
    /// Messages whose head has another shape than most.
    pub(super) mixed: usize,
    /// Heads of other shapes that begin no message.
    pub(super) quoted: usize,
}

/// A line that begins like a message.
struct Head {
    start: usize,
    /// End of its line.
    end: usize,
    header: Header,
}

impl Head {
    fn entry(&self, clock: Option<i64>) -> Entry {
        let Head { start, end, header } = self;
        Entry {
            clock,
            start: *start,
            end: *end,
            stamp: (start + header.stamp.0, start + header.stamp.1),
            body: start + header.body,
            is_marking: header.style.bracket || header.style.colon,
        }
    }
}

/// As many heads tell the form of all.
const SAMPLE: usize = 5000;

/// The form of head that most lines have.
pub(super) fn most(text: &str) -> Option<Style> {
    most_of(text.lines().filter_map(header::parse).take(SAMPLE).map(|header| header.style))
}

fn most_of(styles: impl Iterator<Item = Style>) -> Option<Style> {
    let mut counts: HashMap<Style, usize> = HashMap::new();
    styles.for_each(|style| *counts.entry(style).or_default() += 1);
    // Ties go to the form that sorts first, so that the answer is always the same.
    let rank = |s: &Style| (s.bracket, s.colon, s.time_first, s.comma, s.seconds, s.separator);
    counts.into_iter().max_by_key(|(style, count)| (*count, rank(style))).map(|(style, _)| style)
}

fn heads(text: &str) -> Vec<Head> {
    let mut at = 0;
    let mut heads = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some(header) = header::parse(line.trim_end_matches(['\n', '\r'])) {
            heads.push(Head { start, end: at, header });
        }
    }
    heads
}

/// Every entry goes on to where the next one begins.
fn close(mut entries: Vec<Entry>, end: usize) -> Vec<Entry> {
    let mut end = end;
    for entry in entries.iter_mut().rev() {
        entry.end = end;
        end = entry.start;
    }
    entries
}

/// Cuts the text at the lines that have this form of head; without their times.
pub(super) fn of_one(text: &str, style: Style) -> Vec<Entry> {
    let heads = heads(text);
    let of_style = heads.iter().filter(|head| head.header.style == style);
    close(of_style.map(|head| head.entry(None)).collect(), text.len())
}

/// Cuts a whole file; `None` when no line begins like a message.
pub(super) fn cut(text: &str) -> Option<Shaped> {
    let heads = heads(text);
    let main = most_of(heads.iter().take(SAMPLE).map(|head| head.header.style))?;
    let mut by_style: HashMap<Style, Vec<Header>> = HashMap::new();
    for head in &heads {
        by_style.entry(head.header.style).or_default().push(head.header);
    }
    let (order, why) = order::infer(by_style.get(&main)?);
    let orders: HashMap<Style, Order> = by_style
        .iter()
        .map(|(style, headers)| match *style == main {
            true => (*style, order),
            false => (*style, order::infer_beside(headers, Some(order)).0),
        })
        .collect();
    let clocks: Vec<Option<i64>> =
        heads.iter().map(|head| orders.get(&head.header.style)?.clock(&head.header)).collect();
    let begins = begins(text, &heads, &clocks, main);
    let mut shaped = Shaped { entries: Vec::new(), why, mixed: 0, quoted: 0 };
    for ((head, clock), begins) in heads.iter().zip(clocks).zip(begins) {
        if begins {
            shaped.mixed += usize::from(head.header.style != main);
            shaped.entries.push(head.entry(clock));
        } else {
            shaped.quoted += 1;
        }
    }
    shaped.entries = close(shaped.entries, text.len());
    Some(shaped)
}

/// Which heads begin a message: all of the main shape, and of the others those that fit in.
fn begins(text: &str, heads: &[Head], clocks: &[Option<i64>], main: Style) -> Vec<bool> {
    let is_main = |head: &Head| head.header.style == main;
    if heads.iter().all(is_main) {
        return vec![true; heads.len()];
    }
    let mut names = Names::default();
    let line = |head: &Head| body_of(text, &head.entry(None));
    heads.iter().for_each(|head| names.learn(line(head)));
    let is_said =
        |head: &Head| names.split(line(head)).is_some() || words::is_group_event(line(head));
    let pairs: Vec<(&Head, Option<i64>)> = heads.iter().zip(clocks.iter().copied()).collect();
    let ordered = is_ordered(pairs.iter().filter(|(head, _)| is_main(head)).map(|(_, at)| *at));
    // The minute of the next head of the main shape, for every head.
    let mut next = None;
    let mut nexts = vec![None; heads.len()];
    for (at, (head, clock)) in pairs.iter().enumerate().rev() {
        nexts[at] = next;
        if is_main(head) {
            next = clock.map(minute).or(next);
        }
    }
    let apart = apart(heads, main);
    let mut before: Option<i64> = None;
    let mut begins = Vec::with_capacity(heads.len());
    for ((head, clock), next) in pairs.iter().zip(nexts) {
        let now = clock.map(minute);
        let fits = match now {
            // What is copied from a browser's window is pasted more often than it is an export.
            Some(_) if !ordered => !(head.header.style.time_first && head.header.style.bracket),
            Some(now) => {
                before.is_none_or(|before| before <= now) && next.is_none_or(|next| now <= next)
            }
            None => false,
        };
        let begin =
            is_main(head) || (is_said(head) && (fits || apart.contains(&head.header.style)));
        if begin {
            before = now.or(before);
        }
        begins.push(begin);
    }
    begins
}

/// Some shapes have no seconds, so times of two shapes are compared by the minute.
fn minute(clock: i64) -> i64 {
    clock.div_euclid(60)
}

/// Whether time runs forwards but for one step in ten: phones that were without a network send
/// late, by minutes and not by hours.
fn is_ordered(clocks: impl Iterator<Item = Option<i64>>) -> bool {
    let clocks: Vec<i64> = clocks.flatten().collect();
    let back = clocks.windows(2).filter(|pair| pair[1] < pair[0] - 3600).count();
    back * 10 <= clocks.len().saturating_sub(1)
}

/// Shapes of exports that were joined to this one: all of their heads lie before the first or
/// behind the last of the main shape, and they are a good part of the file.
fn apart(heads: &[Head], main: Style) -> Vec<Style> {
    let mut counts: HashMap<Style, (usize, usize, usize)> = HashMap::new();
    for (at, head) in heads.iter().enumerate() {
        let entry = counts.entry(head.header.style).or_insert((at, at, 0));
        *entry = (entry.0, at, entry.2 + 1);
    }
    let Some(&(first, last, many)) = counts.get(&main) else { return Vec::new() };
    let joined = |&(_, (from, to, count)): &(&Style, &(usize, usize, usize))| {
        *to < first || (*from > last && *count >= 5 && count * 5 >= many)
    };
    counts.iter().filter(joined).map(|(style, _)| *style).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginnings of the messages, and how many heads are of another shape and of quotes.
    fn check(text: &str, expected: &[&str], mixed: usize, quoted: usize) {
        let shaped = cut(text).unwrap();
        let said: Vec<&str> = shaped
            .entries
            .iter()
            .map(|entry| body_of(text, entry).lines().next().unwrap_or_default())
            .collect();
        assert_eq!((&said[..], shaped.mixed, shaped.quoted), (expected, mixed, quoted), "{text}");
        let ends: Vec<usize> = shaped.entries.iter().map(|entry| entry.end).collect();
        let starts: Vec<usize> = shaped.entries.iter().skip(1).map(|entry| entry.start).collect();
        assert_eq!(ends[..starts.len()], starts[..], "every byte has its message");
    }

    #[test]
    fn every_known_shape_begins_a_message() {
        check(
            "13.6.2018 klo 21.25.15 - Mika: one\n13.06.18 21.25.15: Lea: two\n\
             13.06.2018, 21.25 - Mika: three\n",
            &["Mika: one", "Lea: two", "Mika: three"],
            2,
            0,
        );
        check(
            "[2018/06/13, 21:25:15] Ana: one\n[2018/06/13 1:55:00 p. m.] Ben: two\n\
             [2018/06/13, 01:56:00 AM] Ana: three\n",
            &["Ana: one", "Ben: two", "Ana: three"],
            1,
            0,
        );
    }

    #[test]
    fn a_quoted_log_stays_in_its_message() {
        check(
            "19.02.24, 08:05 - Mara: one\n19.02.24, 09:00 - Lin: see what she wrote\n\
             [08:05, 19/2/2024] Mara: one\n[08:06, 19/2/2024] Ann: no\n\
             20.02.24, 09:01 - Mara: two\n",
            &["Mara: one", "Lin: see what she wrote", "Mara: two"],
            0,
            2,
        );
        // No name stands there, or the next message is older.
        check(
            "19.02.24, 08:04 - Mara: none\n19.02.24, 08:05 - Mara: one\n[19/2/24, 08:06:00] the time we meet\n\
             [1/3/24, 08:06:00] Ann: from the future\n20.02.24, 08:05 - Lin: two\n",
            &["Mara: none", "Mara: one", "Lin: two"],
            0,
            2,
        );
    }

    #[test]
    fn exports_that_were_joined_are_read_to_the_end() {
        let mut text = String::from("19.02.24, 08:05 - Mara: new\n20.02.24, 08:05 - Lin: newer\n");
        text += "21.02.24, 08:05 - Lin: newest\n21.02.24, 09:05 - Lin: last\n";
        text += "22.02.24, 09:05 - Lin: last\n23.02.24, 09:05 - Lin: last\n";
        (1..6).for_each(|day| text += &format!("[{day}/13/20, 8:05:00 AM] Ann: old\n"));
        let text = text.replace("/13/20", "/3/20").replace("[5/3", "[13/3");
        let shaped = cut(&text).unwrap();
        assert_eq!((shaped.entries.len(), shaped.mixed, shaped.quoted), (11, 5, 0));
        let clocks: Vec<i64> = shaped.entries[6..].iter().filter_map(|entry| entry.clock).collect();
        assert!(clocks.is_sorted() && clocks.len() == 5, "days of March: {clocks:?}");
    }
}
