//! Signals, as flags that the loop asks for and that end its wait.

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) struct Signals {
    pub end: Arc<AtomicBool>,
    pub interrupt: Arc<AtomicBool>,
    pub stop: Arc<AtomicBool>,
    /// It goes on: after a stop that nobody could catch, the shell has set the terminal its way.
    pub goes_on: Arc<AtomicBool>,
    pub size: Arc<AtomicBool>,
    pub ids: Vec<signal_hook::SigId>,
}

impl Signals {
    /// From now on; each wakes whoever reads the other end of `wake`.
    pub fn catch(wake: &UnixStream) -> io::Result<Signals> {
        let mut signals = Signals {
            end: Arc::default(),
            interrupt: Arc::default(),
            stop: Arc::default(),
            goes_on: Arc::default(),
            size: Arc::default(),
            ids: Vec::new(),
        };
        let flags = [
            (SIGHUP, &signals.end),
            (SIGTERM, &signals.end),
            (SIGINT, &signals.interrupt),
            (SIGTSTP, &signals.stop),
            (SIGCONT, &signals.goes_on),
            (SIGWINCH, &signals.size),
        ];
        for (signal, flag) in flags {
            signals.ids.push(signal_hook::flag::register(signal, flag.clone())?);
            signals.ids.push(signal_hook::low_level::pipe::register(signal, wake.try_clone()?)?);
        }
        Ok(signals)
    }
}
