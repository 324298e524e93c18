//! `bundle`, `merge`: two analysts who work apart.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::target::{self, Bytes, EVERYBODY};
use super::{counted, grouped, quoted, read, seal, write};
use crate::case::{Case, Merged, Person, Waiting};

/// Lines of what waits for evidence, and of notes with two texts, that are shown.
const SHOWN: usize = 10;

pub fn bundle(args: &args::Bundle, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = read(&args.at.case)?;
    let output = &args.output;
    let handed = target::write(output, EVERYBODY, Bytes::Raw, out, |file| {
        if args.encrypt.is_empty() {
            return Ok(case.write_bundle(&args.since, file)?);
        }
        let mut plain = Vec::new();
        let handed = case.write_bundle(&args.since, &mut plain)?;
        seal::encrypt(&plain, &args.encrypt, file)?;
        Ok(handed)
    })?;
    target::tell(output, out)?;
    if args.json {
        out.json(&handed)?;
        return Ok(Code::Done);
    }
    let operations = counted(handed.operations, "operation", "operations");
    out.line_of(Style::Plain, &format!("{operations} in {}", output.display()))?;
    out.line_of(Style::Dim, &format!(", signed by {} {}", handed.author, handed.fingerprint))?;
    out.say("\n")?;
    if handed.needs > 0 {
        let needs = counted(handed.needs, "operation", "operations");
        out.say_in(Style::Warn, "! ")?;
        out.say(&format!("it builds on {needs} that the other case must have\n"))?;
    }
    let file = quoted(output);
    out.line_of(Style::Dim, &format!("to take it in: casebook merge CASE {file}"))?;
    out.say("\n")?;
    Ok(Code::Done)
}

pub fn merge(args: &args::Merge, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write(&args.at.case)?;
    let bundle =
        seal::open(&args.bundle, args.identity.as_deref(), |from| Ok(case.read_bundle(from)?))?;
    let must_ask = !args.yes && !args.dry_run;
    let merged = match args.yes {
        true => case.merge(&bundle)?,
        false => case.would_merge(&bundle)?,
    };
    if must_ask && merged.new > 0 && (!out.can_ask() || args.json) {
        let what = format!("it would bring {}", counted(merged.new, "operation", "operations"));
        return Err(Failure::usage(what).hint(
            "to see what they change: --dry-run; to take them in without being asked: --yes",
        ));
    }
    if args.json {
        out.json(&merged)?;
        return Ok(Code::Done);
    }
    print_merged(&merged, if args.all { usize::MAX } else { SHOWN }, out)?;
    if merged.new == 0 {
        out.say("nothing is new; nothing was changed\n")?;
        return Ok(Code::Done);
    }
    let case_path = quoted(&args.at.case);
    if args.dry_run {
        let bundle = quoted(&args.bundle);
        out.line_of(Style::Dim, &format!("to take it in: casebook merge {case_path} {bundle}"))?;
        out.say("\n")?;
        return Ok(Code::Done);
    }
    if must_ask {
        if !out.ask("take it in?")? {
            return Ok(Code::Done);
        }
        case.merge(&bundle)?;
    }
    let operations = counted(merged.new, "operation", "operations");
    out.say_in(Style::Strong, &format!("took in {operations}"))?;
    out.say("\n")?;
    Ok(Code::Done)
}

fn print_merged(merged: &Merged, most: usize, out: &mut Out<'_>) -> Result<(), Failure> {
    let since = merged.since.as_ref().map_or_else(String::new, |since| format!(", since {since}"));
    out.line_of(
        Style::Plain,
        &format!(
            "from the case {} by {} {}, {}{since}",
            merged.case, merged.author, merged.fingerprint, merged.made
        ),
    )?;
    out.say(&format!(
        "\n{} new, {} known already\n",
        counted(merged.new, "operation", "operations"),
        grouped(merged.known)
    ))?;
    for person in &merged.people {
        print_person(person, out)?;
    }
    for brought in merged.brought.iter().take(most) {
        out.say("  ")?;
        out.line_of(Style::Plain, &brought.words())?;
        out.say("\n")?;
    }
    more(merged.brought.len(), "things that are new", most, out)?;
    for changed in merged.changed.iter().take(most) {
        out.say("  ")?;
        out.line_of(Style::Plain, &changed.words())?;
        out.say("\n")?;
    }
    more(merged.changed.len(), "things changed", most, out)?;
    for (note, title) in merged.both.iter().take(most) {
        out.say_in(Style::Warn, "! ")?;
        out.say(&format!("{note} was written by two at the same time, both texts are kept: "))?;
        out.line_of(Style::Plain, title)?;
        out.say("\n")?;
    }
    more(merged.both.len(), "notes with two texts", most, out)?;
    for clash in merged.clashes.iter().take(most) {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, &clash.words())?;
        out.say("\n")?;
    }
    more(merged.clashes.len(), "fields changed on both sides", most, out)?;
    for lost in merged.lost.iter().take(most) {
        out.say_in(Style::Warn, "- ")?;
        out.line_of(Style::Plain, &lost.words())?;
        out.say("\n")?;
    }
    more(merged.lost.len(), "things deleted or tags taken off", most, out)?;
    print_waiting(&merged.waiting, most, out)
}

fn print_person(person: &Person, out: &mut Out<'_>) -> Result<(), Failure> {
    out.say("  ")?;
    out.line_of(Style::Strong, &person.name)?;
    out.line_of(Style::Dim, &format!("  {}", person.fingerprint))?;
    out.say(&format!("  {}\n", counted(person.operations, "operation", "operations")))?;
    for other in &person.namesakes {
        out.say_in(Style::Warn, "    ! ")?;
        out.line_of(
            Style::Plain,
            &format!(
                "the case knows {} by another key, {other}: take them for two people",
                person.name
            ),
        )?;
        out.say(" until you asked\n")?;
    }
    if person.is_new {
        out.say_in(Style::Warn, "    ! ")?;
        out.say("nothing signed with this key was in the case before\n")?;
    }
    for (what, count) in &person.did {
        out.say(&format!("    {:>9}  ", grouped(*count)))?;
        out.line_of(Style::Plain, what)?;
        out.say("\n")?;
    }
    Ok(())
}

/// What the journal has and the evidence has not.
fn print_waiting(waiting: &[Waiting], most: usize, out: &mut Out<'_>) -> Result<(), Failure> {
    if waiting.is_empty() {
        return Ok(());
    }
    let acts = counted(waiting.len() as u64, "act", "acts");
    let missing: u64 = waiting.iter().map(|act| act.missing).sum();
    out.say_in(Style::Warn, "! ")?;
    out.say(&format!(
        "{acts} name {} that this case has not; kept, and in force when it is added:\n",
        counted(missing, "piece of evidence", "pieces of evidence")
    ))?;
    for act in waiting.iter().take(most) {
        let what = match act.about.as_str() {
            "" => format!("{} not here", grouped(act.missing)),
            about => about.to_owned(),
        };
        out.line_of(Style::Plain, &format!("    {} {}: {what}", act.author, act.words))?;
        out.say("\n")?;
    }
    more(waiting.len(), "acts", most, out)
}

fn more(count: usize, what: &str, most: usize, out: &mut Out<'_>) -> Result<(), Failure> {
    match count.saturating_sub(most) {
        0 => Ok(()),
        rest => Ok(
            out.say(&format!("    and {} more {what}; --all names each\n", grouped(rest as u64)))?
        ),
    }
}

/// For `status`.
pub(super) fn waiting_line(case: &Case) -> Result<Option<String>, Failure> {
    let waiting = case.waiting()?;
    let missing: u64 = waiting.iter().map(|act| act.missing).sum();
    Ok((!waiting.is_empty()).then(|| {
        format!(
            "{} in the journal name {} that this case has not; they take effect when it is added",
            counted(waiting.len() as u64, "act", "acts"),
            counted(missing, "piece of evidence", "pieces of evidence")
        )
    }))
}
