//! The interleavings of two or three threads, all of them up to a bound, over the queue of
//! `flavors/model.rs`. Run by `RUSTFLAGS="--cfg loom" cargo test -p millrace-core --release --test loom`.
//!
//! Each line below was taken out by hand, was seen to fail at least the models named beside it, and was
//! put back. Do so again after a change to any of them.
//!
//! | taken out | fails |
//! | --- | --- |
//! | the fence in `End::enter` | send against end, cancel and the last receiver; waiting against end |
//! | the fence in `Channel::quiet` | send against cancel, and against the last receiver |
//! | the wait for busy ends in `Channel::quiet`; Release in `End::leave`; Acquire in `await_quiet` | send against end, cancel and the last receiver; waiting against end |
//! | the look at the phase in `Sender::try_send` | send against end, cancel and the last receiver; the last ticket |
//! | `Receiver::last_message`, or its `quiet` | send against end |
//! | `quiet`, or the second `hand_messages`, in `finish_receives` | waiting against end |
//! | `quiet` in `discard_refused` | send against cancel, and against the last receiver |
//! | counting before `End::leave` in `Sender::try_send` | the figures once cancel answers |
//! | the fence in `Channel::pushed` | push reaches, and rings for, a receive being registered |
//! | the fence in `Channel::popped` | pop makes room; drained hears of the last pop |
//! | the fence, or the first `show_waits`, in `Channel::change` | push reaches and rings; pop makes room; drained |
//! | the take in `Waiter::listen` | push rings for a wait being registered; drained hears of the last pop |
//! | "and nothing claimed it" in `Waiter::cancel` | every model of an abort, teardown, wake passed on |
//! | giving back in `Pending::drop` | a wake is passed on |
//! | `put_first` of what a gone wait would have got, in `hand_messages` | message against a teardown |
//! | looking at what was returned, in `hand_messages` | message against a teardown; a wake is passed on |
//! | the unpark in `Waiter::wake`; `wake: !quiet` in `Waiter::claim` | every model with a blocked thread |
//! | one lock over look and removal in `Tickets::redeem`; the removal in `revoke` | the last ticket |
//! | the store before the look in `Environment::set_polling` | what settles while polling ends |
//! | the clearing in `Environment::answer` | what is posted while the bell is answered |
//! | `quiet` in `Channel::go_packed` | a send in flight and a pack share one capacity |
//! | the second look at the queue, in `Channel::take` | what was sent before going packed |
//! | the look for waits in `Sender::push_pack` | a pack reaches a receive being registered |
//! | waiting for busy ends in `settle_drains` | drained counts the pushes under way |
//! | the look at the receive's state in `Waiter::claim_pair` | a receive claimed elsewhere |
//! | the look at the send's state in `Waiter::claim_pair` | a send claimed elsewhere |
//! | the look at the state in `Waiter::claim` | one channel alone claims a select; every model of a select claimed elsewhere |
//! | the order of the two locks in `Waiter::claim_pair` | selects over two rendezvous cross |
//! | passing over the own send of a select in `Channel::pair` | a select of both sides meets others |
//! | `pair_waits` in `Channel::settle`; `wake_receive` and `wake_send` in `Channel::pair` | a blocking end meets an awaiting one |
//! | going on to the next receive in `meet_receive` | a message for a select claimed elsewhere |
//! | what `listen` answers in select's `register` | a push reaches a select being registered; the crossing selects |
//! | "and nothing claimed it" in `PendingSelect::cancel` | a select that is given up |
//!
//! Not to be caught here: the looks at the phase in `meet_receive` and `pair_waits` (whoever closes takes
//! the waits out under the same lock, so they decide only between "full" and "closed"),
//! `Environment::post` after `shut`, and what it answers (a wait that was let go gives its message back
//! either way; the law of the shut environment fails), and AcqRel on `rung` (the ready list's lock orders
//! the same).
#![cfg(loom)]
#![expect(clippy::unwrap_used, reason = "a model that cannot go on is broken")]

#[path = "loom/closing.rs"]
mod closing;
#[path = "loom/crossing.rs"]
mod crossing;
#[path = "loom/ending.rs"]
mod ending;
#[path = "loom/latest.rs"]
mod latest;
#[path = "loom/packing.rs"]
mod packing;
#[path = "loom/waking.rs"]
mod waking;

#[path = "loom/pairing.rs"]
mod pairing;

use std::sync::Arc;

use millrace_core::{
    AnyEnd, Environment, Flavor, Message, Outcome, Patience, Pending, Pool, Received, Receiver, Sender,
    Settings, Stats, Tickets, TryRecvError, channel,
};

/// Explores every interleaving that takes a processor away from a thread at most so often.
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
