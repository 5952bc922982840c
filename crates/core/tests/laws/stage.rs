//! What the laws are played on: event loops, channels between them, and messages that are numbers.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use millrace_core::{
    AnyEnd, Batch, Closed, Environment, Flavor, Message, Outcome, Patience, Pending, Received, Receiver,
    Sender, Sent, Settings, Source, Stats, Tickets, TryRecvError, TrySendError, channel, span,
};

/// A thread's event loop as the core sees it: an environment, and a bell that can be slept on.
pub(crate) struct EventLoop {
    pub(crate) environment: Arc<Environment>,
    bell: Arc<Bell>,
}

#[derive(Default)]
struct Bell {
    ringing: Mutex<bool>,
    rung: Condvar,
    rings: AtomicUsize,
}

impl EventLoop {
    pub(crate) fn new() -> Self {
        let bell = Arc::<Bell>::default();
        let ringer = Arc::clone(&bell);
        let environment = Environment::new(move || {
            ringer.rings.fetch_add(1, Ordering::SeqCst);
            *ringer.ringing.lock().unwrap() = true;
            ringer.rung.notify_one();
        });
        Self { environment, bell }
    }

    /// How often the bell rang.
    pub(crate) fn rings(&self) -> usize {
        self.bell.rings.load(Ordering::SeqCst)
    }

    /// Answers the bell and lists the names of the waits that have settled since.
    pub(crate) fn settled(&self) -> Vec<u32> {
        *self.bell.ringing.lock().unwrap() = false;
        self.environment.answer();
        self.told()
    }

    /// As `settled`, while the bell is heard still.
    pub(crate) fn told(&self) -> Vec<u32> {
        std::iter::from_fn(|| self.environment.next_settled()).map(|waiter| waiter.token()).collect()
    }

    /// Sleeps until the bell rings, and does as `settled`.
    pub(crate) fn await_settled(&self) -> Vec<u32> {
        let ringing = self.bell.ringing.lock().unwrap();
        drop(self.bell.rung.wait_while(ringing, |ringing| !*ringing).unwrap());
        self.settled()
    }

    /// Awaits the loop's only wait.
    fn outcome(&self, pending: &Pending) -> Outcome {
        while self.await_settled().is_empty() {}
        pending.take().unwrap()
    }

    /// Awaits a message; `None` when closed.
    pub(crate) fn recv(&self, receiver: &Receiver) -> Option<Message> {
        match receiver.recv_or_wait(0, false).ok()? {
            Received::Now(message) => Some(message),
            Received::Pending(pending) => match self.outcome(&pending) {
                Outcome::Received(message) => Some(message),
                Outcome::Closed => None,
                other => panic!("a receive settled with {other:?}"),
            },
        }
    }

    /// Awaits room for a message, which is then accepted.
    pub(crate) fn send(&self, sender: &Sender, message: Message) {
        if let Sent::Pending(pending) = sender.send_or_wait(message, 0).unwrap() {
            assert!(matches!(self.outcome(&pending), Outcome::Sent(_)));
        }
    }
}

thread_local! {
    /// Whether stages are made for batches, and this thread's messages are put in packs.
    static BATCHED: Cell<bool> = const { Cell::new(false) };
}

/// Plays a law with single messages.
pub(crate) fn plain(law: fn(Flavor), flavor: Flavor) {
    law(flavor);
}

/// Plays a law on channels that take packs, to which what it puts goes in a pack.
pub(crate) fn batched(law: fn(Flavor), flavor: Flavor) {
    BATCHED.set(true);
    law(flavor);
    BATCHED.set(false);
}

/// A channel with its sending end on one event loop and its receiving end on another.
pub(crate) struct Stage {
    pub(crate) near: EventLoop,
    pub(crate) far: EventLoop,
    pub(crate) tx: Sender,
    pub(crate) rx: Receiver,
}

impl Stage {
    pub(crate) fn new(flavor: Flavor) -> Self {
        let (near, far) = (EventLoop::new(), EventLoop::new());
        let (tx, rx) = channel(flavor, Settings::default(), &near.environment).unwrap();
        if BATCHED.get() {
            tx.begin_batches();
        }
        let rx = move_receiver(rx, &near, &far);
        Self { near, far, tx, rx }
    }
}

pub(crate) fn move_sender(sender: Sender, from: &EventLoop, to: &EventLoop) -> Sender {
    match move_end(AnyEnd::Sender(sender), from, to) {
        AnyEnd::Sender(sender) => sender,
        _ => unreachable!("a sender came back as another end"),
    }
}

pub(crate) fn move_receiver(receiver: Receiver, from: &EventLoop, to: &EventLoop) -> Receiver {
    match move_end(AnyEnd::Receiver(receiver), from, to) {
        AnyEnd::Receiver(receiver) => receiver,
        _ => unreachable!("a receiver came back as another end"),
    }
}

pub(crate) fn move_end(end: AnyEnd, from: &EventLoop, to: &EventLoop) -> AnyEnd {
    let tickets = Tickets::new();
    let name = tickets.make(end, from.environment.id(), false);
    tickets.redeem(&[name], &to.environment).unwrap().remove(0)
}

/// A message that is a number.
pub(crate) fn message(sender: &Sender, number: u64) -> Message {
    Message::new(sender.pool(), &number.to_le_bytes()[..]).unwrap()
}

pub(crate) fn number(message: &Message) -> u64 {
    u64::from_le_bytes(message.as_slice().try_into().unwrap())
}

pub(crate) fn put(sender: &Sender, number: u64) -> Result<(), TrySendError> {
    if !BATCHED.get() {
        return sender.try_send(message(sender, number));
    }
    match sender.try_send_batch(pack(sender, [number])) {
        Ok(1) => Ok(()),
        Ok(_) => Err(TrySendError::Full(message(sender, number))),
        Err(Closed) => Err(TrySendError::Closed(message(sender, number))),
    }
}

/// A batch of messages that are numbers.
pub(crate) fn pack(sender: &Sender, numbers: impl IntoIterator<Item = u64>) -> Batch {
    let bytes: Vec<_> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
    let lengths = vec![8; bytes.len() / 8];
    assert_eq!(span(&lengths), bytes.len());
    sender.pack(Source::from(&bytes[..]), lengths).unwrap()
}

pub(crate) fn get(receiver: &Receiver) -> Result<u64, TryRecvError> {
    receiver.try_recv().map(|message| number(&message))
}

/// Takes whatever is queued.
pub(crate) fn drain(receiver: &Receiver) -> Vec<u64> {
    std::iter::from_fn(|| get(receiver).ok()).collect()
}

/// Sends 0, 1, ... until there is no more room; how many.
pub(crate) fn fill(sender: &Sender) -> u64 {
    (0..).find(|number| put(sender, *number).is_err()).unwrap()
}

/// Registers a receive under a name, whether or not a message is there.
pub(crate) fn wait_recv(receiver: &Receiver, token: u32) -> Pending {
    match receiver.recv_or_wait(token, true) {
        Ok(Received::Pending(pending)) => pending,
        _ => panic!("a receive that must be told was not registered"),
    }
}

/// Registers a send that finds no room, under a name.
pub(crate) fn wait_send(sender: &Sender, number: u64, token: u32) -> Pending {
    match sender.send_or_wait(message(sender, number), token) {
        Ok(Sent::Pending(pending)) => pending,
        Ok(Sent::Now) => panic!("there was room"),
        Err(error) => panic!("{error}"),
    }
}

/// Queues a number, or leaves it as a pending send where nothing is queued: a receive finds it either way.
pub(crate) fn offer(sender: &Sender, number: u64) -> Option<Pending> {
    match sender.snapshot().capacity() {
        Some(0) => Some(wait_send(sender, number, OFFER)),
        _ => {
            put(sender, number).unwrap();
            None
        }
    }
}

/// The name of the wait that an offer may be.
pub(crate) const OFFER: u32 = 1000;

/// Hands a number over: through the queue, or where there is none to a receive that waits for it.
pub(crate) fn hand_over(sender: &Sender, receiver: &Receiver, number: u64) -> Message {
    if sender.snapshot().capacity() != Some(0) {
        put(sender, number).unwrap();
        return receiver.try_recv().unwrap();
    }
    let waiting = wait_recv(receiver, OFFER);
    put(sender, number).unwrap();
    match waiting.take() {
        Some(Outcome::Received(message)) => message,
        other => panic!("a receive settled with {other:?}"),
    }
}

/// As `hand_over`, looking at what arrives.
pub(crate) fn pass(sender: &Sender, receiver: &Receiver, sent: u64) {
    assert_eq!(number(&hand_over(sender, receiver, sent)), sent);
}

/// What a settled receive got.
pub(crate) fn received(pending: &Pending) -> u64 {
    match pending.take() {
        Some(Outcome::Received(message)) => number(&message),
        other => panic!("a receive settled with {other:?}"),
    }
}

/// Blocks for as long as it takes.
pub(crate) fn endless(pulse: &mut dyn FnMut() -> bool) -> Patience<'_> {
    Patience { deadline: None, pulse }
}

/// Blocks for at most so long.
pub(crate) fn within(limit: Duration, pulse: &mut dyn FnMut() -> bool) -> Patience<'_> {
    Patience { deadline: Some(Instant::now() + limit), pulse }
}

/// Blocks until a number comes.
pub(crate) fn block_recv(receiver: &Receiver) -> u64 {
    number(&receiver.recv(endless(&mut || true)).unwrap())
}

/// The handshake of laws that need somebody to wait: looks until the channel's figures say so.
pub(crate) fn until_stats(stats: impl Fn() -> Stats, is_so: impl Fn(&Stats) -> bool) {
    while !is_so(&stats()) {
        std::thread::yield_now();
    }
}

/// The equation of the statistics, at rest.
pub(crate) fn assert_balanced(stats: &Stats) {
    let gone = stats.received + stats.dropped + stats.skipped + stats.discarded;
    assert_eq!(stats.sent, gone + stats.length as u64, "{stats:?}");
    if stats.length == 0 {
        assert_eq!(stats.bytes, 0, "{stats:?}");
    }
}
