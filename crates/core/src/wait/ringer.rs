//! Waking several at once: a call of the system for each, which takes longer than all that was done for them, and may
//! give the processor to one of them meanwhile. So whoever has several to wake wakes one thread, which wakes them.
//!
//! ```text
//!   any thread:  one is asleep -> wake it
//!                several -> list them -> is the ringer asleep? wake it
//!   the ringer:  wakes what is listed -> sleeps -> (nothing for ten seconds) ends
//! ```

use std::sync::Arc;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::wait::Waiter;

/// The ringer ends when there was nothing for it to do for so long.
const IDLE: Duration = Duration::from_secs(10);

struct Work {
    listed: Vec<Arc<Waiter>>,
    is_running: bool,
    /// It waits for `CALLED`, and nobody has called yet.
    is_asleep: bool,
}

static WORK: Mutex<Work> = Mutex::new(Work { listed: Vec::new(), is_running: false, is_asleep: false });
static CALLED: Condvar = Condvar::new();

/// Wakes those who were claimed, outside of every lock; some may be awake a little later than this returns.
pub(crate) fn wake(mut claimed: Vec<Arc<Waiter>>) {
    claimed.retain(|waiter| waiter.is_to_be_woken());
    match &claimed[..] {
        [] => {}
        [one] => one.wake(),
        // loom knows its own threads only.
        _ if cfg!(loom) => wake_all(claimed),
        _ => hand_over(claimed),
    }
}

fn hand_over(claimed: Vec<Arc<Waiter>>) {
    let mut work = WORK.lock().unwrap_or_else(PoisonError::into_inner);
    work.listed.extend(claimed);
    if std::mem::replace(&mut work.is_running, true) {
        let is_asleep = std::mem::take(&mut work.is_asleep);
        drop(work);
        if is_asleep {
            CALLED.notify_one();
        }
        return;
    }
    let started = std::thread::Builder::new().name("millrace-ringer".into()).stack_size(128 << 10).spawn(run);
    if started.is_err() {
        work.is_running = false;
        let listed = std::mem::take(&mut work.listed);
        drop(work);
        wake_all(listed);
    }
}

fn wake_all(claimed: Vec<Arc<Waiter>>) {
    for waiter in claimed {
        waiter.wake();
    }
}

fn run() {
    let mut work = WORK.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        while !work.listed.is_empty() {
            let listed = std::mem::take(&mut work.listed);
            drop(work);
            wake_all(listed);
            work = WORK.lock().unwrap_or_else(PoisonError::into_inner);
        }
        work.is_asleep = true;
        let (woken, waited) = CALLED.wait_timeout(work, IDLE).unwrap_or_else(PoisonError::into_inner);
        work = woken;
        let is_idle = std::mem::take(&mut work.is_asleep) && waited.timed_out();
        if is_idle && work.listed.is_empty() {
            work.is_running = false;
            return;
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::wait::Wake;

    /// A thread that blocks is looked at every 20 ms by itself: here nobody but the ringer ends the parking.
    #[test]
    fn blocked_threads_are_woken_as_well() {
        let waiter = || Waiter::new(Wake::Thread(thread::current()));
        let (began, most) = (Instant::now(), Duration::from_secs(60));
        wake(vec![waiter(), waiter()]);
        thread::park_timeout(most);
        assert!(began.elapsed() < most, "nobody has woken it");
    }
}
