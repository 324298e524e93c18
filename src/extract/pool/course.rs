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
    pub fn new(limits: &Limits, used_before: Duration) -> Self {
        Course {
            guard: Guard::new(*limits),
            clock: Clock::new(limits.seconds, used_before),
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
/// the worker's, and neither is the time that a busy machine keeps it waiting.
pub(super) struct Clock {
    seconds: Duration,
    deadline: Instant,
    earned: u64,
    /// Processor time of the worker when the file began, at most: asking for it would cost more
    /// than a small file.
    used_before: Duration,
}

/// A worker that does not compute gets this many times its time, then it hangs.
const PATIENCE: u32 = 4;

impl Clock {
    pub fn new(seconds: u64, used_before: Duration) -> Self {
        // A limit of centuries is no limit; `Instant` cannot hold it.
        let seconds = Duration::from_secs(seconds.min(u64::from(u32::MAX)));
        Clock { seconds, deadline: Instant::now() + seconds, earned: 0, used_before }
    }

    fn add(&mut self, time: Duration) {
        self.deadline += time;
    }

    pub fn earn(&mut self, bytes: usize) {
        self.earned += bytes as u64;
        self.add(Duration::from_secs(self.earned / BYTES_PER_SECOND));
        self.earned %= BYTES_PER_SECOND;
    }

    /// `used_now` is asked for the worker's processor time only when it matters.
    pub fn is_over(&self, used_now: impl FnOnce() -> Option<Duration>) -> bool {
        let late = Instant::now().saturating_duration_since(self.deadline);
        if late.is_zero() {
            return false;
        }
        let used = used_now().map(|now| now.saturating_sub(self.used_before));
        used.is_none_or(|used| used >= self.seconds) || late >= self.seconds * PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_earns_time() {
        let mut clock = Clock::new(0, Duration::ZERO);
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.is_over(|| None));
        for _ in 0..64 {
            clock.earn(64 * 1024);
        }
        assert!(!clock.is_over(|| None));
    }

    #[test]
    fn a_worker_that_had_to_wait_gets_more_time() {
        let zero = Some(Duration::ZERO);
        let mut clock = Clock::new(1, Duration::ZERO);
        clock.deadline = Instant::now() - Duration::from_millis(1);
        assert!(clock.is_over(|| None));
        assert!(!clock.is_over(|| zero));
        assert!(clock.is_over(|| Some(Duration::from_secs(1))));
        clock.deadline = Instant::now() - Duration::from_secs(5);
        assert!(clock.is_over(|| zero));
    }
}
