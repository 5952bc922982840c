//! Using what another thread takes away: rings against the end of the loop that is rung.

use std::ptr::NonNull;
use std::sync::Arc;

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread;
use millrace_core::Revocable;

use crate::explore;

/// A bell whose parts can be seen in any order, as those of plain memory: only `rope` orders them.
#[derive(Default)]
struct Bell {
    rope: Revocable<()>,
    made: AtomicBool,
    taken_down: AtomicBool,
    rung: AtomicUsize,
}

impl Bell {
    fn ring(&self) -> bool {
        let ring = |_| {
            assert!(self.made.load(Ordering::Relaxed), "found before it was made");
            assert!(!self.taken_down.load(Ordering::Relaxed), "rung after it was taken down");
            self.rung.fetch_add(1, Ordering::Relaxed);
        };
        self.rope.with(ring).is_some()
    }

    fn hang(&self) {
        self.made.store(true, Ordering::Relaxed);
        self.rope.provide(NonNull::dangling());
    }

    /// How often it was rung.
    fn take_down(&self) -> usize {
        assert!(self.rope.revoke().is_some());
        self.taken_down.store(true, Ordering::Relaxed);
        self.rung.load(Ordering::Relaxed)
    }
}

#[test]
fn a_ring_against_the_taking_down_is_over_by_then_or_finds_nothing() {
    explore(5, || {
        let bell = Arc::new(Bell::default());
        bell.hang();
        let ringing: Vec<_> = [1, 2]
            .map(|_| {
                let bell = Arc::clone(&bell);
                thread::spawn(move || bell.ring())
            })
            .into();
        let rung = bell.take_down();
        assert!(!bell.ring() && bell.rope.revoke().is_none(), "taken down");
        let heard = ringing.into_iter().map(|ringing| ringing.join().unwrap()).filter(|heard| *heard).count();
        assert_eq!(rung, heard);
    });
}

#[test]
fn who_finds_a_bell_finds_it_whole() {
    explore(5, || {
        let bell = Arc::new(Bell::default());
        let ringing = {
            let bell = Arc::clone(&bell);
            thread::spawn(move || bell.ring())
        };
        bell.hang();
        let heard = ringing.join().unwrap();
        assert_eq!(bell.take_down(), usize::from(heard));
    });
}
