//! The interleavings of two or three threads, all of them up to a bound, over the queue of
//! `flavors/model.rs`. Run by `RUSTFLAGS="--cfg loom" cargo test -p millrace-core --release --test loom`.
//!
//! `npm run test:mutants` shows that they see what they are there for: it takes each ordering and each second
//! look out of a copy of the core, one at a time, and demands that the models named beside it in
//! `scripts/mutants/rows.mjs` fail. Run the rows that concern a change to any of them.
//!
//! Not to be caught here: the looks at the phase in `meet_receive` and `pair_waits` (whoever closes takes
//! the waits out under the same lock, so they decide only between "full" and "closed"),
//! `Environment::post` after `shut`, and what it answers (a wait that was let go gives its message back
//! either way; the law of the shut environment fails), and AcqRel on `rung` (the ready list's lock orders
//! the same).
#![cfg(loom)]
#![expect(clippy::unwrap_used, reason = "a model that cannot go on is broken")]

#[cfg(shuttle)]
extern crate shuttle as loom;

#[path = "loom/broadcast.rs"]
mod broadcast;
#[path = "loom/calls.rs"]
mod calls;
#[path = "loom/closing.rs"]
mod closing;
#[path = "loom/crossing.rs"]
mod crossing;
#[path = "loom/ending.rs"]
mod ending;
#[path = "loom/latest.rs"]
mod latest;
#[path = "loom/leasing.rs"]
mod leasing;
#[path = "loom/packing.rs"]
mod packing;
#[path = "loom/ringing.rs"]
mod ringing;
#[path = "loom/waking.rs"]
mod waking;

#[path = "loom/pairing.rs"]
mod pairing;

use std::sync::Arc;

use millrace_core::{
    AnyEnd, Environment, Flavor, Message, Outcome, Patience, Pending, Pool, Received, Receiver, Sender,
    Settings, Stats, Tickets, TryRecvError, channel,
};

/// Explores interleavings by chance, so many as `SHUTTLE_ITERATIONS` says.
#[cfg(shuttle)]
fn explore(_: usize, model: impl Fn() + Sync + Send + 'static) {
    let iterations = std::env::var("SHUTTLE_ITERATIONS").map_or(Ok(1000), |count| count.parse());
    shuttle::check_random(model, iterations.unwrap());
}

/// Explores every interleaving that takes a processor away from a thread at most so often.
#[cfg(not(shuttle))]
fn explore(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(model);
}

/// A channel with its sender in one environment and its receiver in another.
fn stage(flavor: Flavor) -> (Arc<Environment>, Sender, Arc<Environment>, Receiver) {
    let (near, far) = (Environment::new(|| ()), Environment::new(|| ()));
    let (tx, rx) = channel(flavor, Settings::default(), &near).unwrap();
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Receiver(rx), near.id(), false);
    let rx = receiver(tickets.redeem(&[name], &far).unwrap().remove(0));
    (near, tx, far, rx)
}

fn receiver(end: AnyEnd) -> Receiver {
    match end {
        AnyEnd::Receiver(receiver) => receiver,
        _ => unreachable!("a receiver's ticket makes a receiver"),
    }
}

fn message(number: u8) -> Message {
    Message::new(&Pool::new(), &[number][..]).unwrap()
}

fn number(message: &Message) -> u8 {
    message.as_slice()[0]
}

fn get(rx: &Receiver) -> Result<u8, TryRecvError> {
    rx.try_recv().map(|message| number(&message))
}

fn drain(rx: &Receiver) -> Vec<u8> {
    std::iter::from_fn(|| get(rx).ok()).collect()
}

fn wait(rx: &Receiver) -> Pending {
    match rx.recv_or_wait(0, true) {
        Ok(Received::Pending(pending)) => pending,
        _ => unreachable!("a receive that must be told is registered"),
    }
}

fn got(pending: &Pending) -> Option<u8> {
    pending.take().map(|outcome| match outcome {
        Outcome::Received(message) => number(&message),
        other => panic!("a receive settled with {other:?}"),
    })
}

fn endless(pulse: &mut dyn FnMut() -> bool) -> Patience<'_> {
    Patience { deadline: None, pulse }
}

fn assert_balanced(stats: &Stats) {
    assert_eq!(stats.sent, stats.received + stats.discarded + stats.length as u64, "{stats:?}");
}
