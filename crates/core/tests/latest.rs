//! The laws of the triple buffer.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

#[expect(dead_code, reason = "the stage is the queues', which need more of it")]
#[path = "laws/stage.rs"]
mod stage;

use std::thread;
use std::time::Duration;

use millrace_core::{
    AnyEnd, Case, Changed, Closed, Flavor, Input, NoMemory, Outcome, Output, Pending, PublishError, Receiver,
    RecvError, Selected, Settings, Source, Stats, Tickets, channel, registry, select_or_wait, triple_buffer,
    try_select,
};
use stage::{EventLoop, assert_balanced, endless, move_end, put, until_stats, within};

/// A triple buffer of numbers with its ends on two event loops.
fn apart() -> (EventLoop, EventLoop, Input, Output) {
    let (near, far) = (EventLoop::new(), EventLoop::new());
    let (input, output) = triple_buffer(8, Settings::default(), &near.environment).unwrap();
    let AnyEnd::Output(output) = move_end(AnyEnd::Output(output), &near, &far) else {
        panic!("an output came back as another end")
    };
    (near, far, input, output)
}

fn write(input: &mut Input, number: u64) -> Result<bool, PublishError> {
    input.write(Source::from(&number.to_le_bytes()[..]))
}

/// The current value.
fn current(output: &Output) -> Option<u64> {
    output.slot().value_len().map(|len| u64::from_le_bytes(bytes(output.slot().source(), len)))
}

/// A copy, made the way in which a user of the core without `unsafe` makes one.
fn bytes<const N: usize>(source: Source<'_>, len: usize) -> [u8; N] {
    assert_eq!(len, N);
    let pool = millrace_core::Pool::new();
    millrace_core::Message::new(&pool, source).unwrap().as_slice().try_into().unwrap()
}

fn wait(output: &Output, token: u32) -> Pending {
    match output.changed_or_wait(token) {
        Ok(Changed::Pending(pending)) => pending,
        Ok(Changed::Now) => panic!("a value is unread"),
        Err(Closed) => panic!("closed"),
    }
}

fn stats(output: &Output) -> Stats {
    let stats = output.snapshot().stats();
    assert_balanced(&stats);
    stats
}

#[test]
fn the_newest_value_is_read_and_kept_until_the_next_update() {
    let (_, _, mut input, mut output) = apart();
    assert!(!output.update());
    assert_eq!(current(&output), None);
    write(&mut input, 1).unwrap();
    assert_eq!((output.is_updated(), current(&output)), (true, None));
    write(&mut input, 2).unwrap();
    assert!(output.update());
    assert!(!output.update());
    write(&mut input, 3).unwrap();
    write(&mut input, 4).unwrap();
    write(&mut input, 5).unwrap();
    assert_eq!(current(&output), Some(2));
    assert!(output.update());
    assert_eq!((output.is_updated(), current(&output)), (false, Some(5)));
}

#[test]
fn publishing_says_whether_it_replaced_a_value_nobody_read() {
    let (_, _, mut input, mut output) = apart();
    assert!(!write(&mut input, 1).unwrap());
    assert!(write(&mut input, 2).unwrap());
    output.update();
    assert!(!write(&mut input, 3).unwrap());
}

#[test]
fn a_value_is_as_long_as_it_was_published() {
    let (_, _, mut input, mut output) = apart();
    for len in [0, 3, 8] {
        input.publish(len).unwrap();
        output.update();
        assert_eq!(output.slot().value_len(), Some(len));
    }
    assert_eq!(input.publish(9), Err(PublishError::TooLong { len: 9, most: 8 }));
    let long = [0; 9];
    assert_eq!(input.write(Source::from(&long[..])), Err(PublishError::TooLong { len: 9, most: 8 }));
    assert!(!output.update());
}

#[test]
fn what_was_published_is_read_or_skipped_or_discarded_or_unread() {
    let (_, _, mut input, mut output) = apart();
    for number in 0..5 {
        write(&mut input, number).unwrap();
    }
    let unread = stats(&output);
    assert_eq!((unread.sent, unread.length, unread.bytes, unread.skipped), (5, 1, 8, 4));
    assert_eq!((unread.flavor, unread.senders, unread.receivers), (Flavor::Latest(8), 1, 1));
    output.update();
    write(&mut input, 5).unwrap();
    output.update();
    write(&mut input, 6).unwrap();
    let read = stats(&output);
    assert_eq!((read.received, read.skipped, read.length), (2, 4, 1));
    drop(output);
    let gone = input.snapshot().stats();
    assert_balanced(&gone);
    assert_eq!((gone.sent, gone.received, gone.skipped, gone.discarded, gone.length), (7, 2, 4, 1, 0));
}

#[test]
fn the_reader_keeps_the_last_value_when_the_writer_is_gone() {
    let (_, _, mut input, mut output) = apart();
    write(&mut input, 1).unwrap();
    drop(input);
    assert!(!output.snapshot().is_closed(), "a value is unread");
    assert_eq!(output.changed(endless(&mut || true)), Ok(()));
    assert!(output.update());
    assert!(output.snapshot().is_closed());
    assert_eq!(output.changed(endless(&mut || true)), Err(RecvError::Closed));
    assert!(matches!(output.changed_or_wait(0), Err(Closed)));
    assert!(!output.update());
    assert_eq!(current(&output), Some(1));
}

#[test]
fn publishing_is_refused_when_the_reader_is_gone() {
    let (_, _, mut input, output) = apart();
    drop(output);
    assert_eq!(write(&mut input, 1), Err(PublishError::Closed));
    assert_eq!(input.publish(0), Err(PublishError::Closed));
    assert!(input.snapshot().is_closed());
    assert_eq!(input.snapshot().stats().sent, 0);
}

#[test]
fn a_publish_while_the_reader_goes_is_counted_or_refused() {
    for _ in 0..500 {
        let (_, _, mut input, output) = apart();
        let writer = thread::spawn(move || {
            let accepted = (1..=50).take_while(|number| write(&mut input, *number).is_ok()).count();
            (accepted as u64, input)
        });
        drop(output);
        let (accepted, input) = writer.join().unwrap();
        let stats = input.snapshot().stats();
        assert_balanced(&stats);
        assert_eq!((stats.sent, stats.length), (accepted, 0));
        assert_eq!(stats.discarded, u64::from(accepted > 0), "the newest is unread");
    }
}

#[test]
fn a_publish_rings_everybody_who_waits_and_nobody_else() {
    let (near, far, mut input, mut output) = apart();
    write(&mut input, 0).unwrap();
    assert!(matches!(output.changed_or_wait(0), Ok(Changed::Now)));
    output.update();
    let waits = [wait(&output, 1), wait(&output, 2)];
    assert_eq!(far.rings(), 0);
    write(&mut input, 1).unwrap();
    write(&mut input, 2).unwrap();
    assert_eq!((far.rings(), far.settled()), (1, vec![1, 2]));
    assert!(waits.iter().all(|wait| matches!(wait.take(), Some(Outcome::Changed))));
    assert_eq!(near.rings(), 0);
}

#[test]
fn waits_hear_that_the_writer_is_gone() {
    let (_, far, input, output) = apart();
    let pending = wait(&output, 1);
    drop(input);
    assert_eq!(far.await_settled(), [1]);
    assert!(matches!(pending.take(), Some(Outcome::Closed)));
}

#[test]
fn a_wait_that_ended_is_not_told() {
    let (_, far, mut input, output) = apart();
    let [kept, ended, dropped] = [1, 2, 3].map(|token| wait(&output, token));
    assert!(ended.cancel());
    drop(dropped);
    assert_eq!(output.snapshot().stats().waiting_receivers, 1);
    write(&mut input, 1).unwrap();
    assert_eq!(far.settled(), [1]);
    assert!(!kept.cancel());
}

#[test]
fn a_blocked_reader_is_woken_by_each_publish_in_turn() {
    let (_, _, mut input, mut output) = apart();
    const LAST: u64 = 10_000;
    let reader = thread::spawn(move || {
        let mut before = None;
        while output.changed(endless(&mut || true)) == Ok(()) {
            assert!(output.update(), "told of nothing");
            assert!(current(&output) > before, "values rise");
            before = current(&output);
        }
        (before, output)
    });
    for number in 0..=LAST {
        write(&mut input, number).unwrap();
    }
    drop(input);
    let (last, output) = reader.join().unwrap();
    assert_eq!(last, Some(LAST));
    assert_eq!(stats(&output).sent, LAST + 1);
}

#[test]
fn a_sleeping_reader_is_woken() {
    let near = EventLoop::new();
    let settings = Settings { spin_micros: Some(0), ..Settings::default() };
    let (mut input, output) = triple_buffer(8, settings, &near.environment).unwrap();
    let AnyEnd::Output(output) = move_end(AnyEnd::Output(output), &near, &EventLoop::new()) else {
        panic!("an output came back as another end")
    };
    let reader = thread::spawn(move || output.changed(endless(&mut || true)));
    until_stats(|| input.snapshot().stats(), |stats| stats.waiting_receivers == 1);
    write(&mut input, 1).unwrap();
    assert_eq!(reader.join().unwrap(), Ok(()));
}

#[test]
fn blocking_ends_when_the_time_is_up_or_the_thread_is_stopped_or_nobody_could_write() {
    let (_, _, input, output) = apart();
    let limit = Duration::from_millis(1);
    assert_eq!(output.changed(within(limit, &mut || true)), Err(RecvError::TimedOut));
    assert_eq!(output.changed(endless(&mut || false)), Err(RecvError::Stopped));
    assert_eq!(input.snapshot().stats().waiting_receivers, 0);
    let alone = EventLoop::new();
    let (_input, output) = triple_buffer(8, Settings::default(), &alone.environment).unwrap();
    assert_eq!(output.changed(endless(&mut || true)), Err(RecvError::Stuck));
}

#[test]
fn the_current_value_and_the_unread_one_stay_with_the_channel_on_transfer() {
    let (near, far, mut input, mut output) = apart();
    write(&mut input, 1).unwrap();
    output.update();
    write(&mut input, 2).unwrap();
    let (AnyEnd::Input(mut input), AnyEnd::Output(mut output)) =
        (move_end(AnyEnd::Input(input), &near, &far), move_end(AnyEnd::Output(output), &far, &near))
    else {
        panic!("the ends came back as others")
    };
    assert_eq!((current(&output), output.is_updated()), (Some(1), true));
    assert!(write(&mut input, 3).unwrap(), "2 is unread");
    output.update();
    assert_eq!(current(&output), Some(3));
    assert_eq!(stats(&output).received, 2);
}

#[test]
fn a_ticket_counts_as_an_end_and_is_redeemed_once_whatever_is_asked() {
    let (near, far, mut input, output) = apart();
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Output(output), far.environment.id(), true);
    assert_eq!(input.snapshot().stats().tickets, 1);
    assert!(!write(&mut input, 1).unwrap());
    let ends = tickets.redeem(&[name], &near.environment).unwrap();
    assert!(tickets.redeem(&[name], &near.environment).is_err());
    drop(ends);
    assert_eq!(write(&mut input, 2), Err(PublishError::Closed));
}

fn cases<'a>(receiver: &'a Receiver, output: &'a Output) -> Vec<Case<'a>> {
    vec![Case::Recv(receiver), Case::Changed(output)]
}

#[test]
fn an_output_is_a_case_of_select() {
    let (_, far, mut input, mut output) = apart();
    let (tx, rx) = channel(Flavor::Bounded(1), Settings::default(), &far.environment).unwrap();
    assert!(try_select(cases(&rx, &output), &[0, 1], true).is_none());
    let Selected::Pending(pending) = select_or_wait(cases(&rx, &output), &[0, 1], &far.environment, 7) else {
        panic!("nothing is ready")
    };
    write(&mut input, 1).unwrap();
    assert_eq!(far.settled(), [7]);
    let chosen = pending.take().unwrap();
    assert!(matches!((chosen.case, chosen.outcome), (1, Outcome::Changed)));
    assert!(matches!(try_select(cases(&rx, &output), &[0, 1], true).unwrap().outcome, Outcome::Changed));
    output.update();
    put(&tx, 1).unwrap();
    assert_eq!(try_select(cases(&rx, &output), &[0, 1], true).unwrap().case, 0);
    drop(input);
    assert!(matches!(try_select(cases(&rx, &output), &[0, 1], true).unwrap().outcome, Outcome::Closed));
}

#[test]
fn memory_that_cannot_be_had_is_an_error_and_leaves_nothing() {
    let environment = EventLoop::new().environment;
    let before = registry().channels;
    let refused = triple_buffer(usize::MAX / 2, Settings::default(), &environment);
    assert_eq!(refused.err(), Some(NoMemory { bytes: usize::MAX / 2 }));
    // Other tests make channels meanwhile; with a leak at each of these there would be many more.
    for _ in 0..1000 {
        assert!(triple_buffer(usize::MAX / 2, Settings::default(), &environment).is_err());
    }
    assert!(registry().channels < before + 500);
}

#[test]
fn no_value_is_torn() {
    const WORDS: usize = 4096;
    let (near, far) = (EventLoop::new(), EventLoop::new());
    let (mut input, output) = triple_buffer(WORDS * 8, Settings::default(), &near.environment).unwrap();
    let AnyEnd::Output(mut output) = move_end(AnyEnd::Output(output), &near, &far) else {
        panic!("an output came back as another end")
    };
    let writer = thread::spawn(move || {
        for number in 1..=2000_u64 {
            let value: Vec<u8> = (0..WORDS).flat_map(|_| number.to_le_bytes()).collect();
            input.write(Source::from(&value[..])).unwrap();
        }
    });
    let (mut before, pool) = (0, millrace_core::Pool::new());
    while output.changed(endless(&mut || true)).is_ok() {
        output.update();
        let value = millrace_core::Message::new(&pool, output.slot().source()).unwrap();
        let mut words = value.as_slice().chunks(8).map(|word| u64::from_le_bytes(word.try_into().unwrap()));
        let number = words.next().unwrap();
        assert!(words.all(|word| word == number), "a torn value");
        assert!(number > before);
        before = number;
    }
    assert_eq!(before, 2000);
    writer.join().unwrap();
}
