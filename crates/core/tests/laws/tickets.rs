//! Laws of tickets: ends in flight between threads.

use std::time::{Duration, Instant};

use millrace_core::{AnyEnd, Flavor, Receiver, Sender, TicketName, Tickets, TryRecvError, UnknownTicket};

use super::stage::{EventLoop, Stage, drain, get, pass, put};

fn redeem_sender(tickets: &Tickets, name: TicketName, by: &EventLoop) -> Sender {
    match tickets.redeem(&[name], &by.environment).unwrap().remove(0) {
        AnyEnd::Sender(sender) => sender,
        _ => panic!("a sender's ticket made another end"),
    }
}

fn counts(receiver: &Receiver) -> (usize, usize, usize) {
    let stats = receiver.snapshot().stats();
    (stats.senders, stats.receivers, stats.tickets)
}

pub(crate) fn a_ticket_is_redeemed_once(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let queued = u64::from(put(&tx, 1).is_ok());
    let name = tickets.make(AnyEnd::Sender(tx), near.environment.id(), false);
    let tx = redeem_sender(&tickets, name, &far);
    assert!(tickets.is_empty());
    let again = tickets.redeem(&[name], &far.environment);
    assert_eq!(again.err(), Some(UnknownTicket { index: 0 }));
    assert_eq!(tickets.redeem(&[name ^ 1], &far.environment).err(), Some(UnknownTicket { index: 0 }));
    assert_eq!(drain(&rx).len() as u64, queued);
    // It settles in its new environment from now on, and what it counted came along.
    pass(&tx, &rx, 2);
    assert_eq!(rx.snapshot().stats().sent, queued + 1);
    assert_eq!(counts(&rx), (1, 1, 0));
}

pub(crate) fn tickets_are_redeemed_all_or_none(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let maker = near.environment.id();
    let good = tickets.make(AnyEnd::Sender(tx), maker, false);
    let other = tickets.make(AnyEnd::Receiver(rx.another()), maker, false);
    for (names, index) in [(vec![good, 1, other], 1), (vec![good, other, good], 2)] {
        assert_eq!(tickets.redeem(&names, &far.environment).err(), Some(UnknownTicket { index }));
        assert_eq!(tickets.len(), 2);
        assert_eq!(counts(&rx), (1, 2, 2));
    }
    let ends = tickets.redeem(&[other, good], &far.environment).unwrap();
    assert!(matches!(ends[..], [AnyEnd::Receiver(_), AnyEnd::Sender(_)]));
    assert_eq!(counts(&rx), (1, 2, 0));
}

pub(crate) fn a_reusable_ticket_makes_an_end_each_time(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let name = tickets.make(AnyEnd::Sender(tx), near.environment.id(), true);
    let made = [redeem_sender(&tickets, name, &near), redeem_sender(&tickets, name, &far)];
    assert_eq!(counts(&rx), (3, 1, 1));
    for sender in &made {
        pass(sender, &rx, 1);
    }
    drop(made);
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    assert_eq!(tickets.revoke(&[name]), 1);
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
    assert!(tickets.redeem(&[name], &far.environment).is_err());
}

pub(crate) fn revoking_counts_what_it_released(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let make = || tickets.make(AnyEnd::Sender(tx.another()), near.environment.id(), false);
    let names = [make(), make(), make()];
    let redeemed = redeem_sender(&tickets, names[1], &far);
    assert_eq!(tickets.revoke(&names), 2);
    assert_eq!(tickets.revoke(&names), 0);
    assert_eq!(counts(&rx), (2, 1, 0));
    pass(&redeemed, &rx, 1);
}

pub(crate) fn a_ticket_counts_as_an_end(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let queued = u64::from(put(&tx, 1).is_ok());
    let sender = tickets.make(AnyEnd::Sender(tx), near.environment.id(), false);
    assert_eq!(counts(&rx), (1, 1, 1));
    assert_eq!(drain(&rx).len() as u64, queued);
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    assert_eq!(tickets.revoke(&[sender]), 1);
    assert_eq!(get(&rx), Err(TryRecvError::Closed));

    let Stage { tx, rx, .. } = Stage::new(flavor);
    let queued = u64::from(put(&tx, 1).is_ok());
    let receiver = tickets.make(AnyEnd::Receiver(rx), far.environment.id(), false);
    assert!(!tx.snapshot().is_closed());
    assert_eq!(tickets.revoke(&[receiver]), 1);
    assert!(tx.snapshot().is_closed());
    assert_eq!(tx.snapshot().stats().discarded, queued);
}

pub(crate) fn an_orphaned_ticket_expires(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let other = tx.another();
    let orphan = tickets.make(AnyEnd::Sender(tx), near.environment.id(), false);
    let rescued = tickets.make(AnyEnd::Sender(other.another()), near.environment.id(), false);
    let kept = tickets.make(AnyEnd::Sender(other), far.environment.id(), false);
    let (now, second) = (Instant::now(), Duration::from_secs(1));
    assert!(tickets.orphan(near.environment.id(), now + 5 * second));
    assert!(!tickets.orphan(0, now), "nobody's tickets");
    tickets.expire(now + 4 * second);
    assert_eq!(tickets.len(), 3);
    drop(redeem_sender(&tickets, rescued, &far));
    tickets.expire(now + 5 * second);
    assert_eq!(tickets.len(), 1);
    assert!(tickets.redeem(&[orphan], &far.environment).is_err());
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    tickets.expire(now + 60 * second);
    assert_eq!(tickets.revoke(&[kept]), 1, "its maker lives");
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
}

pub(crate) fn an_orphaned_reusable_ticket_goes_at_once(flavor: Flavor) {
    let (tickets, Stage { near, far, tx, rx }) = (Tickets::new(), Stage::new(flavor));
    let name = tickets.make(AnyEnd::Sender(tx), near.environment.id(), true);
    let made = redeem_sender(&tickets, name, &far);
    assert!(!tickets.orphan(near.environment.id(), Instant::now() + Duration::from_secs(5)));
    assert!(tickets.is_empty());
    assert_eq!(counts(&rx), (1, 1, 0));
    pass(&made, &rx, 1);
    drop(made);
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
}
