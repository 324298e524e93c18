//! Serial days as dates and times.

use super::Piece;

/// A date and time without zone.
pub struct Moment {
    pub year: i64,
    pub month: usize,
    pub day: i64,
    /// 0 is Sunday.
    weekday: usize,
    /// Milliseconds of the day.
    millis: i64,
    /// The serial has whole days; a bare time has none.
    has_date: bool,
}

const DAY: i64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const HAN_WEEKDAYS: [char; 7] = ['日', '一', '二', '三', '四', '五', '六'];

impl Moment {
    /// From days since 1899-12-30 (or 1904-01-01); `None` beyond the year 9999.
    pub fn from_serial(serial: f64, since_1904: bool) -> Option<Moment> {
        let days = if since_1904 { serial + 1462.0 } else { serial };
        if !(0.0..2_958_466.0).contains(&days) {
            return None;
        }
        let total = (days * DAY as f64).round() as i64;
        let (mut day, mut millis) = (total / DAY, total % DAY);
        // Seconds carry rounding errors of the fraction: 0.26041666 is 6:15, not 6:14:59.999.
        if millis % 1000 > 997 {
            millis += 1000 - millis % 1000;
            day += millis / DAY;
            millis %= DAY;
        }
        // The 1900 system believes in a 29 February 1900: before it, every day is one too early.
        let unix = day - 25_569 + i64::from(!since_1904 && day < 60);
        let (year, month, date) = civil(unix);
        Some(Moment {
            year,
            month,
            day: date,
            weekday: (day + 6).rem_euclid(7) as usize,
            millis,
            has_date: since_1904 || day > 0,
        })
    }

    /// `2007-05-17`, with the time where there is one.
    pub fn iso(&self) -> String {
        let date = format!("{:04}-{:02}-{:02}", self.year, self.month, self.day);
        if self.millis == 0 { date } else { format!("{date} {}", self.clock()) }
    }

    fn clock(&self) -> String {
        let seconds = self.millis / 1000;
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    /// Adds the ISO form where the format leaves the order, the century or the day open.
    pub fn with_iso(&self, shown: &str, pieces: &[Piece]) -> String {
        let letters: String = pieces
            .iter()
            .filter_map(|p| match p {
                Piece::Date(letter @ ('y' | 'e' | 'd'), count) => {
                    Some(if *letter != 'd' && *count < 3 && *letter != 'e' { '2' } else { *letter })
                }
                Piece::Date('m', _) => Some('m'),
                _ => None,
            })
            .collect();
        let clear = letters.starts_with("ymd") || letters.starts_with("emd");
        let any = pieces.iter().enumerate().any(|(at, p)| match p {
            Piece::Date('y' | 'd' | 'e' | 'a', _) => true,
            Piece::Date('m', _) => !is_minute(pieces, at),
            _ => false,
        });
        if !self.has_date || !any || clear {
            return shown.to_owned();
        }
        format!("{shown} [{}]", self.iso())
    }
}

/// Civil date of days since 1970-01-01 (proleptic Gregorian).
fn civil(days: i64) -> (i64, usize, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as usize, day)
}

/// An `m` is minutes after an hour or before seconds.
fn is_minute(pieces: &[Piece], at: usize) -> bool {
    let letter = |p: &Piece| match p {
        Piece::Date(l, _) | Piece::Elapsed(l, _) => Some(*l),
        _ => None,
    };
    let before = pieces[..at].iter().rev().find_map(letter);
    let after = pieces[at + 1..].iter().find_map(letter);
    before == Some('h') || after == Some('s')
}

/// The moment in a date format. `serial` is the cell's number, for elapsed time.
pub fn show(pieces: &[Piece], moment: &Moment, serial: f64) -> String {
    let half_day = pieces.iter().any(|p| matches!(p, Piece::HalfDay(_)));
    let fraction = pieces
        .iter()
        .skip_while(|p| **p != Piece::Point)
        .skip(1)
        .take_while(|p| matches!(p, Piece::Digit(_)))
        .count();
    // Without a fraction, clocks round to the second.
    let millis = if fraction == 0 { (moment.millis + 500) / 1000 * 1000 } else { moment.millis };
    let (hours, minutes, seconds) =
        (millis / 3_600_000 % 24, millis / 60_000 % 60, millis / 1000 % 60);
    let elapsed = (serial.abs() * DAY as f64).round() as i64;
    let mut text = String::new();
    let mut in_fraction = false;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Date('y', 1 | 2) => text.push_str(&format!("{:02}", moment.year % 100)),
            Piece::Date('y' | 'e', _) => text.push_str(&format!("{:04}", moment.year)),
            Piece::Date('m', count) if is_minute(pieces, at) => {
                text.push_str(&padded(minutes, *count));
            }
            Piece::Date('m', count) => {
                let name = MONTHS[(moment.month - 1).min(11)];
                match count {
                    1 | 2 => text.push_str(&padded(moment.month as i64, *count)),
                    3 => text.push_str(&name[..3]),
                    5 => text.push_str(&name[..1]),
                    _ => text.push_str(name),
                }
            }
            Piece::Date('d', count) => match count {
                1 | 2 => text.push_str(&padded(moment.day, *count)),
                3 => text.push_str(&WEEKDAYS[moment.weekday][..3]),
                _ => text.push_str(WEEKDAYS[moment.weekday]),
            },
            Piece::Date('a', count) => {
                text.push_str(if *count > 3 { "星期" } else { "周" });
                text.push(HAN_WEEKDAYS[moment.weekday]);
            }
            Piece::Date('h', count) => {
                let hour = if half_day { (hours + 11) % 12 + 1 } else { hours };
                text.push_str(&padded(hour, *count));
            }
            Piece::Date('s', count) => text.push_str(&padded(seconds, *count)),
            Piece::Elapsed('h', count) => text.push_str(&padded(elapsed / 3_600_000, *count)),
            Piece::Elapsed('m', count) => text.push_str(&padded(elapsed / 60_000, *count)),
            Piece::Elapsed(_, count) => text.push_str(&padded(elapsed / 1000, *count)),
            Piece::HalfDay(long) => {
                let half = if hours < 12 { "AM" } else { "PM" };
                text.push_str(if *long { half } else { &half[..1] });
            }
            Piece::Point if fraction > 0 && !in_fraction => {
                in_fraction = true;
                let digits = format!("{:03}", millis % 1000);
                text.push('.');
                text.push_str(&digits[..fraction.min(3)]);
            }
            Piece::Point => text.push('.'),
            Piece::Comma => text.push(','),
            Piece::Slash => text.push('/'),
            Piece::Digit(_) if in_fraction => {}
            Piece::Digit(digit) => text.push(*digit),
            Piece::Percent => text.push('%'),
            _ => {}
        }
    }
    text
}

fn padded(number: i64, count: usize) -> String {
    if count > 1 { format!("{number:02}") } else { number.to_string() }
}
