//! The laws of merging, over random histories of copies of a case that were ingested apart.

use super::*;
use proptest::prelude::*;

/// Clocks of the machines: right, a day behind, an hour ahead.
const CLOCKS: [fn() -> i64; 3] = [now, || now() - 86_400_000, || now() + 3_600_000];

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

const AUTHORS: [(&str, u8); 4] = [("lin", 7), ("mara", 8), ("lin", 9), ("lin", 7)];

/// Kinds of acts beyond those of one person.
const HANDOVER: u8 = KINDS + 1;
const FORK: u8 = KINDS + 2;
/// Takes back several acts at once, so that what was made is among them.
const UNDO: u8 = KINDS + 3;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever three people do at copies that were ingested apart, one of which is copied on the
    /// way, hand over and take in: everybody comes to the same state, in whatever order and
    /// however often the bundles come, and it is what a rebuild gives.
    #[test]
    fn merging_is_union(
        acts in prop::collection::vec((0..4_usize, 0..KINDS + 4, any::<u8>()), 1..50),
    ) {
        let mut copies = vec![
            Copy::new(&[1, 2, 3, 4], AUTHORS[0]),
            Copy::new(&[4, 2, 1, 3], AUTHORS[1]),
            // This one lacks some of the evidence.
            Copy::new(&[3, 1], AUTHORS[2]),
        ];
        let fork = copies[0].fork(AUTHORS[3]);
        copies.push(fork);
        for (copy, clock) in copies.iter().zip(CLOCKS.iter().cycle()) {
            copy.set_clock(*clock);
        }
        for (who, kind, which) in acts {
            match kind {
                KINDS | HANDOVER => {
                    let bytes = copies[usize::from(which) % 4].bundle("");
                    copies[who].take(&bytes);
                }
                UNDO => (0..which % 8).for_each(|_| drop(copies[who].case.undo())),
                FORK if who == 3 => copies[3] = copies[0].fork(AUTHORS[3]),
                kind => copies[who].act(kind, which),
            }
            copies[who].whole();
        }
        let bundles: Vec<Vec<u8>> = copies.iter().map(|copy| copy.bundle("")).collect();
        let one = Copy::new(&[1, 2, 3, 4], ("tom", 1));
        let other = Copy::new(&[2, 4, 3, 1], ("tom", 1));
        let late = Copy::new(&[2], ("tom", 1));
        for bundle in &bundles {
            one.take(bundle);
        }
        for bundle in bundles.iter().rev().chain(&bundles) {
            other.take(bundle);
            late.take(bundle);
        }
        one.whole();
        other.whole();
        late.whole();
        let expected = one.dump();
        prop_assert_eq!(&other.dump(), &expected, "commutative and idempotent");
        late.add(&[3, 1, 4]);
        prop_assert_eq!(&late.dump(), &expected, "in force when the evidence came");
        // Associative: (0 + 1) + (2 + 3).
        copies[0].take(&bundles[1]);
        copies[2].take(&bundles[3]);
        let bundle = copies[2].bundle("");
        copies[0].take(&bundle);
        prop_assert_eq!(&copies[0].dump(), &expected, "associative");
        crate::journal::project(&one.case.store).unwrap();
        prop_assert_eq!(&one.dump(), &expected, "a rebuild");
        // The next act follows all heads, and taking it back is as if it had never been.
        let before = one.state();
        one.act(1, 255);
        one.case.undo().unwrap();
        prop_assert_eq!(one.state(), before);
        one.whole();
    }
}
