//! The clock of an export: the hours at which people wrote by it, what these would be in every zone
//! that it may show, and the setting of one. A wrong zone is seen at once: people who work from two
//! to eleven in the morning do not live where one thinks.

use crate::app::line::{Line, Role};
use crate::app::margin::{Column, zone_words};
use crate::app::overview::count;
use crate::app::pages::PageId;
use crate::app::target::Target;
use crate::case::{ExportClock, ZoneStatus, busiest, zone_text};
use crate::text::{sanitise, width};

pub const CHINA: i32 = 8 * 3600;

/// Zones beside the whole hours, in minutes east of UTC.
const BETWEEN: [i32; 6] = [-210, 210, 270, 330, 345, 570];

/// Where people may live: minutes east of UTC, and who does.
const PLACES: [(i32, &str); 9] = [
    (480, "China"),
    (-480, "US, west"),
    (-300, "US, east"),
    (0, "Greenwich"),
    (60, "central Europe"),
    (180, "Moscow, Turkey"),
    (330, "India"),
    (420, "Vietnam, Thailand"),
    (540, "Korea, Japan"),
];

pub fn title(clock: &ExportClock) -> Line {
    let name = clock.path.rsplit(['/', '!']).next().unwrap_or(&clock.path);
    Line::of(clock.id.to_string(), Role::Dim)
        .and(" clock of ", Role::Text)
        .and(sanitise::line(name), Role::Head)
}

pub fn lines(clock: &ExportClock, there: i32, cells: usize) -> Vec<Line> {
    let is_open = matches!(clock.status, ZoneStatus::Assumed);
    let role = if is_open { Role::Warn } else { Role::Head };
    let mut lines = vec![
        Line::text("the clock of this file shows ").and(zone_words(clock.zone, clock.status), role),
    ];
    if clock.status == ZoneStatus::Set && clock.alike > 0 {
        let others = count(clock.alike, "other export", "other exports");
        let what = format!("read the {others} like it so, whose zone is assumed");
        let (like, offset) = (clock.id, clock.zone);
        lines.push(Line::of(what, Role::Link).to(Target::ZoneAlike { like, offset }));
    }
    let all = clock.naive();
    if clock.stated > 0 {
        let stated = count(clock.stated, "stamp names its zone", "stamps name their zone");
        lines.push(Line::text(format!("{stated}, whatever is set here")));
    }
    if clock.undated > 0 {
        lines.push(Line::text(format!(
            "{} without a date",
            count(clock.undated, "message", "messages")
        )));
    }
    if all == 0 {
        lines.push(Line::text("no stamp of it waits for a zone: there is nothing to set"));
        return lines;
    }
    lines.push(Line::new());
    lines.push(Line::of(
        format!("{} by hour of that clock", count(all, "message", "messages")),
        Role::Dim,
    ));
    let strip = Strip::new(cells);
    lines.push(strip.scale(""));
    lines.push(strip.line("", &clock.hours(0), Role::Text));
    lines.push(Line::new());
    let place = place(there).map_or_else(String::new, |name| format!(" ({name})"));
    lines.push(Line::of(
        format!("the same hours in {}{place}, if it showed", zone_text(there)),
        Role::Dim,
    ));
    lines.push(strip.scale(""));
    for zone in zones() {
        let is_here = zone == clock.zone;
        let role = if is_here { Role::Head } else { Role::Link };
        let offset = Some(zone);
        let line = strip.line(&zone_text(zone), &clock.hours(there - zone), role);
        let line = if is_here { line.and(" ◂", Role::Here) } else { line };
        lines.push(line.to(Target::Zone { export: clock.id, offset }));
    }
    if clock.status == ZoneStatus::Set {
        let (zone, status) = clock.found;
        let line = Line::of("back to what the file says: ", Role::Text)
            .and(zone_words(zone, status), Role::Link);
        lines.push(line.to(Target::Zone { export: clock.id, offset: None }));
    }
    lines.push(Line::new());
    lines.push(Line::of("show the hours in", Role::Dim));
    for (minutes, name) in PLACES.into_iter().filter(|(minutes, _)| minutes * 60 != there) {
        let line = Line::text(width::pad(&zone_text(minutes * 60), 9)).and(name, Role::Link);
        lines.push(line.to(Target::Page(PageId::Clock(clock.id, minutes * 60))));
    }
    lines
}

fn place(there: i32) -> Option<&'static str> {
    PLACES.into_iter().find(|(minutes, _)| minutes * 60 == there).map(|(_, name)| name)
}

/// Zones that a clock may show, from west to east.
fn zones() -> Vec<i32> {
    let mut zones: Vec<i32> = (-12..=14).map(|hour| hour * 60).chain(BETWEEN).collect();
    zones.sort_unstable();
    zones.into_iter().map(|minutes| minutes * 60).collect()
}

/// How a day is drawn: a name before it, some cells for each hour, its busy hours behind it.
struct Strip {
    name: usize,
    hour: usize,
    /// What stands before the busy hours.
    tail: &'static str,
}

impl Strip {
    fn new(cells: usize) -> Strip {
        match cells {
            0..50 => Strip { name: 8, hour: 1, tail: " " },
            50..75 => Strip { name: 10, hour: 1, tail: " mostly " },
            _ => Strip { name: 10, hour: 2, tail: " mostly " },
        }
    }

    /// Every sixth hour over its column.
    fn scale(&self, name: &str) -> Line {
        let mut text = width::pad(name, self.name);
        for hour in (0..24).step_by(6) {
            text.push_str(&width::pad(&format!("{hour:02}"), 6 * self.hour));
        }
        Line::of(text, Role::Dim)
    }

    fn line(&self, name: &str, hours: &[u64; 24], role: Role) -> Line {
        const BARS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
        let most = hours.iter().copied().max().unwrap_or(0).max(1);
        let mut bars = String::new();
        for messages in hours {
            // Something is never shown as nothing.
            let level = (messages * 8).div_ceil(most).min(8);
            let bar = BARS[usize::try_from(level).unwrap_or(8)];
            bars.push_str(&bar.repeat(self.hour));
        }
        let (from, to) = busiest(hours);
        Line::of(width::pad(name, self.name), role)
            .and(bars, Role::Bar)
            .and(format!("{}{from:02}-{to:02}", self.tail), Role::Text)
    }
}

pub fn margin(clock: &ExportClock, cells: usize) -> Vec<Line> {
    let mut column = Column::new(cells);
    column.head("the file");
    column.say(&clock.id.to_string(), &clock.path);
    column.say("", &format!("{} export", clock.platform));
    column.head("what says the zone");
    let why = match (clock.status, clock.why.as_str()) {
        (ZoneStatus::Set, _) => "an analyst, in the journal",
        (_, "") => "nothing: stamps without a zone, and too little to infer one from",
        (_, why) => why,
    };
    column.say("", why);
    column.head("what it changes");
    column.say("", "no date as it is written; the order of messages of several files, the sessions, and what date: finds");
    column.lines
}

/// The question before the zone of all that are alike is set.
pub fn question_alike(clock: &ExportClock) -> Vec<String> {
    let others = count(clock.alike, "export", "exports");
    vec![
        format!("Read the clocks of {others} as {}?", zone_text(clock.zone)),
        format!("All of {} whose zone is assumed, in the source of {}.", clock.platform, clock.id),
    ]
}

/// The question before a zone is set.
pub fn question(clock: &ExportClock, offset: Option<i32>) -> Vec<String> {
    let zone = match offset {
        Some(offset) => zone_text(offset),
        None => format!("{} again, as the file says", zone_text(clock.found.0)),
    };
    vec![
        format!("Read the clock of {} as {zone}?", clock.id),
        format!("{} are of it.", count(clock.naive(), "message", "messages")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::QUARTERS;
    use crate::model::DocumentId;

    #[test]
    fn a_wrong_zone_is_seen() {
        let mut quarters = vec![0; QUARTERS];
        quarters[2 * 4..11 * 4].fill(3);
        let lines = lines(&ExportClock::assumed(quarters), CHINA, 80);
        let line = |zone: &str| {
            let found = lines.iter().find(|line| line.plain().starts_with(zone));
            found.map(|line| (line.plain(), line.link.clone())).unwrap()
        };
        let (here, link) = line("UTC+0 ");
        assert!(here.ends_with("mostly 10-19 ◂"), "{here}");
        assert_eq!(link, Some(Target::Zone { export: DocumentId(7), offset: Some(0) }));
        assert!(line("UTC+8 ").0.ends_with("mostly 02-11"));
        assert!(lines.iter().all(|line| line.width() <= 80));
    }

    #[test]
    fn where_nothing_waits_for_a_zone_nothing_is_offered() {
        let lines =
            lines(&ExportClock { stated: 4, ..ExportClock::assumed(vec![0; QUARTERS]) }, CHINA, 40);
        assert!(lines.iter().all(|line| line.link.is_none()));
    }
}
