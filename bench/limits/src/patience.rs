//! How a thread waits that found the queue full or empty, by the names that the other peers use.

use std::hint;
use std::thread;

use crossbeam_channel::{Receiver, Sender, TryRecvError, TrySendError};

#[derive(Clone, Copy)]
pub(crate) enum Patience {
    /// Tries again until it succeeds, after so many pauses of the processor.
    Try(u32),
    /// As before, giving the core away in between.
    Yield,
    /// Tries so many times, then blocks in crossbeam.
    Block(u32),
}

impl Patience {
    pub(crate) fn new(wait: &str, backoff: &str) -> Self {
        match (wait, backoff) {
            ("block", "none") => Self::Block(0),
            ("block", "short") => Self::Block(100),
            ("block", "long") => Self::Block(2000),
            ("block", "nap") => Self::Block(20_000),
            ("try", "none") => Self::Try(0),
            ("try", "short") => Self::Try(16),
            ("try", "long") => Self::Try(128),
            ("try", "nap") => Self::Yield,
            _ => panic!("expected a way to wait, received {wait} and {backoff}"),
        }
    }

    /// Sends; panics when all receivers are gone, which only a bug in the measuring explains.
    pub(crate) fn send<T>(self, tx: &Sender<T>, message: T) {
        let mut message = message;
        let mut tries = 0;
        loop {
            message = match tx.try_send(message) {
                Ok(()) => return,
                Err(TrySendError::Full(message)) => message,
                Err(TrySendError::Disconnected(_)) => panic!("no receiver is left"),
            };
            if self.gives_up(tries) {
                return tx.send(message).expect("a receiver is left");
            }
            tries += 1;
            self.pause();
        }
    }

    /// The next message, or `None` when all senders are gone and the queue is empty.
    pub(crate) fn receive<T>(self, rx: &Receiver<T>) -> Option<T> {
        let mut tries = 0;
        loop {
            match rx.try_recv() {
                Ok(message) => return Some(message),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            if self.gives_up(tries) {
                return rx.recv().ok();
            }
            tries += 1;
            self.pause();
        }
    }

    fn gives_up(self, tries: u32) -> bool {
        matches!(self, Self::Block(most) if tries >= most)
    }

    fn pause(self) {
        match self {
            Self::Try(rounds) => (0..rounds).for_each(|_| hint::spin_loop()),
            Self::Yield => thread::yield_now(),
            Self::Block(_) => hint::spin_loop(),
        }
    }
}
