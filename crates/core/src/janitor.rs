//! Work that waits for a time: one thread of the process, started when there is some, ended when
//! there is none. It releases forgotten tickets, trims idle pools and frees long queues in steps.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

type Job = Box<dyn FnOnce() + Send>;

struct Agenda {
    /// By time, and by order of arrival within one.
    jobs: BTreeMap<(Instant, u64), Job>,
    arrivals: u64,
    running: bool,
}

static AGENDA: Mutex<Agenda> = Mutex::new(Agenda { jobs: BTreeMap::new(), arrivals: 0, running: false });
static CHANGED: Condvar = Condvar::new();

/// Does `job` at `time` or a little later. When no thread can be started, does it here and now.
pub(crate) fn schedule(time: Instant, job: Job) {
    let mut agenda = AGENDA.lock().unwrap_or_else(PoisonError::into_inner);
    let place = (time, agenda.arrivals);
    agenda.arrivals += 1;
    agenda.jobs.insert(place, job);
    if agenda.running {
        drop(agenda);
        CHANGED.notify_one();
        return;
    }
    agenda.running = true;
    let started = thread::Builder::new().name("millrace-janitor".into()).stack_size(128 << 10).spawn(work);
    if started.is_err() {
        agenda.running = false;
        let job = agenda.jobs.remove(&place);
        drop(agenda);
        if let Some(job) = job {
            job();
        }
    }
}

fn work() {
    let mut agenda = AGENDA.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let now = Instant::now();
        let Some(next) = agenda.jobs.first_entry() else {
            agenda.running = false;
            return;
        };
        let time = next.key().0;
        if time > now {
            let waited = CHANGED.wait_timeout(agenda, time - now);
            agenda = waited.unwrap_or_else(PoisonError::into_inner).0;
            continue;
        }
        let job = next.remove();
        drop(agenda);
        // A job that panics is given up; those after it are not.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
        agenda = AGENDA.lock().unwrap_or_else(PoisonError::into_inner);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn jobs_run_in_the_order_of_their_times() {
        let (tx, rx) = mpsc::channel();
        let start = Instant::now();
        // Nothing is done until all are scheduled, however long that takes.
        let (go, gate) = mpsc::channel();
        schedule(start, Box::new(move || gate.recv().unwrap()));
        for delay in [30, 10, 20] {
            let tx = tx.clone();
            schedule(start + Duration::from_millis(delay), Box::new(move || tx.send(delay).unwrap()));
        }
        drop(tx);
        go.send(()).unwrap();
        assert_eq!(rx.iter().collect::<Vec<_>>(), [10, 20, 30]);
        assert!(start.elapsed() >= Duration::from_millis(30));
    }
}
