//! How much an archive may unpack to, measured against its own size, and the border where panics
//! of decompressors end.

use crate::extract::Stop;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A member that unpacks to more than this many times its packed size is a bomb.
const RATIO: u64 = 200;
/// Bytes that one member may unpack to before the ratio counts.
const MEMBER_FREE: u64 = 32 << 20;
/// Bytes that all members together may unpack to before the ratio counts.
const ARCHIVE_FREE: u64 = 256 << 20;

/// What the members of one archive have cost so far.
pub struct Budget {
    archive: u64,
    spent: u64,
    blown: bool,
    bombs: u64,
}

impl Budget {
    /// For an archive of this many bytes.
    pub fn new(archive: u64) -> Self {
        Budget { archive: archive.max(1), spent: 0, blown: false, bombs: 0 }
    }

    /// Reads a member whose packed size in bytes is known, or `None` where members share a stream.
    pub fn member<R: Read>(&mut self, inner: R, packed: Option<u64>) -> Member<'_, R> {
        let packed = packed.unwrap_or(self.archive).clamp(1, self.archive);
        Member { budget: self, inner, packed, size: 0, broken: false }
    }

    /// How many members turned out to be bombs.
    pub fn bombs(&self) -> u64 {
        self.bombs
    }

    /// An error once all members together have unpacked to too much.
    pub fn check(&self) -> Result<(), Stop> {
        if self.blown {
            return Err(Stop::OverLimit(format!(
                "its members unpack to more than {RATIO} times its size, as a bomb does; the rest was left out"
            )));
        }
        Ok(())
    }
}

/// A reader of one member that ends with an error when the member turns out to be a bomb or its
/// decompressor panics.
pub struct Member<'a, R> {
    budget: &'a mut Budget,
    inner: R,
    packed: u64,
    size: u64,
    broken: bool,
}

impl<R: Read> Read for Member<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.broken {
            return Err(io::Error::other("the decompressor gave up"));
        }
        // Nothing of a reader that panicked is used again, so no broken invariant can be seen.
        let count =
            catch_unwind(AssertUnwindSafe(|| self.inner.read(buffer))).unwrap_or_else(|_| {
                self.broken = true;
                Err(io::Error::other("the decompressor gave up on broken data"))
            })?;
        self.size += count as u64;
        self.budget.spent += count as u64;
        if self.size >= MEMBER_FREE && self.size / self.packed > RATIO {
            self.budget.bombs += 1;
            return Err(io::Error::other(Stop::OverLimit(format!(
                "unpacks to more than {RATIO} times its packed size, as a bomb does"
            ))));
        }
        if self.budget.spent >= ARCHIVE_FREE && self.budget.spent / self.budget.archive > RATIO {
            self.budget.blown = true;
            self.budget.bombs += 1;
            return Err(io::Error::other(Stop::OverLimit(format!(
                "the archive unpacks to more than {RATIO} times its size, as a bomb does"
            ))));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Panics;

    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("as decompressors do")
        }
    }

    #[test]
    fn a_panic_is_an_error_of_the_member() {
        let mut budget = Budget::new(100);
        let mut member = budget.member(Panics, None);
        assert!(member.read(&mut [0; 8]).is_err());
        assert!(member.read(&mut [0; 8]).is_err());
    }

    #[test]
    fn a_bomb_ends_early() {
        let mut budget = Budget::new(1000);
        let mut member = budget.member(io::repeat(0), Some(10));
        let error = io::copy(&mut member, &mut io::sink()).expect_err("endless");
        let stop = error.get_ref().and_then(|inner| inner.downcast_ref::<Stop>());
        assert!(matches!(stop, Some(Stop::OverLimit(_))), "{error}");
        assert!(budget.spent < 2 * MEMBER_FREE);
    }

    #[test]
    fn many_small_bombs_are_one() {
        let mut budget = Budget::new(1 << 20);
        for _ in 0..20 {
            let mut member = budget.member(io::repeat(0).take(MEMBER_FREE - 1), Some(1 << 16));
            if io::copy(&mut member, &mut io::sink()).is_err() {
                break;
            }
        }
        assert!(budget.check().is_err());
    }
}
