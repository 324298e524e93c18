//! A set of the documents of one segment.

/// Bits for the numbers below a fixed length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    pub(super) fn none(len: u32) -> Bits {
        Bits { words: vec![0; (len as usize).div_ceil(64)], len }
    }

    /// An empty set over as many numbers as `other`.
    pub(super) fn none_like(other: &Bits) -> Bits {
        Bits::none(other.len)
    }

    pub(super) fn all(len: u32) -> Bits {
        let mut bits = Bits { words: vec![u64::MAX; (len as usize).div_ceil(64)], len };
        bits.trim();
        bits
    }

    fn trim(&mut self) {
        if let (Some(last), used @ 1..) = (self.words.last_mut(), self.len % 64) {
            *last &= (1 << used) - 1;
        }
    }

    /// The documents for which `test` holds; only those in `among` are asked.
    pub(super) fn of(among: &Bits, mut test: impl FnMut(u32) -> bool) -> Bits {
        let mut bits = Bits::none(among.len);
        for doc in among.iter() {
            if test(doc) {
                bits.insert(doc);
            }
        }
        bits
    }

    #[inline]
    pub(super) fn insert(&mut self, doc: u32) {
        self.words[doc as usize / 64] |= 1 << (doc % 64);
    }

    pub(super) fn remove(&mut self, doc: u32) {
        self.words[doc as usize / 64] &= !(1 << (doc % 64));
    }

    #[inline]
    pub(super) fn contains(&self, doc: u32) -> bool {
        self.words[doc as usize / 64] & 1 << (doc % 64) != 0
    }

    pub(super) fn and(&mut self, other: &Bits) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= other;
        }
    }

    pub(super) fn or(&mut self, other: &Bits) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own |= other;
        }
    }

    /// Takes out what is in `other`.
    pub(super) fn minus(&mut self, other: &Bits) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= !other;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(super) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The first number in the set that is at least `from`.
    #[inline]
    pub(super) fn next(&self, from: u32) -> Option<u32> {
        if from >= self.len {
            return None;
        }
        let mut at = from as usize / 64;
        let mut word = self.words[at] & (u64::MAX << (from % 64));
        while word == 0 {
            at += 1;
            word = *self.words.get(at)?;
        }
        Some(at as u32 * 64 + word.trailing_zeros())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let low = word.trailing_zeros();
                    word &= word - 1;
                    at as u32 * 64 + low
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn agrees_with_sets(
            a in proptest::collection::btree_set(0u32..200, 0..40),
            b in proptest::collection::btree_set(0u32..200, 0..40),
            from in 0u32..210,
        ) {
            let make = |set: &BTreeSet<u32>| {
                let mut bits = Bits::none(200);
                set.iter().for_each(|doc| bits.insert(*doc));
                bits
            };
            let set = |bits: &Bits| bits.iter().collect::<BTreeSet<_>>();
            let (x, y) = (make(&a), make(&b));
            prop_assert_eq!(x.next(from), a.range(from..).next().copied());
            prop_assert_eq!(x.count(), a.len() as u64);
            prop_assert_eq!(x.is_empty(), a.is_empty());
            let mut z = x.clone();
            z.and(&y);
            prop_assert_eq!(set(&z), &a & &b);
            let mut z = x.clone();
            z.or(&y);
            prop_assert_eq!(set(&z), &a | &b);
            let mut z = x.clone();
            z.minus(&y);
            prop_assert_eq!(set(&z), &a - &b);
            let mut z = Bits::all(200);
            z.minus(&x);
            prop_assert_eq!(z.count(), 200 - a.len() as u64);
            prop_assert!((0..200).all(|doc| Bits::of(&x, |d| d % 2 == 0).contains(doc) == (a.contains(&doc) && doc % 2 == 0)));
        }
    }
}
