//! The progress bar of an `add`, on standard error when that is a terminal.

use super::{bytes, grouped};
use crate::ingest::{Progress, Snapshot};
use crate::text::{sanitise, width};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Runs `work` and shows how far `progress` is until it ends.
pub fn beside<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let shower = scope.spawn(|| show(progress, &done));
        // The bar must go away even when `work` panics, or the scope would wait for ever.
        let _guard = Finished { done: &done, shower: shower.thread().clone() };
        work()
    })
}

/// Runs work that says itself where it is: what is done, how much of it, of how much (0: not
/// known).
pub fn steps<T>(work: impl FnOnce(&(dyn Fn(&str, u64, u64) + Sync)) -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work(&|_, _, _| {});
    }
    // Made when there is something to show: most work says nothing.
    let bar = OnceLock::new();
    let result = work(&|what, done, total| {
        let bar = bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            // The template is ours and well formed; the default is as good as none.
            bar.with_style(
                ProgressStyle::with_template("{spinner} {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            )
        });
        bar.set_message(format!("{}{}", sanitise::line(what), count_of(done, total)));
        bar.tick();
    });
    if let Some(bar) = bar.get() {
        bar.finish_and_clear();
    }
    result
}

/// `  41 %  410 of 1,000`, as much of it as is known.
fn count_of(done: u64, total: u64) -> String {
    match (done, total) {
        (0, _) => String::new(),
        (_, 0) => format!("  {}", grouped(done)),
        _ => {
            let percent = u128::from(done.min(total)) * 100 / u128::from(total);
            format!("  {percent} %  {} of {}", grouped(done), grouped(total))
        }
    }
}

struct Finished<'a> {
    done: &'a AtomicBool,
    shower: std::thread::Thread,
}

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        self.shower.unpark();
    }
}

fn show(progress: &Progress, done: &AtomicBool) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    let begun = Instant::now();
    while !done.load(Ordering::Relaxed) {
        let now = progress.snapshot();
        bar.set_style(style(&now, begun.elapsed()));
        bar.set_length(now.bytes_total.max(1));
        bar.set_position(now.bytes);
        bar.set_message(message(&now));
        bar.tick();
        std::thread::park_timeout(Duration::from_millis(200));
    }
    bar.finish_and_clear();
}

fn style(now: &Snapshot, elapsed: Duration) -> ProgressStyle {
    let left = time_left(now, elapsed);
    let template = match now.bytes_total {
        0 => "{spinner} {msg}",
        _ => "{bar:24} {percent:>3}%  {left}\n{msg}",
    };
    // The templates are ours and well formed; the default is as good as none.
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("█▉▊▋▌▍▎▏ ")
        .with_key("left", move |_: &ProgressState, to: &mut dyn std::fmt::Write| {
            let _ = to.write_str(&left);
        })
}

/// Counts on one line, the file on the next.
fn message(now: &Snapshot) -> String {
    let mut text = format!(
        "{} of {} files, {} of {}, {} documents, {} messages",
        grouped(now.files),
        grouped(now.files_total),
        bytes(now.bytes),
        bytes(now.bytes_total),
        grouped(now.documents),
        grouped(now.messages),
    );
    if now.unreadable > 0 {
        // Writing to a string does not fail.
        let _ = write!(text, ", {} unreadable", grouped(now.unreadable));
    }
    let _ = write!(text, "\n{} ", now.phase);
    text += &width::clip_start(&sanitise::line(&now.current), 68);
    text
}

/// What is left at the speed so far, in words; nothing before there is a speed.
fn time_left(now: &Snapshot, elapsed: Duration) -> String {
    if now.bytes == 0 || now.bytes >= now.bytes_total || elapsed < Duration::from_secs(3) {
        return String::new();
    }
    let left = now.bytes_total - now.bytes;
    let seconds = elapsed.as_secs_f64() * left as f64 / now.bytes as f64;
    let seconds = seconds.min(1e6) as u64;
    match seconds {
        0..90 => format!("about {} s left", seconds.max(1)),
        90..5400 => format!("about {} min left", seconds.div_ceil(60)),
        _ => format!("about {} h left", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_say_as_much_as_is_known() {
        let check = |done, total, expected: &str| assert_eq!(count_of(done, total), expected);
        check(0, 50, "");
        check(1200, 0, "  1,200");
        check(410, 1000, "  41 %  410 of 1,000");
        check(7, 5, "  100 %  7 of 5");
    }

    #[test]
    fn progress_says_what_and_how_long() {
        let now = Snapshot {
            files: 3,
            files_total: 1200,
            bytes: 1 << 20,
            bytes_total: 11 << 20,
            documents: 4,
            messages: 15_743,
            unreadable: 1,
            current: "a\u{1b}[2J/公司.docx".to_owned(),
            phase: "reading",
        };
        assert_eq!(
            message(&now),
            "3 of 1,200 files, 1.0 MB of 11 MB, 4 documents, 15,743 messages, 1 unreadable\n\
             reading a␛[2J/公司.docx"
        );
        assert_eq!(time_left(&now, Duration::from_secs(6)), "about 60 s left");
        assert_eq!(time_left(&now, Duration::from_secs(60)), "about 10 min left");
        assert_eq!(time_left(&now, Duration::from_secs(1)), "");
        assert_eq!(time_left(&Snapshot::default(), Duration::from_secs(60)), "");
    }

    #[test]
    fn work_is_done_without_a_terminal() {
        assert_eq!(beside(&Progress::default(), || 7), 7);
    }
}
