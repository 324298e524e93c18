//! Work away from the screen: one running and one waiting job per purpose.
//!
//! A person at a keyboard asks faster than a disk answers, and only the last question counts. So
//! a newer request of the same purpose replaces the waiting one and tells the running one to
//! stop; what a stopped job still answers is dropped in one place ([`Jobs::accept`]), by its
//! generation number. Plain threads: each makes its own worker (which owns its own handle of the
//! case) when it starts.

use crossbeam_channel::{Receiver, Sender, unbounded};
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Tells a job that nobody waits for its answer any more.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Told>);

#[derive(Debug, Default)]
struct Told {
    flag: AtomicBool,
    /// For those who sleep.
    lock: Mutex<()>,
    changed: Condvar,
}

impl Cancel {
    pub fn is_set(&self) -> bool {
        self.0.flag.load(Ordering::Relaxed)
    }

    fn set(&self) {
        let _sleeper = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.flag.store(true, Ordering::Relaxed);
        self.0.changed.notify_all();
    }

    /// Sleeps, until it is cancelled at most. `true` when it was.
    pub fn sleep(&self, time: Duration) -> bool {
        let sleeper = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = self.0.changed.wait_timeout_while(sleeper, time, |()| !self.is_set());
        drop(woken);
        self.is_set()
    }

    /// The flag itself, for code that polls one.
    pub fn flag(&self) -> &AtomicBool {
        &self.0.flag
    }
}

/// What a job came to.
#[derive(Debug)]
pub struct Done<P, A> {
    pub purpose: P,
    generation: u64,
    /// The answer, or the message of the panic that ended the job.
    pub result: Result<A, String>,
}

/// Called after each answer was sent: wakes a thread that waits for more than one thing.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// A few threads that answer requests `Q` with `A`, one at a time for each purpose `P`.
pub struct Jobs<P, Q, A> {
    shared: Arc<Shared<P, Q>>,
    answers: Receiver<Done<P, A>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared<P, Q> {
    state: Mutex<State<P, Q>>,
    changed: Condvar,
}

struct State<P, Q> {
    slots: HashMap<P, Slot<Q>>,
    /// Purposes with a waiting job, oldest request first.
    queue: Vec<P>,
    closed: bool,
}

struct Slot<Q> {
    /// Number of the newest request.
    newest: u64,
    waiting: Option<(u64, Q)>,
    running: Option<Cancel>,
}

impl<P, Q> Shared<P, Q> {
    /// A panic inside a job is caught before the lock is taken, so poison tells nothing.
    fn lock(&self) -> MutexGuard<'_, State<P, Q>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P, Q, A> Jobs<P, Q, A>
where
    P: Copy + Eq + Hash + Debug + Send + 'static,
    Q: Send + 'static,
    A: Send + 'static,
{
    /// Starts `threads` threads. `worker` is called once in each and gives what answers there.
    pub fn start<W>(
        threads: usize,
        wake: Wake,
        worker: impl Fn() -> W + Send + Sync + 'static,
    ) -> std::io::Result<Self>
    where
        W: FnMut(P, Q, &Cancel) -> A + 'static,
    {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { slots: HashMap::new(), queue: Vec::new(), closed: false }),
            changed: Condvar::new(),
        });
        let worker = Arc::new(worker);
        let (sender, answers) = unbounded();
        let mut jobs = Jobs { shared, answers, threads: Vec::new() };
        for number in 0..threads.max(1) {
            let (shared, worker) = (jobs.shared.clone(), worker.clone());
            let (sender, wake) = (sender.clone(), wake.clone());
            let run = move || work(&shared, &sender, &wake, worker.as_ref());
            let thread = std::thread::Builder::new().name(format!("job {number}")).spawn(run)?;
            jobs.threads.push(thread);
        }
        Ok(jobs)
    }

    /// Asks; replaces what waits for the same purpose and stops what runs for it.
    pub fn ask(&self, purpose: P, request: Q) {
        let mut state = self.shared.lock();
        let slot = state.slots.entry(purpose).or_insert_with(Slot::new);
        slot.newest += 1;
        slot.waiting = Some((slot.newest, request));
        if let Some(running) = &slot.running {
            running.set();
        }
        if !state.queue.contains(&purpose) {
            state.queue.push(purpose);
        }
        self.shared.changed.notify_one();
    }

    /// Nobody waits for this purpose any more: stops it and drops its answer.
    pub fn cancel(&self, purpose: P) {
        let mut state = self.shared.lock();
        state.queue.retain(|waiting| *waiting != purpose);
        if let Some(slot) = state.slots.get_mut(&purpose) {
            slot.newest += 1;
            slot.waiting = None;
            if let Some(running) = &slot.running {
                running.set();
            }
        }
    }

    /// Where finished jobs arrive; everything that is taken from it goes through [`Self::accept`].
    pub fn answers(&self) -> &Receiver<Done<P, A>> {
        &self.answers
    }

    /// The one place where late answers are dropped.
    pub fn accept(&self, done: Done<P, A>) -> Option<(P, Result<A, String>)> {
        let state = self.shared.lock();
        let newest = state.slots.get(&done.purpose).map(|slot| slot.newest);
        (newest == Some(done.generation)).then_some((done.purpose, done.result))
    }

    /// Whether anything waits or runs.
    pub fn is_busy(&self) -> bool {
        let state = self.shared.lock();
        !state.queue.is_empty() || state.slots.values().any(|slot| slot.running.is_some())
    }
}

impl<P, Q, A> Drop for Jobs<P, Q, A> {
    /// Stops what runs and waits for the threads, so that every handle is closed in order.
    fn drop(&mut self) {
        {
            let mut state = self.shared.lock();
            state.closed = true;
            state.queue.clear();
            for slot in state.slots.values() {
                if let Some(running) = &slot.running {
                    running.set();
                }
            }
        }
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // Its panics were caught and reported; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

impl<Q> Slot<Q> {
    fn new() -> Self {
        Slot { newest: 0, waiting: None, running: None }
    }
}

fn work<P, Q, A, W>(
    shared: &Shared<P, Q>,
    answers: &Sender<Done<P, A>>,
    wake: &Wake,
    make: &impl Fn() -> W,
) where
    P: Copy + Eq + Hash,
    W: FnMut(P, Q, &Cancel) -> A,
{
    let mut worker = None;
    while let Some((purpose, generation, request, cancel)) = next_job(shared) {
        let result = catch_unwind(AssertUnwindSafe(|| {
            worker.get_or_insert_with(make)(purpose, request, &cancel)
        }));
        if result.is_err() {
            // Whatever the panic left half done is not used again.
            worker = None;
        }
        let result = result.map_err(|panic| message_of(panic.as_ref()));
        // Sent before the slot is freed: who sees no job running has its answer at hand.
        let is_heard = answers.send(Done { purpose, generation, result }).is_ok();
        if let Some(slot) = shared.lock().slots.get_mut(&purpose) {
            slot.running = None;
        }
        // What waits for this purpose could not be taken while it ran.
        shared.changed.notify_one();
        if !is_heard {
            return;
        }
        wake();
    }
}

/// Waits for a job whose purpose is not running; `None` when all is over.
fn next_job<P: Copy + Eq + Hash, Q>(shared: &Shared<P, Q>) -> Option<(P, u64, Q, Cancel)> {
    let mut state = shared.lock();
    loop {
        if state.closed {
            return None;
        }
        let free =
            |purpose: &P| state.slots.get(purpose).is_some_and(|slot| slot.running.is_none());
        if let Some(at) = state.queue.iter().position(free) {
            let purpose = state.queue.remove(at);
            let slot = state.slots.get_mut(&purpose)?;
            let (generation, request) = slot.waiting.take()?;
            let cancel = Cancel::default();
            slot.running = Some(cancel.clone());
            return Some((purpose, generation, request, cancel));
        }
        state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a job ended in a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Test = Jobs<&'static str, u32, u32>;

    fn quiet() -> Wake {
        Arc::new(|| ())
    }

    fn next(jobs: &Test) -> Option<(&'static str, Result<u32, String>)> {
        let done = jobs.answers().recv_timeout(Duration::from_secs(20)).unwrap();
        jobs.accept(done)
    }

    /// A worker that begins, says so, and goes on when it is told to or cancelled.
    fn gated() -> (Test, Receiver<u32>, Sender<()>) {
        let (began, begins) = unbounded();
        let (go, gate) = unbounded::<()>();
        let jobs = Jobs::start(2, quiet(), move || {
            let (began, gate) = (began.clone(), gate.clone());
            move |_, number, _: &Cancel| {
                began.send(number).unwrap();
                gate.recv().unwrap();
                number
            }
        });
        (jobs.unwrap(), begins, go)
    }

    #[test]
    fn the_newest_request_wins() {
        let (jobs, begins, go) = gated();
        jobs.ask("list", 1);
        assert_eq!(begins.recv().unwrap(), 1);
        jobs.ask("list", 2);
        jobs.ask("list", 3);
        go.send(()).unwrap();
        go.send(()).unwrap();
        assert_eq!(next(&jobs), None, "the answer to 1 is late");
        assert_eq!(next(&jobs), Some(("list", Ok(3))));
        assert_eq!(begins.try_iter().collect::<Vec<_>>(), [3], "2 was never started");
    }

    #[test]
    fn purposes_do_not_disturb_each_other() {
        let (jobs, begins, go) = gated();
        jobs.ask("list", 1);
        jobs.ask("reader", 2);
        let mut started = [begins.recv().unwrap(), begins.recv().unwrap()];
        started.sort_unstable();
        assert_eq!(started, [1, 2]);
        go.send(()).unwrap();
        go.send(()).unwrap();
        let mut answers = [next(&jobs).unwrap(), next(&jobs).unwrap()];
        answers.sort_unstable_by_key(|(purpose, _)| *purpose);
        assert_eq!(answers, [("list", Ok(1)), ("reader", Ok(2))]);
    }

    #[test]
    fn a_running_job_is_told_to_stop() {
        let (began, begins) = unbounded();
        let jobs: Test = Jobs::start(1, quiet(), move || {
            let began = began.clone();
            move |_, number, cancel: &Cancel| {
                began.send(()).unwrap();
                while number == 1 && !cancel.is_set() {
                    std::thread::yield_now();
                }
                number
            }
        })
        .unwrap();
        jobs.ask("search", 1);
        begins.recv().unwrap();
        jobs.ask("search", 2);
        assert_eq!(next(&jobs), None);
        assert_eq!(next(&jobs), Some(("search", Ok(2))));
        jobs.ask("search", 1);
        begins.recv().unwrap();
        begins.recv().unwrap();
        jobs.cancel("search");
        assert_eq!(next(&jobs), None, "cancelled: nobody waits for it");
    }

    #[test]
    fn who_sleeps_is_woken_by_the_end() {
        let (began, begins) = unbounded();
        let jobs: Test = Jobs::start(1, quiet(), move || {
            let began = began.clone();
            move |_, number, cancel: &Cancel| {
                began.send(number).unwrap();
                assert!(cancel.sleep(Duration::from_secs(600)), "it was not cancelled");
                number
            }
        })
        .unwrap();
        jobs.ask("watch", 1);
        begins.recv().unwrap();
        let begun = std::time::Instant::now();
        drop(jobs);
        assert!(begun.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn a_panic_costs_one_answer() {
        let jobs: Test = Jobs::start(1, quiet(), || {
            move |_, number, _: &Cancel| {
                assert!(number != 13, "unlucky");
                number
            }
        })
        .unwrap();
        jobs.ask("list", 13);
        assert_eq!(next(&jobs), Some(("list", Err("unlucky".to_owned()))));
        jobs.ask("list", 14);
        assert_eq!(next(&jobs), Some(("list", Ok(14))));
    }
}
