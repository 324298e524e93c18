//! The workers of one program: each call of [`Pool::run`] checks one out, gives it a file, hands
//! its records on, and judges how it ended. This is the only file of `extract/` whose code runs
//! in the process that holds the case, so it believes nothing that a worker says (`guard.rs`).

#[cfg(unix)]
mod course;
#[cfg(unix)]
mod explain;
mod guard;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod spawner;

use super::chat::package::Claim;
use super::record::{Outcome, Record};
use super::sandbox::Protection;
use super::{Limits, Stop};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How workers are made.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The `casebook` binary: `std::env::current_exe()` in the program itself.
    pub worker: PathBuf,
    /// Most workers that are alive at once; more calls of [`Pool::run`] wait.
    pub workers: usize,
    pub limits: Limits,
    /// Set it, and every running call ends with [`Stop::Gone`] within a tenth of a second.
    pub cancel: Arc<AtomicBool>,
}

impl PoolConfig {
    pub fn new(worker: PathBuf, workers: usize) -> Self {
        let limits = Limits::default();
        PoolConfig { worker, workers, limits, cancel: Arc::default() }
    }
}

/// One file to be read.
#[derive(Debug)]
pub struct Task {
    /// Open for reading; the position does not matter.
    pub file: File,
    /// Last part of the path, as a hint.
    pub name: String,
    /// Path relative to the source or container, as a hint.
    pub path: String,
    pub claim: Option<Claim>,
    pub passwords: Vec<String>,
}

/// A worker is replaced after this many files, whatever happened. A new one costs as much as reading
/// a small file.
const FILES_PER_WORKER: u32 = 1024;

#[cfg(unix)]
pub use unix::Pool;

#[cfg(unix)]
mod unix {
    use super::process::{Ended, Worker};
    use super::spawner::Spawner;
    use super::*;
    use std::sync::{Condvar, Mutex, PoisonError};

    /// See the module. Dropping it ends all workers.
    pub struct Pool {
        config: PoolConfig,
        spawner: Spawner,
        protection: Protection,
        idle: Mutex<Idle>,
        free: Condvar,
    }

    struct Idle {
        workers: Vec<Worker>,
        /// Workers alive, idle or not.
        alive: usize,
    }

    impl Pool {
        /// Starts the first worker, so that a wrong path or a machine that forbids it is known at
        /// once.
        ///
        /// # Errors
        /// The worker could not be started, or is not one.
        pub fn new(config: PoolConfig) -> std::io::Result<Pool> {
            let spawner = Spawner::new(config.worker.clone(), config.limits)?;
            let first = spawner.spawn()?;
            let protection = first.protection();
            let idle = Mutex::new(Idle { workers: vec![first], alive: 1 });
            Ok(Pool { config, spawner, protection, idle, free: Condvar::new() })
        }

        /// Which layers of the sandbox hold on this machine.
        pub fn protection(&self) -> Protection {
            self.protection
        }

        /// Reads one file. `on_record` gets every record but the last; what a worker sent before
        /// it died is kept, and an unfinished child is ended with the reason. May be called from
        /// several threads at once.
        ///
        /// # Errors
        /// What `on_record` returned, [`Stop::Gone`] after a cancellation, or [`Stop::Failed`]
        /// when no worker can be started: none of them says anything about the file.
        pub fn run(
            &self,
            task: Task,
            on_record: &mut dyn FnMut(Record) -> Result<(), Stop>,
        ) -> Result<Outcome, Stop> {
            loop {
                let mut worker = self.check_out()?;
                let ended = worker.read(&task, &self.config, on_record);
                let fresh = worker.files() == 1;
                self.check_in(worker, &ended);
                match ended {
                    Ended::Well(outcome) | Ended::Badly(outcome) => return Ok(outcome),
                    // It may be the fault of a file before this one.
                    Ended::Silently { .. } if !fresh => continue,
                    Ended::Silently { outcome, format } => {
                        return format.map_or(Ok(()), on_record).map(|()| outcome);
                    }
                    Ended::Stopped(stop) => return Err(stop),
                }
            }
        }

        fn check_out(&self) -> Result<Worker, Stop> {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                if let Some(worker) = idle.workers.pop() {
                    return Ok(worker);
                }
                if idle.alive < self.config.workers.max(1) {
                    idle.alive += 1;
                    break;
                }
                idle = self.free.wait(idle).unwrap_or_else(PoisonError::into_inner);
            }
            drop(idle);
            self.spawner.spawn().map_err(|error| {
                self.gone();
                Stop::Failed(format!("no worker can be started: {error}"))
            })
        }

        fn check_in(&self, worker: Worker, ended: &Ended) {
            let keep = matches!(ended, Ended::Well(outcome) if !outcome.state.is_unreadable())
                && worker.files() < FILES_PER_WORKER
                && !worker.is_tired(&self.config.limits)
                && !worker.is_fat();
            if keep {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                idle.workers.push(worker);
                drop(idle);
                self.free.notify_one();
            } else {
                drop(worker);
                self.gone();
            }
        }

        fn gone(&self) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).alive -= 1;
            self.free.notify_one();
        }
    }
}

#[cfg(not(unix))]
pub use elsewhere::Pool;

#[cfg(not(unix))]
mod elsewhere {
    use super::*;

    /// Files are read in locked-down processes, which only Unix has so far.
    pub struct Pool;

    impl Pool {
        /// # Errors
        /// Always.
        pub fn new(_config: PoolConfig) -> std::io::Result<Pool> {
            Err(std::io::Error::new(
                std::io::ErrorKind::Unsupported,
                "files can be read on Unix-like systems only",
            ))
        }

        pub fn protection(&self) -> Protection {
            Protection::default()
        }

        /// # Errors
        /// Always.
        pub fn run(
            &self,
            _task: Task,
            _on_record: &mut dyn FnMut(Record) -> Result<(), Stop>,
        ) -> Result<Outcome, Stop> {
            Err(Stop::Gone)
        }
    }
}
