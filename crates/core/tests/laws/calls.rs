//! Laws of calls: each settles once, with the answer, by being given up, or by its request being dropped; and a lost one
//! knows whether somebody had the request.

use std::collections::VecDeque;
use std::thread;
use std::time::Duration;

use millrace_core::{
    Answer, Asked, CallError, Flavor, Message, Origin, Pending, Receiver, Request, Sender, Settings, channel,
};

use super::stage::{
    EventLoop, Stage, assert_balanced, endless, message, move_receiver, number, until_stats, wait_recv,
    within,
};

fn ask(tx: &Sender, body: u64, token: u32) -> Asked {
    tx.ask(message(tx, body), token).unwrap()
}

/// Takes the next request, for a responder on `home`.
fn take(rx: &Receiver, home: &EventLoop) -> (Box<Request>, u64) {
    let mut request = rx.try_recv().unwrap().into_request().unwrap();
    let (body, wanted) = request.take(home.environment.id());
    assert!(wanted);
    (request, number(&body))
}

fn answer(origin: &Origin, value: u64) -> Message {
    Message::new(origin.pool(), &value.to_le_bytes()[..]).unwrap()
}

fn replied(asked: &Asked) -> u64 {
    match asked.take() {
        Some(Answer::Reply(message)) => number(&message),
        other => panic!("a call settled with {other:?}"),
    }
}

fn lost(asked: &Asked) -> bool {
    match asked.take() {
        Some(Answer::Lost { taken }) => taken,
        other => panic!("a call settled with {other:?}"),
    }
}

fn answered(home: &EventLoop) -> Vec<u32> {
    let mut told = VecDeque::new();
    home.environment.answer();
    home.environment.swap_answered(&mut told);
    told.into()
}

pub(crate) fn a_call_settles_with_its_reply(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let asked = ask(&tx, 1, 7);
    let (request, body) = take(&rx, &far);
    assert_eq!((body, tx.snapshot().stats().in_flight, answered(&near)), (1, 1, vec![]));
    assert!(request.reply(answer(&rx.origin(), 2)));
    assert_eq!((near.rings(), answered(&near)), (1, vec![7]));
    assert_eq!(replied(&asked), 2);
    assert!(!asked.cancel(), "it is over");
    let asked = ask(&tx, 3, 8);
    assert!(take(&rx, &far).0.fail(answer(&rx.origin(), 4)));
    assert!(matches!(asked.take(), Some(Answer::Failure(error)) if number(&error) == 4));
    assert_eq!(tx.snapshot().stats().in_flight, 0);
}

pub(crate) fn a_call_waits_for_room_and_keeps_its_place(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let room = flavor.capacity().unwrap() as u64;
    let asked: Vec<_> = (0..room + 2).map(|body| ask(&tx, body, body as u32)).collect();
    assert_eq!(tx.snapshot().stats().waiting_senders, 2);
    for (body, asked) in (0..).zip(&asked) {
        let (request, asks) = take(&rx, &far);
        assert_eq!(asks, body);
        assert!(request.reply(answer(&rx.origin(), body)));
        assert_eq!(replied(asked), body);
    }
    assert_balanced(&tx.snapshot().stats());
}

pub(crate) fn a_call_given_up_in_time_is_withdrawn(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let room = flavor.capacity().unwrap() as u64;
    // From the front, the back, and among those that wait for room.
    for given_up in [0, room - 1, room] {
        let mut asked: Vec<_> = (0..=room).map(|body| Some(ask(&tx, body, body as u32))).collect();
        assert!(asked[given_up as usize].take().unwrap().cancel());
        let stats = tx.snapshot().stats();
        assert_eq!((stats.length as u64, stats.waiting_senders), (room, 0), "what waited has the room");
        for body in (0..=room).filter(|body| *body != given_up) {
            let (request, asks) = take(&rx, &far);
            assert_eq!(asks, body);
            assert!(request.reply(answer(&rx.origin(), body)));
        }
        assert!(rx.try_recv().is_err());
        assert_balanced(&tx.snapshot().stats());
        drop(asked);
    }
    // Many times over, it leaves nothing behind in a queue that nobody reads.
    for body in 0..1000 {
        assert!(ask(&tx, body, 0).cancel());
    }
    assert_eq!(tx.snapshot().len(), 0);
    drop(near);
}

pub(crate) fn whoever_has_the_request_is_told_when_nobody_waits(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let asked = ask(&tx, 1, 0);
    let (request, _) = take(&rx, &far);
    assert!(request.watch(&far.environment, 9));
    assert_eq!(far.environment.next_abandoned(), None);
    assert!(asked.cancel());
    assert_eq!((far.rings(), far.environment.next_abandoned()), (1, Some(9)));
    assert_eq!(tx.snapshot().stats().in_flight, 0);
    assert!(!request.watch(&far.environment, 9), "too late");
    assert!(!request.reply(answer(&rx.origin(), 2)));
    assert!(asked.take().is_none());
}

pub(crate) fn a_request_dropped_unanswered_is_lost_and_was_taken(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let asked = ask(&tx, 1, 3);
    drop(take(&rx, &far));
    assert_eq!(answered(&near), [3]);
    assert!(lost(&asked));
    assert_eq!(tx.snapshot().stats().in_flight, 0);
}

pub(crate) fn without_responders_what_nobody_took_is_lost_untaken(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let room = flavor.capacity().unwrap() as u32;
    let asked: Vec<_> = (0..room + 2).map(|token| ask(&tx, 0, token)).collect();
    let (request, _) = take(&rx, &far);
    let waiting = ask(&tx, 0, room + 2);
    let origin = rx.origin();
    drop(rx);
    let mut told = answered(&near);
    told.sort_unstable();
    assert_eq!(told, (1..room + 3).collect::<Vec<_>>(), "all but the one that was taken");
    assert!(asked[1..].iter().chain([&waiting]).all(|asked| !lost(asked)));
    assert_eq!(tx.ask(message(&tx, 1), 0).err(), Some(CallError::Closed));
    assert!(request.reply(answer(&origin, 5)));
    assert_eq!(replied(&asked[0]), 5);
    assert_balanced(&tx.snapshot().stats());
}

pub(crate) fn a_request_on_its_way_to_a_thread_that_ends_goes_to_the_next(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let survivor = move_receiver(rx.another(), &far, &near);
    let (handed, waits) = (wait_recv(&rx, 1), wait_recv(&rx, 2));
    let asked = ask(&tx, 1, 0);
    let given_up = ask(&tx, 2, 1);
    assert!(given_up.cancel(), "nobody has it yet");
    far.environment.shut();
    Pending::let_go(vec![handed, waits], Vec::new());
    drop(rx);
    let (request, body) = take(&survivor, &near);
    assert_eq!(body, 1);
    assert!(request.reply(answer(&survivor.origin(), 2)));
    assert_eq!(replied(&asked), 2);
    assert!(survivor.try_recv().is_err(), "what was given up is nobody's");
    assert_balanced(&tx.snapshot().stats());
}

pub(crate) fn a_request_on_its_way_to_the_last_responder_is_lost_untaken(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let handed = wait_recv(&rx, 1);
    let asked = ask(&tx, 1, 0);
    far.environment.shut();
    Pending::let_go(vec![handed], Vec::new());
    drop(rx);
    assert!(!lost(&asked));
    assert_balanced(&tx.snapshot().stats());
}

pub(crate) fn a_caller_that_ends_withdraws_its_requests(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let room = flavor.capacity().unwrap() as u32;
    let asked: Vec<_> = (0..room + 2).map(|token| ask(&tx, 0, token)).collect();
    let (request, _) = take(&rx, &far);
    assert!(request.watch(&far.environment, 4));
    near.environment.shut();
    drop(asked);
    drop(tx);
    assert_eq!(far.environment.next_abandoned(), Some(4));
    assert!(!request.reply(answer(&rx.origin(), 1)));
    assert!(rx.snapshot().is_closed());
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_blocking_call_ends_in_each_way(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let call = |body| tx.call(message(&tx, body), within(Duration::from_millis(1), &mut || true));
    assert_eq!(call(1).err(), Some(CallError::TimedOut));
    assert_eq!(tx.snapshot().len(), 0, "withdrawn");
    let mut pulses = 0;
    let mut stops = || {
        pulses += 1;
        pulses < 2
    };
    assert_eq!(tx.call(message(&tx, 1), endless(&mut stops)).err(), Some(CallError::Stopped));
    assert_eq!(tx.snapshot().len(), 0, "withdrawn");
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut request = rx.recv(endless(&mut || true)).unwrap().into_request().unwrap();
            let (body, wanted) = request.take(far.environment.id());
            assert!(wanted && request.reply(body));
            // Gone while the second call waits.
            until_stats(|| rx.snapshot().stats(), |stats| stats.length == 1);
            drop(rx);
        });
        let reply = tx.call(message(&tx, 6), endless(&mut || true)).unwrap();
        assert!(matches!(reply, Answer::Reply(value) if number(&value) == 6));
        let lost = tx.call(message(&tx, 7), endless(&mut || true)).unwrap();
        assert!(matches!(lost, Answer::Lost { taken: false }));
    });
    assert_eq!(tx.call(message(&tx, 8), endless(&mut || true)).err(), Some(CallError::Closed));
}

pub(crate) fn a_call_that_nobody_could_answer_is_stuck(flavor: Flavor) {
    let home = EventLoop::new();
    let (tx, rx) = channel(flavor, Settings::default(), &home.environment).unwrap();
    assert_eq!(tx.call(message(&tx, 1), endless(&mut || true)).err(), Some(CallError::Stuck));
    // Handed to a wait of this very thread.
    let handed = wait_recv(&rx, 0);
    assert_eq!(tx.call(message(&tx, 2), endless(&mut || true)).err(), Some(CallError::Stuck));
    drop(handed);
    assert_balanced(&tx.snapshot().stats());
}
