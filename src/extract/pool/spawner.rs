//! A thread that does nothing but start workers.
//!
//! A worker asks the kernel to be killed when its parent dies, and "parent" means the *thread*
//! that started it. Callers of the pool come and go; this thread lives as long as the pool.

use super::process::Worker;
use crate::extract::Limits;
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

type Reply = Sender<io::Result<Worker>>;

pub(super) struct Spawner {
    /// `None` only while being dropped.
    orders: Option<Mutex<Sender<Reply>>>,
    thread: Option<JoinHandle<()>>,
}

impl Spawner {
    pub fn new(worker: PathBuf, limits: Limits) -> io::Result<Self> {
        let (orders, inbox) = channel::<Reply>();
        let thread = std::thread::Builder::new().name("workers".to_owned()).spawn(move || {
            for reply in inbox {
                // The asker may have given up meanwhile: the worker is dropped, that is, ended.
                let _ = reply.send(Worker::start(&worker, &limits));
            }
        })?;
        Ok(Spawner { orders: Some(Mutex::new(orders)), thread: Some(thread) })
    }

    pub fn spawn(&self) -> io::Result<Worker> {
        let gone = || io::Error::other("the thread that starts workers is gone");
        let (reply, answer) = channel();
        let orders = self.orders.as_ref().ok_or_else(gone)?;
        let orders = orders.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        orders.send(reply).map_err(|_| gone())?;
        drop(orders);
        let mut worker = answer.recv().map_err(|_| gone())??;
        worker.greet()?;
        Ok(worker)
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // It holds no lock and cannot panic in a way that matters here.
            let _ = thread.join();
        }
    }
}
