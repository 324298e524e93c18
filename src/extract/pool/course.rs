//! One file on its way through a worker: what was said so far, and the time that is left.

use super::guard::Guard;
use crate::extract::record::Record;
use crate::extract::{Limits, Stop};
use std::time::{Duration, Instant};

/// A worker that sends this much earns another second: large archives take long and are no hang.
const BYTES_PER_SECOND: u64 = 4 << 20;

/// One file on its way through a worker.
pub(super) struct Course {
    pub guard: Guard,
    pub clock: Clock,
    /// The format is held back until something follows: a file that kills its parser at once can
    /// then be tried again in another worker.
    pub format: Option<Record>,
    pub said_something: bool,
}

impl Course {
    pub fn new(limits: &Limits) -> Self {
        Course {
            guard: Guard::new(*limits),
            clock: Clock::new(limits.seconds),
            format: None,
            said_something: false,
        }
    }

    pub fn hand_on(
        &mut self,
        record: Option<Record>,
        on_record: &mut dyn FnMut(Record) -> Result<(), Stop>,
    ) -> Result<(), Trouble> {
        if let Some(Record::Format { .. }) = record {
            self.format = record;
            return Ok(());
        }
        let pause = Instant::now();
        if let Some(format) = self.format.take() {
            on_record(format).map_err(Trouble::Stopped)?;
        }
        if let Some(record) = record {
            self.said_something = true;
            on_record(record).map_err(Trouble::Stopped)?;
        }
        self.clock.add(pause.elapsed());
        Ok(())
    }
}

/// Why a file did not come to its end.
pub(super) enum Trouble {
    Died,
    Hung,
    Wrong(String),
    Stopped(Stop),
}

impl Trouble {
    pub fn wrong(what: impl std::fmt::Display) -> Self {
        Trouble::Wrong(what.to_string())
    }
}

/// The time that a worker has for one file. The time that the case takes for its records is not
/// the worker's.
pub(super) struct Clock {
    deadline: Instant,
    earned: u64,
}

impl Clock {
    pub fn new(seconds: u64) -> Self {
        // A limit of centuries is no limit; `Instant` cannot hold it.
        let seconds = seconds.min(u64::from(u32::MAX));
        Clock { deadline: Instant::now() + Duration::from_secs(seconds), earned: 0 }
    }

    fn add(&mut self, time: Duration) {
        self.deadline += time;
    }

    pub fn earn(&mut self, bytes: usize) {
        self.earned += bytes as u64;
        self.add(Duration::from_secs(self.earned / BYTES_PER_SECOND));
        self.earned %= BYTES_PER_SECOND;
    }

    pub fn is_over(&self) -> bool {
        Instant::now() > self.deadline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_earns_time() {
        let mut clock = Clock::new(0);
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.is_over());
        for _ in 0..64 {
            clock.earn(64 * 1024);
        }
        assert!(!clock.is_over());
    }
}
