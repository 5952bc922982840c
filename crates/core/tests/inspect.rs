//! What a process shows of its open channels, and what a thread is told of those that close in it. A test of its own
//! process, because all of it is listed.
#![cfg(not(loom))]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use millrace_core::{
    AnyEnd, ClosedChannel, Environment, Flavor, Holder, Sent, Settings, Side, Tickets, channel, name_thread,
    next_closed, open_channels, unwatch, watch,
};

fn labelled(label: &str) -> Settings {
    Settings { label: Some(label.into()), ..Settings::default() }
}

#[test]
fn the_process_shows_what_is_open_and_a_thread_is_told_what_closes_in_it() {
    let rung = Arc::new(AtomicUsize::new(0));
    let rings = Arc::clone(&rung);
    let environment = Environment::new(move || {
        rings.fetch_add(1, Ordering::SeqCst);
    });
    name_thread(environment.id(), 7);
    every_open_channel_is_listed_with_its_ends(&environment);
    a_closed_channel_is_told_once_where_it_closed(&environment, &rung);
    environment.shut();
}

fn every_open_channel_is_listed_with_its_ends(environment: &Arc<Environment>) {
    assert_eq!(open_channels(), []);
    let (tx, rx) = channel(Flavor::Bounded(2), labelled("first"), environment).expect("memory and room");
    let (other_tx, other_rx) =
        channel(Flavor::Unbounded, Settings::default(), environment).expect("memory and room");
    tx.try_send(tx.message(&b"abc"[..]).expect("memory and room")).expect("memory and room");
    tx.snapshot().made_at("here");

    let listed = open_channels();
    let labels: Vec<_> = listed.iter().map(|open| open.label.as_deref()).collect();
    assert_eq!(labels, [Some("first"), None], "in the order in which they were made");
    let [first, _] = &listed[..] else { panic!("two") };
    assert_eq!(first.stats, tx.snapshot().stats());
    assert_eq!(first.capacity(), Some(2));
    let sides: Vec<_> = first.ends.iter().map(|end| (end.side, end.holder, end.made_at.as_deref())).collect();
    let thread = Holder::Thread(7);
    assert_eq!(sides, [(Side::Sender, thread, Some("here")), (Side::Receiver, thread, None)]);
    let text = "bounded(2) 'first', 1 queued, 0 sends and 0 receives waiting\n  sender, in thread 7\n    here\n  receiver, in thread 7";
    assert_eq!(first.to_string(), text);

    // An end in flight is nobody's.
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Receiver(other_rx), environment.id(), false);
    assert_eq!(open_channels()[1].ends[1].holder, Holder::Ticket);
    tickets.revoke(&[name]);
    assert_eq!(open_channels()[1].ends.len(), 1);
    drop(other_tx);
    drop(tx);
    assert_eq!(open_channels().len(), 1, "closed for its sender, and still to be drained");
    drop(rx);
    assert_eq!(open_channels(), []);
}

fn a_closed_channel_is_told_once_where_it_closed(environment: &Arc<Environment>, rung: &Arc<AtomicUsize>) {
    let closed = |label: &str, flavor, by| ClosedChannel { flavor, label: Some(label.into()), by };
    let bounded = Flavor::Bounded(1);
    let make = |label: &str| channel(bounded, labelled(label), environment).expect("memory and room");
    drop(make("nobody watches"));
    assert_eq!(next_closed(), None);

    watch(environment);
    let before = rung.load(Ordering::SeqCst);
    let (tx, rx) = make("ended");
    tx.end();
    drop((tx, rx));
    drop(make("left").1);
    assert_eq!(rung.load(Ordering::SeqCst), before + 2, "the bell says that there is something to tell");
    assert_eq!(next_closed(), Some(closed("ended", bounded, Side::Sender)));
    assert_eq!(next_closed(), Some(closed("left", bounded, Side::Receiver)));
    assert_eq!(next_closed(), None);

    // What another thread closes is not told here.
    let (tx, rx) = make("elsewhere");
    thread::spawn(move || drop(tx)).join().expect("memory and room");
    assert_eq!(next_closed(), None);
    drop(rx);

    // An end that left while its send was pending goes when that settles, wherever that is.
    let (tx, rx) = make("held up");
    tx.try_send(tx.message(&b"1"[..]).expect("memory and room")).expect("memory and room");
    let Ok(Sent::Pending(pending)) = tx.send_or_wait(tx.message(&b"2"[..]).expect("memory and room"), 1)
    else {
        panic!("full")
    };
    drop(tx);
    assert_eq!(next_closed(), None);
    assert!(rx.try_recv().is_ok());
    assert_eq!(next_closed(), Some(closed("held up", bounded, Side::Sender)));
    drop((pending, rx));

    unwatch(environment.id());
    drop(make("nobody watches any more"));
    assert_eq!(next_closed(), None);
}
