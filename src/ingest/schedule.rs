//! What waits for a reader, and what waits to be written.
//!
//! Every task has an [`Order`]: its file's position in the walk, then the positions of members on
//! the way down. Readers take the smallest one, so what the writer wants next is always under way
//! or next in line; readers wait only while finished readings take too much memory, and never on
//! the task that the writer waits for.

use super::reader::{Done, Member};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Position in walk order: `[17, 3]` is member 3 of file 17.
pub type Order = Vec<u32>;

/// Bytes of finished readings that may wait for the writer.
const MOST_WEIGHT: u64 = 48 << 20;
/// Files that readers may be ahead of the writer.
const MOST_AHEAD: u32 = 512;

/// What a reader gets to do.
pub enum Task {
    /// File at this position of the list.
    File(u32),
    Member(Box<Member>),
}

#[derive(Default)]
pub struct Schedule {
    state: Mutex<State>,
    /// A reader may find something to do.
    work: Condvar,
    /// The writer may find what it waits for.
    done: Condvar,
}

#[derive(Default)]
struct State {
    files: u32,
    next_file: u32,
    waiting: BTreeMap<Order, Box<Member>>,
    finished: BTreeMap<Order, Done>,
    weight: u64,
    wanted: Order,
    dropped: Vec<Order>,
    stopped: bool,
}

impl Schedule {
    /// A schedule for a list of `files` files.
    pub fn new(files: u32) -> Self {
        let schedule = Schedule::default();
        schedule.lock().files = files;
        schedule
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task for a reader; `None` when there will be no more.
    pub fn next(&self) -> Option<(Order, Task)> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            let member = state.waiting.keys().next().cloned();
            let file = (state.next_file < state.files).then(|| vec![state.next_file]);
            let first = match (&member, &file) {
                (Some(member), Some(file)) => Some(member.min(file).clone()),
                (one, other) => one.as_ref().or(other.as_ref()).cloned(),
            };
            if let Some(first) = first {
                let ahead = first[0].saturating_sub(state.wanted.first().copied().unwrap_or(0));
                let room = state.weight < MOST_WEIGHT && ahead < MOST_AHEAD;
                if room || first <= state.wanted {
                    if let Some(member) = state.waiting.remove(&first) {
                        return Some((first, Task::Member(member)));
                    }
                    let at = state.next_file;
                    state.next_file += 1;
                    return Some((first, Task::File(at)));
                }
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A member came out of a container and waits to be read.
    pub fn push(&self, order: Order, member: Member) {
        let mut state = self.lock();
        if !state.is_dropped(&order) {
            state.waiting.insert(order, Box::new(member));
            self.work.notify_one();
        }
    }

    /// A reader is done with a task.
    pub fn finish(&self, order: Order, done: Done) {
        let mut state = self.lock();
        if !state.is_dropped(&order) {
            state.weight += done.weight();
            state.finished.insert(order, done);
            self.done.notify_one();
        }
    }

    /// What became of a task; waits for it. `None` when everything was stopped.
    pub fn take(&self, order: &Order) -> Option<Done> {
        let mut state = self.lock();
        state.wanted.clone_from(order);
        self.work.notify_all();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(done) = state.finished.remove(order) {
                state.weight = state.weight.saturating_sub(done.weight());
                self.work.notify_all();
                return Some(done);
            }
            state = self.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing below this task is wanted: the case has its container already.
    pub fn drop_below(&self, order: &Order) {
        let mut state = self.lock();
        state.waiting.retain(|key, _| !key.starts_with(order));
        let gone: Vec<Order> =
            state.finished.keys().filter(|key| key.starts_with(order)).cloned().collect();
        for key in gone {
            if let Some(done) = state.finished.remove(&key) {
                state.weight = state.weight.saturating_sub(done.weight());
            }
        }
        // Files before this one are done, so only their own members can still come.
        let file = order[0];
        state.dropped.retain(|dropped| dropped[0] >= file);
        state.dropped.push(order.clone());
    }

    /// Lets everybody go home.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.work.notify_all();
        self.done.notify_all();
    }
}

impl State {
    fn is_dropped(&self, order: &Order) -> bool {
        self.dropped.iter().any(|dropped| order.len() > dropped.len() && order.starts_with(dropped))
    }
}
