//! Why a worker ended, in the words of the list of unreadable files.

use crate::extract::Limits;
use crate::extract::record::Outcome;
use crate::model::State;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// The reason, from how the process ended and what it said last.
pub(super) fn explain(status: Option<ExitStatus>, last_words: &str, limits: &Limits) -> Outcome {
    let (state, reason) = match status.and_then(|status| status.signal()) {
        _ if last_words.contains("memory allocation of") => (
            State::OverLimit,
            format!(
                "its parser needs more than the {} MiB of memory it may use",
                limits.memory >> 20
            ),
        ),
        _ if last_words.contains("overflowed its stack") => {
            (State::Failed, "it nests too deeply: its parser ran out of stack".to_owned())
        }
        Some(11 | 7) => (State::Failed, "its parser crashed (memory fault)".to_owned()),
        // SIGXCPU, SIGKILL after it.
        Some(24) => (State::OverLimit, "its parser used up its processor time".to_owned()),
        Some(9) => (
            State::Failed,
            "its parser was killed from outside; the machine may be out of memory".to_owned(),
        ),
        Some(signal) => (State::Failed, format!("its parser crashed (signal {signal})")),
        None => match status.and_then(|status| status.code()) {
            Some(code) => (State::Failed, format!("its parser ended the program (code {code})")),
            None => (State::Failed, "its parser broke off".to_owned()),
        },
    };
    Outcome { state, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_explained() {
        let limits = Limits::default();
        let check = |raw: i32, words: &str, state, reason: &str| {
            let outcome = explain(Some(ExitStatus::from_raw(raw)), words, &limits);
            assert_eq!((outcome.state, outcome.reason.as_str()), (state, reason));
        };
        check(
            6,
            "memory allocation of 99 bytes failed\n",
            State::OverLimit,
            "its parser needs more than the 2048 MiB of memory it may use",
        );
        check(
            6,
            "thread 'main' has overflowed its stack",
            State::Failed,
            "it nests too deeply: its parser ran out of stack",
        );
        check(11, "", State::Failed, "its parser crashed (memory fault)");
        check(4, "", State::Failed, "its parser crashed (signal 4)");
        check(24, "", State::OverLimit, "its parser used up its processor time");
        check(3 << 8, "", State::Failed, "its parser ended the program (code 3)");
    }
}
