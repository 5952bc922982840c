//! Laws of batches: many messages accepted in one step, and received one by one or in runs.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use millrace_core::{
    Closed, Flavor, Outcome, Receiver, SendError, Sender, Sent, Settings, Source, TryRecvError, channel, span,
};

use super::stage::{
    EventLoop, Stage, assert_balanced, drain, endless, fill, get, message, number, pack, put, until_stats,
    wait_send, within,
};

/// How many messages a law sends where any number will do.
fn some(tx: &Sender, at_most: u64) -> u64 {
    tx.snapshot().capacity().map_or(at_most, |capacity| at_most.min(capacity as u64))
}

/// Takes a run of at most `max` numbers.
fn get_run(rx: &Receiver, max: usize, room: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    let count = rx.try_recv_run(max, room, true, |run| {
        assert_eq!(span(run.lengths), run.bytes.len());
        numbers.extend(run.bytes.chunks(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap())));
    });
    assert_eq!(count, numbers.len());
    numbers
}

pub(crate) fn what_was_sent_before_the_first_batch_comes_first(flavor: Flavor) {
    let near = EventLoop::new();
    let (tx, rx) = channel(flavor, Settings::default(), &near.environment).unwrap();
    let half = some(&tx, 20) / 2;
    let packed = (some(&tx, 20) - half).min(2);
    for number in 0..half {
        tx.try_send(message(&tx, number)).unwrap();
    }
    assert!(!rx.is_packed());
    tx.begin_batches();
    assert!(rx.is_packed());
    assert_eq!(tx.try_send_batch(pack(&tx, half..half + packed)), Ok(packed as usize));
    assert_eq!(rx.snapshot().len() as u64, half + packed);
    // A run is not taken before what is older.
    let mut came = get_run(&rx, 100, 4096);
    assert_eq!(came.is_empty(), half > 0);
    came.extend(drain(&rx));
    assert_eq!(came, (0..half + packed).collect::<Vec<_>>());
}

pub(crate) fn packs_and_messages_keep_their_order(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let (mut next_in, mut expected) = (0, VecDeque::new());
    for round in 0..300_u64 {
        let count = 1 + round % some(&tx, 9);
        let sent = if round % 3 == 0 {
            u64::from(tx.try_send(message(&tx, next_in)).is_ok())
        } else {
            tx.try_send_batch(pack(&tx, next_in..next_in + count)).unwrap() as u64
        };
        expected.extend(next_in..next_in + sent);
        next_in += sent;
        let taken = match round % 4 {
            0 => Vec::new(),
            1 => get(&rx).into_iter().collect(),
            _ => get_run(&rx, round as usize % 6, 4096),
        };
        for number in taken {
            assert_eq!(expected.pop_front(), Some(number));
        }
        assert_eq!(rx.snapshot().len(), expected.len());
        assert_balanced(&rx.snapshot().stats());
    }
    assert_eq!(expected, drain(&rx));
    assert!(next_in > 100);
}

pub(crate) fn what_a_receiver_leaves_of_a_pack_is_the_next_ones(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let count = some(&tx, 64);
    let other = rx.another();
    assert_eq!(tx.try_send_batch(pack(&tx, 0..count)), Ok(count as usize));
    let first = get_run(&rx, 3, 4096);
    assert_eq!(first, (0..count.min(3)).collect::<Vec<_>>());
    drop(rx);
    assert_eq!(other.snapshot().len() as u64, count - first.len() as u64);
    assert_eq!(drain(&other), (first.len() as u64..count).collect::<Vec<_>>());
    assert_balanced(&other.snapshot().stats());
}

pub(crate) fn a_run_goes_where_there_is_room_for_it(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let count = some(&tx, 5);
    tx.try_send_batch(pack(&tx, 0..count)).unwrap();
    assert!(get_run(&rx, 9, 7).is_empty());
    assert_eq!(get_run(&rx, 9, 15), [0]);
    assert_eq!(get_run(&rx, 9, 16), (1..count.min(3)).collect::<Vec<_>>());
    assert_eq!(get_run(&rx, 9, 4096), (3..count.max(3)).collect::<Vec<_>>());
    assert!(get_run(&rx, 9, 4096).is_empty());
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
}

pub(crate) fn messages_of_every_length_come_out_of_a_pack(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let lengths = [0, 1, 7, 8, 9, 64, 65, 0, 1000, 4096, 3];
    let lengths = &lengths[..lengths.len().min(some(&tx, 100) as usize)];
    let mut bytes = Vec::new();
    for (index, length) in lengths.iter().enumerate() {
        bytes.resize(bytes.len().next_multiple_of(8), 0xff);
        bytes.resize(bytes.len() + *length as usize, index as u8 + 1);
    }
    let batch = tx.pack(Source::from(&bytes[..]), lengths.to_vec()).unwrap();
    assert_eq!(tx.try_send_batch(batch), Ok(lengths.len()));
    let queued: u32 = lengths.iter().sum();
    assert_eq!(rx.snapshot().stats().bytes, u64::from(queued));
    for (index, length) in lengths.iter().enumerate() {
        let message = rx.try_recv().unwrap();
        assert_eq!(message.as_slice(), vec![index as u8 + 1; *length as usize]);
    }
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn discarded_packs_are_counted_by_message(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let count = some(&tx, 50);
    tx.try_send_batch(pack(&tx, 0..count)).unwrap();
    let taken = get_run(&rx, count as usize / 2, 4096).len() as u64;
    assert_eq!(rx.cancel(), count - taken);
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.discarded), (count, taken, count - taken));
    assert_eq!((stats.length, stats.bytes), (0, 0));
    assert_eq!(tx.try_send_batch(pack(&tx, [1])), Err(Closed));
    assert!(matches!(tx.send_batch_or_wait(pack(&tx, [1]), 0), Err(SendError::Closed(_))));
}

pub(crate) fn a_pack_is_accepted_whole_or_not_at_all(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    assert_eq!(get(&rx), Ok(0));
    assert!(tx.may_take(1) && !tx.may_take(2));
    assert_eq!(tx.try_send_batch(pack(&tx, [100, 101])), Ok(0));
    assert_eq!(rx.snapshot().len() as u64, filled - 1);
    assert_eq!(get(&rx), Ok(1));
    assert_eq!(tx.try_send_batch(pack(&tx, [100, 101])), Ok(2));
    assert!(tx.snapshot().is_full());
    assert_eq!(drain(&rx), (2..filled).chain([100, 101]).collect::<Vec<_>>());
}

pub(crate) fn a_pending_pack_keeps_its_place(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let other = tx.another();
    let filled = fill(&tx);
    let Ok(Sent::Pending(pending)) = tx.send_batch_or_wait(pack(&tx, [100, 101]), 7) else {
        panic!("there was room");
    };
    // The pack waits as one send, and what comes later waits behind it.
    let behind = wait_send(&other, 102, 8);
    assert_eq!(rx.snapshot().stats().waiting_senders, 2);
    assert_eq!(get(&rx), Ok(0));
    assert!(near.settled().is_empty());
    assert_eq!(get(&rx), Ok(1));
    assert_eq!(near.settled(), [7]);
    assert!(matches!(pending.take(), Some(Outcome::Sent(2))));
    // What the pack left of the room is nobody's.
    let mut came = vec![get(&rx).unwrap()];
    assert_eq!(near.settled(), [8]);
    assert!(matches!(behind.take(), Some(Outcome::Sent(1))));
    came.extend(drain(&rx));
    assert_eq!(came, (2..filled).chain([100, 101, 102]).collect::<Vec<_>>());
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_pack_longer_than_the_channel_goes_in_parts(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let capacity = tx.snapshot().capacity().unwrap() as u64;
    let all = 2 * capacity + 3;
    assert_eq!(tx.try_send_batch(pack(&tx, 0..all)), Ok(capacity as usize));
    let Ok(Sent::Pending(pending)) = tx.send_batch_or_wait(pack(&tx, capacity..all), 7) else {
        panic!("there was room");
    };
    assert_eq!(drain(&rx), (0..all).collect::<Vec<_>>());
    assert_eq!(near.settled(), [7]);
    assert!(matches!(pending.take(), Some(Outcome::Sent(count)) if count as u64 == all - capacity));
}

pub(crate) fn ending_gives_a_pending_pack_back(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let Ok(Sent::Pending(pending)) = tx.send_batch_or_wait(pack(&tx, [100, 101]), 7) else {
        panic!("there was room");
    };
    tx.end();
    assert_eq!(near.settled(), [7]);
    let Some(Outcome::Refused(back)) = pending.take() else { panic!("it was accepted") };
    assert_eq!(back.accepted(), 0);
    assert_eq!(drain(&rx), (0..filled).collect::<Vec<_>>());
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
}

pub(crate) fn a_blocked_pack_goes_when_there_is_room(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    for limit in [0, 1, 25].map(Duration::from_millis) {
        let timed_out = tx.send_batch(pack(&tx, [100, 101]), within(limit, &mut || true));
        assert!(matches!(timed_out, Err(SendError::TimedOut(back)) if back.accepted() == 0));
    }
    let taker = thread::spawn(move || {
        until_stats(|| rx.snapshot().stats(), |stats| stats.waiting_senders == 1);
        drain(&rx)
    });
    tx.send_batch(pack(&tx, [100, 101]), endless(&mut || true)).unwrap();
    assert_eq!(taker.join().unwrap(), (0..filled).chain([100, 101]).collect::<Vec<_>>());
}

pub(crate) fn pending_sends_can_be_blocked_for(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    tx.settled(within(Duration::ZERO, &mut || true)).unwrap();
    let filled = fill(&tx);
    let Ok(Sent::Pending(pending)) = tx.send_batch_or_wait(pack(&tx, [100, 101]), 7) else {
        panic!("there was room");
    };
    assert!(tx.settled(within(Duration::from_millis(1), &mut || true)).is_err());
    // Left in the queue they may stay, unlike for `drained`.
    let taker = thread::spawn(move || {
        let taken = [get(&rx).unwrap(), get(&rx).unwrap()];
        (rx, taken)
    });
    tx.settled(endless(&mut || true)).unwrap();
    assert!(matches!(pending.take(), Some(Outcome::Sent(2))));
    let (rx, taken) = taker.join().unwrap();
    assert_eq!(taken, [0, 1]);
    assert_eq!(drain(&rx), (2..filled).chain([100, 101]).collect::<Vec<_>>());
    drop(near);
}

pub(crate) fn a_bound_on_bytes_counts_packed_ones(flavor: Flavor) {
    let near = EventLoop::new();
    let settings = Settings { max_bytes: Some(16), ..Settings::default() };
    let (tx, rx) = channel(flavor, settings, &near.environment).unwrap();
    tx.begin_batches();
    assert_eq!(tx.try_send_batch(pack(&tx, [0, 1])), Ok(2));
    assert!(tx.snapshot().is_full());
    assert_eq!(tx.try_send_batch(pack(&tx, [2])), Ok(0));
    assert_eq!(get_run(&rx, 1, 4096), [0]);
    assert_eq!(tx.try_send_batch(pack(&tx, [2])), Ok(1));
    // Longer than the bound: in parts.
    assert_eq!(drain(&rx), [1, 2]);
    assert_eq!(tx.try_send_batch(pack(&tx, [3, 4, 5])), Ok(2));
    assert_eq!(drain(&rx), [3, 4]);
    put(&tx, 6).unwrap();
    assert_eq!(tx.try_send_batch(pack(&tx, [7])), Ok(1));
    assert!(tx.snapshot().is_full());
    assert_eq!(rx.cancel(), 2);
    assert!(!tx.snapshot().is_full());
}

pub(crate) fn batches_of_many_threads_lose_nothing(flavor: Flavor) {
    const SENDERS: u64 = 3;
    const EACH: u64 = 3000;
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let most = some(&tx, 40);
    let senders: Vec<_> = (0..SENDERS).map(|_| tx.another()).collect();
    // A channel of std's has one receiver.
    let shared = matches!(flavor, Flavor::Bounded(_) | Flavor::Unbounded);
    let receivers: Vec<_> = (0..if shared { 2 } else { 1 }).map(|_| rx.another()).collect();
    drop((tx, rx));
    let came = Mutex::new(vec![Vec::new(); SENDERS as usize]);
    thread::scope(|scope| {
        for (sender, tx) in senders.into_iter().enumerate() {
            scope.spawn(move || {
                let mut next = 0;
                while next < EACH {
                    let count = (1 + next % most).min(EACH - next);
                    let numbers = (next..next + count).map(|number| sender as u64 * EACH + number);
                    if next % 7 == 0 {
                        let first = message(&tx, sender as u64 * EACH + next);
                        tx.send(first, endless(&mut || true)).unwrap();
                        next += 1;
                        continue;
                    }
                    tx.send_batch(pack(&tx, numbers), endless(&mut || true)).unwrap();
                    next += count;
                }
            });
        }
        for rx in receivers {
            let came = &came;
            scope.spawn(move || {
                let mut mine = Vec::new();
                while let Ok(first) = rx.recv(endless(&mut || true)) {
                    mine.push(number(&first));
                    mine.extend(get_run(&rx, mine.len() % 30, 4096));
                }
                // Each receiver sees each sender's in order.
                for sender in 0..SENDERS {
                    let of_sender: Vec<_> =
                        mine.iter().copied().filter(|number| number / EACH == sender).collect();
                    assert!(of_sender.is_sorted());
                    came.lock().unwrap()[sender as usize].extend(of_sender);
                }
            });
        }
    });
    for (sender, mut numbers) in (0..).zip(came.into_inner().unwrap()) {
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(sender * EACH..(sender + 1) * EACH));
    }
}
