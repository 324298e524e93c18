//! Flat records: JSON objects that each say when, who, to whom and what. In an array, one after
//! another with or without commas, or one a line. Conti's jabber logs are such files (`ts`,
//! `from`, `to`, `body`), the JSON made from the I-Soon tables (`time`, `from`, `to`, `message`)
//! and the one made from the Black Basta log (`timestamp`, `chat_id`, `sender_alias`, `message`).

mod keys;
mod log;
mod plan;
#[cfg(test)]
mod tests;

use self::keys::Keys;
use self::log::Log;
use self::plan::{Plan, first, next};
use super::json::text;
use super::scan::Scan;
use super::source;
use super::stream::conclude;
use super::table::{is_wechat, platform_of, silent};
use super::{Importer, torn, xmpp, zone};
use crate::extract::record::{Export, ZoneGuess};
use crate::extract::{Input, Out, Stop};
use crate::model::Platform;

pub(super) const IMPORTER: Importer = Importer { id: "flat-json", version: 3, sniff, import };

const JABBER: &str = "jabber";
/// Of a log whose accounts do not say where they are from.
const TABLE: &str = "table";
const WECHAT: &str = "wechat";

fn sniff(input: &mut Input) -> bool {
    first(input).is_some()
}

fn import(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let Plan { keys, opening, torn, held_at } =
        first(input).ok_or_else(|| Stop::failed("no record of a chat at the beginning"))?;
    let mut platform = platform(input, &keys, torn, held_at);
    if platform == TABLE && !torn && names_wechat(input, &keys, held_at)? {
        platform = WECHAT;
    }
    let platform = Platform::new(platform);
    let (is_jabber, silent) = (platform.0 == JABBER, silent(&platform.0));
    out.export(Export {
        zone: zone(input, &keys, &platform, held_at)?,
        platform,
        importer: IMPORTER.id.to_owned(),
        version: IMPORTER.version,
        package: super::package_of(input, &IMPORTER),
        assumptions: assumptions(&keys),
    })?;
    let mut log = Log::new(keys, is_jabber, silent, held_at.is_some());
    let mut scan = Scan::open(input)?;
    scan.announce(out)?;
    if let Some(at) = held_at {
        scan.seek(at)?;
    }
    let ended = match torn {
        true => log.read_torn(&mut scan, out),
        false => log.read(&mut scan, &opening, out),
    };
    log.tell(out)?;
    conclude(ended, &mut scan, log.rest(), out)
}

/// The hours of activity say something only where the platform says where people live; then the
/// log is read once more, before its first message is written.
fn zone(
    input: &mut Input,
    keys: &Keys,
    platform: &Platform,
    held_at: Option<u64>,
) -> Result<ZoneGuess, Stop> {
    if !zone::has_place(platform) {
        return Ok(ZoneGuess::Assumed);
    }
    let mut hours = zone::Hours::default();
    let mut scan = Scan::open(input)?;
    if let Some(at) = held_at {
        scan.seek(at)?;
    }
    while let Ok(true) = next(&mut scan) {
        let Ok(raw) = scan.value() else { break };
        if let Some(stamp) = raw.parse().ok().and_then(|value| keys.time(&value)) {
            zone::count(&mut hours, &stamp);
        }
    }
    Ok(zone::infer(&hours, platform))
}

fn assumptions(keys: &Keys) -> Vec<String> {
    let mut said = vec![format!("`{}` is the time, `{}` the sender", keys.time, keys.from)];
    if let Some(to) = &keys.to {
        said.push(format!("`{to}` is the recipient"));
    }
    if let Some(room) = &keys.room {
        said.push(format!("`{room}` is the conversation"));
    }
    said.push(format!("`{}` is the message", keys.body));
    said
}

/// Whether an account of WeChat stands anywhere in a log that begins without one: many accounts
/// there have names that somebody chose, and a log of several conversations has them in a row.
fn names_wechat(input: &mut Input, keys: &Keys, held_at: Option<u64>) -> Result<bool, Stop> {
    let mut scan = Scan::open(input)?;
    if let Some(at) = held_at {
        scan.seek(at)?;
    }
    while let Ok(true) = next(&mut scan) {
        let Ok(raw) = scan.value() else { break };
        let Ok(value) = raw.parse() else { continue };
        let sides = [Some(keys.from.as_str()), keys.to.as_deref(), keys.room.as_deref()];
        if sides.into_iter().flatten().any(|key| is_wechat(text(&value, key).trim())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// By the accounts of the first records.
fn platform(input: &Input, keys: &Keys, torn: bool, held_at: Option<u64>) -> &'static str {
    const MOST_TRIES: usize = 400;
    let head = source::head(input);
    let mut handles = Vec::new();
    let mut from = held_at.and_then(|at| usize::try_from(at).ok()).unwrap_or(0).min(head.len());
    if torn {
        for torn in torn::records(&head, &keys.names()) {
            handles.push(text(&torn.value, &keys.from));
            handles.extend(keys.to.as_deref().map(|key| text(&torn.value, key)));
        }
        handles.retain(|handle| !handle.is_empty());
    }
    for _ in 0..if torn { 0 } else { MOST_TRIES } {
        let Some(at) = head[from..].iter().position(|byte| *byte == b'{') else { break };
        from += at;
        // Behind a broken record the next one is looked for at the next brace.
        let value = Scan::new(&head[from..]).value().ok();
        from += match value.and_then(|raw| Some((raw.parse().ok()?, raw.end))) {
            Some((value, end)) => {
                handles.push(text(&value, &keys.from));
                handles.extend(keys.to.as_deref().map(|key| text(&value, key)));
                usize::try_from(end).unwrap_or(1)
            }
            None => 1,
        };
    }
    match platform_of(handles.iter().map(String::as_str)) {
        TABLE
            if keys.time.eq_ignore_ascii_case("ts")
                && handles.iter().any(|handle| xmpp::is_address(handle)) =>
        {
            JABBER
        }
        platform => platform,
    }
}
