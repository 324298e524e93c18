//! Day before month or month before day: decided for the whole file, never line by line.

use super::super::stamp;
use super::header::Header;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ymd,
    Ydm,
    Dmy,
    Mdy,
}

impl Order {
    /// Year, month and day of a head read in this order.
    fn date(self, header: &Header) -> (u32, u32, u32) {
        let [a, b, c] = header.date.map(u32::from);
        let (year, month, day) = match self {
            Order::Ymd => (a, b, c),
            Order::Ydm => (a, c, b),
            Order::Dmy => (c, b, a),
            Order::Mdy => (c, a, b),
        };
        let year = match year {
            0..=99 => 2000 + year,
            // The Buddhist calendar of Thai phones.
            2500..=2650 => year - 543,
            _ => year,
        };
        (year, month, day)
    }

    /// Seconds on the clock; `None` when there is no such day or WhatsApp did not exist yet.
    pub(super) fn clock(self, header: &Header) -> Option<i64> {
        let (year, month, day) = self.date(header);
        if !(2009..2050).contains(&year) {
            return None;
        }
        let [hour, minute, second] = [header.hour, header.minute, header.second].map(u32::from);
        stamp::clock(year, month, day, hour, minute, second)
    }

    fn words(self) -> &'static str {
        match self {
            Order::Ymd => "year, month, day",
            Order::Ydm => "year, day, month",
            Order::Dmy => "day before month",
            Order::Mdy => "month before day",
        }
    }
}

/// How an order does on a file.
struct Trial {
    order: Order,
    /// Heads that are no date in this order.
    bad: usize,
    /// Days at which time runs backwards.
    back: usize,
    /// Days from the first date to the last.
    days: i64,
}

fn try_order(order: Order, headers: &[Header]) -> Trial {
    let mut trial = Trial { order, bad: 0, back: 0, days: 0 };
    let mut last = None;
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for header in headers {
        let Some(clock) = order.clock(header) else {
            trial.bad += 1;
            continue;
        };
        let day = clock.div_euclid(86_400);
        trial.back += usize::from(last.is_some_and(|last| day < last));
        last = Some(day);
        least = least.min(day);
        most = most.max(day);
    }
    trial.days = most.saturating_sub(least).max(0);
    trial
}

/// The order of the whole file and, in words, why.
pub(super) fn infer(headers: &[Header]) -> (Order, String) {
    infer_beside(headers, None)
}

/// The order of heads of one shape in a file whose other heads are read in this order: it decides
/// where these heads do not.
pub(super) fn infer_beside(headers: &[Header], beside: Option<Order>) -> (Order, String) {
    let wide = |at: usize| headers.iter().any(|header| header.widths[at] == 4);
    let orders: &[Order] = match () {
        () if wide(0) => &[Order::Ymd, Order::Ydm],
        () if wide(2) => &[Order::Dmy, Order::Mdy],
        () => &[Order::Dmy, Order::Mdy, Order::Ymd, Order::Ydm],
    };
    let mut trials: Vec<Trial> = orders.iter().map(|order| try_order(*order, headers)).collect();
    let least_bad = trials.iter().map(|trial| trial.bad).min().unwrap_or(0);
    // A quoted line may look like a head: some dates out of many may fail.
    let allowed = least_bad + headers.len() / 200;
    trials.retain(|trial| trial.bad <= allowed);
    let why =
        |order: Order, because: &str| (order, format!("{}, because {because}", order.words()));
    if let [only] = &trials[..] {
        let order = only.order;
        return why(order, "any other order gives dates that do not exist");
    }
    let least_back = trials.iter().map(|trial| trial.back).min().unwrap_or(0);
    trials.retain(|trial| trial.back == least_back);
    if let [only] = &trials[..] {
        let order = only.order;
        return why(order, "time runs forwards only in this order");
    }
    let shortest = trials.iter().map(|trial| trial.days).min().unwrap_or(0).max(1);
    trials.retain(|trial| trial.days <= shortest.saturating_mul(5));
    if let [only] = &trials[..] {
        let order = only.order;
        return why(order, "the days lie next to each other only in this order");
    }
    if let Some(order) = beside.filter(|beside| trials.iter().any(|trial| trial.order == *beside)) {
        return why(order, "the other lines of the file are read so");
    }
    let usual = usual(headers);
    let order = trials
        .iter()
        .map(|trial| trial.order)
        .min_by_key(|order| usual.iter().position(|candidate| candidate == order))
        .unwrap_or(Order::Dmy);
    why(order, "that is usual for stamps of this form; nothing in the file decides")
}

/// Orders by how usual they are for stamps that look like these.
fn usual(headers: &[Header]) -> [Order; 4] {
    let american =
        headers.iter().any(|header| header.capital_half && header.style.separator == '/')
            && headers.iter().any(|header| header.widths[0] == 1 || header.widths[1] == 1);
    if american {
        [Order::Mdy, Order::Dmy, Order::Ymd, Order::Ydm]
    } else {
        [Order::Dmy, Order::Ymd, Order::Mdy, Order::Ydm]
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::parse;
    use super::*;

    fn check(lines: &[&str], expected: Order, because: &str) {
        let headers: Vec<Header> = lines.iter().map(|line| parse(line).unwrap()).collect();
        let (order, why) = infer(&headers);
        assert_eq!(order, expected, "{lines:?}");
        assert!(why.contains(because), "{why}");
    }

    #[test]
    fn the_whole_file_decides() {
        check(&["1/2/24, 8:05 - x", "13/2/24, 8:05 - x"], Order::Dmy, "do not exist");
        check(&["1/2/24, 8:05 - x", "1/13/24, 8:05 - x"], Order::Mdy, "do not exist");
        check(&["2019/01/20, 11:25 - x"], Order::Ymd, "do not exist");
        check(&["2019/20/01, 11:25 - x"], Order::Ydm, "do not exist");
        check(
            &["10/1/24, 8:05 - x", "11/1/24, 8:05 - x", "1/2/24, 8:05 - x"],
            Order::Dmy,
            "forwards",
        );
        check(
            &["1/2/24, 8:05 - x", "1/3/24, 8:05 - x", "1/4/24, 8:05 - x"],
            Order::Mdy,
            "next to each other",
        );
        check(
            &["19-08-06, 08:05 - x", "19-08-07, 08:05 - x", "19-08-12, 08:05 - x"],
            Order::Ymd,
            "next to each other",
        );
        check(&["2/3/24, 8:05 AM - x"], Order::Mdy, "usual");
        check(&["02/03/2024, 08:05 - x"], Order::Dmy, "usual");
    }

    #[test]
    fn years_are_read_as_they_are_meant() {
        let clock = |line: &str| Order::Dmy.clock(&parse(line).unwrap());
        assert_eq!(clock("19/2/2567, 8:05 - x"), clock("19/2/24, 8:05 - x"));
        assert_eq!(clock("19/2/08, 8:05 - x"), None);
    }
}
