//! The registry counts what is open and is back at zero when all has gone. A test of its own process,
//! because the counts are the process's.
#![cfg(not(loom))]

use millrace_core::{AnyEnd, Environment, Flavor, Registry, Settings, Tickets, channel, registry};

#[test]
fn the_registry_counts_what_is_open() {
    let counts = |channels, ends, environments| Registry { channels, ends, environments };
    assert_eq!(registry(), counts(0, 0, 0));
    let environment = Environment::new(|| ());
    let (tx, rx) = channel(Flavor::Bounded(1), Settings::default(), &environment).unwrap();
    let (other_tx, other_rx) = channel(Flavor::Unbounded, Settings::default(), &environment).unwrap();
    assert_eq!(registry(), counts(2, 4, 1));
    let second = tx.another();
    assert_eq!(registry(), counts(2, 5, 1));
    drop((tx, rx));
    assert_eq!(registry(), counts(2, 3, 1));
    drop(second);
    assert_eq!(registry(), counts(1, 2, 1));

    // A ticket is an end.
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Receiver(other_rx), environment.id(), false);
    drop(other_tx);
    assert_eq!(registry(), counts(1, 1, 1));
    assert_eq!(tickets.revoke(&[name]), 1);
    environment.shut();
    assert_eq!(registry(), counts(0, 0, 0));
}
