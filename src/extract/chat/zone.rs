//! What the hours of activity say about the clock of an export whose stamps name no zone.
//!
//! People sleep. Over some hundred messages the hours of a community show one long quiet stretch
//! whose middle lies between three and four o'clock in the morning where they live. When the
//! platform says where that is (WeChat accounts: China), the distance between the two tells how
//! the clock of the export was set. The I-Soon logs are quiet from 17 to 22 o'clock: their clock
//! shows UTC, not Chengdu.

use crate::extract::record::ZoneGuess;
use crate::model::{Platform, Stamp, Zone};

/// Messages per hour of the clock.
pub type Hours = [u32; 24];

/// Fewer messages than this say nothing about habits.
const LEAST: u32 = 300;
/// The middle of the night where people live, in half hours after midnight.
const NIGHT: i32 = 7;

/// Adds one message to the histogram; stamps that state their zone are not counted.
pub fn count(hours: &mut Hours, stamp: &Stamp) {
    if stamp.zone == Zone::Naive {
        let hour = stamp.clock.rem_euclid(86_400) / 3600;
        hours[hour as usize] += 1;
    }
}

/// The longest stretch of the day (first hour, length in hours) with together less than two
/// hundredths of the messages; `None` when there are too few messages or no clear night.
pub fn quiet(hours: &Hours) -> Option<(usize, usize)> {
    let total: u32 = hours.iter().sum();
    if total < LEAST {
        return None;
    }
    let allowed = total / 50;
    let mut best: Option<(usize, usize, u32)> = None;
    for start in 0..24 {
        let mut sum = 0;
        let mut length = 0;
        while length < 24 && sum + hours[(start + length) % 24] <= allowed {
            sum += hours[(start + length) % 24];
            length += 1;
        }
        let better =
            best.is_none_or(|(_, long, least)| length > long || (length == long && sum < least));
        if better {
            best = Some((start, length, sum));
        }
    }
    best.filter(|(_, length, _)| (5..=14).contains(length))
        .map(|(start, length, _)| (start, length))
}

/// Platforms that say where their accounts live.
pub const PLACED: &[&str] = &["wechat"];

/// Whether the platform says where its accounts live.
pub fn has_place(platform: &Platform) -> bool {
    PLACED.contains(&platform.0.as_str())
}

/// The zone of the clock, by the hours of activity and the place that the platform implies.
/// `Assumed` unless the answer is clear: UTC or the local time of that place.
pub fn infer(hours: &Hours, platform: &Platform) -> ZoneGuess {
    const CHINA: i32 = 8 * 3600;
    if !has_place(platform) {
        return ZoneGuess::Assumed;
    }
    let Some((start, length)) = quiet(hours) else { return ZoneGuess::Assumed };
    // In half hours, so that the middle of an odd stretch is exact.
    let middle = (2 * start + length) as i32;
    let behind = (NIGHT - middle).rem_euclid(48) * 1800;
    let from = start;
    let until = (start + length - 1) % 24;
    let why = |shows: &str| {
        format!(
            "nearly nobody writes from {from} to {until} o'clock, which is the night in China \
             if the clock shows {shows}"
        )
    };
    // The hours of a night differ by habit: two hours each way are still the same answer.
    match behind {
        b if (b - CHINA).abs() <= 2 * 3600 => ZoneGuess::Inferred { offset: 0, why: why("UTC") },
        b if b <= 2 * 3600 || b >= 22 * 3600 => {
            ZoneGuess::Inferred { offset: CHINA, why: why("China Standard Time") }
        }
        _ => ZoneGuess::Assumed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An office in Chengdu, as a clock at UTC sees it.
    const UTC: Hours = [
        279, 723, 1146, 1645, 1386, 843, 1415, 1167, 1538, 1430, 1025, 742, 611, 708, 441, 409,
        140, 6, 4, 0, 1, 2, 18, 64,
    ];

    fn shifted(by: usize) -> Hours {
        std::array::from_fn(|hour| UTC[(hour + 24 - by) % 24])
    }

    fn offset(hours: &Hours, platform: &str) -> Option<i32> {
        match infer(hours, &Platform::new(platform)) {
            ZoneGuess::Inferred { offset, .. } => Some(offset),
            _ => None,
        }
    }

    #[test]
    fn the_night_tells_the_clock() {
        assert_eq!(offset(&UTC, "wechat"), Some(0));
        assert_eq!(offset(&shifted(8), "wechat"), Some(8 * 3600));
        // The clock of nowhere that is plausible, and a platform without a place.
        assert_eq!(offset(&shifted(16), "wechat"), None);
        assert_eq!(offset(&UTC, "table"), None);
    }

    #[test]
    fn too_few_or_round_the_clock_says_nothing() {
        let mut few = [0; 24];
        few[8] = 20;
        assert_eq!(quiet(&few), None);
        assert_eq!(quiet(&[100; 24]), None);
    }
}
