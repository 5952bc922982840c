//! A channel and its model, side by side: their ends that come, move and go, and how they compare.

use std::sync::Arc;

use millrace_core::{
    AnyEnd, Environment, Flavor, Message, Pending, Receiver, Sender, Settings, Stats, Tickets, Verb, channel,
};

use crate::Step;
use crate::expected::{EndId, Expected, Item, Token, Told, Wait};

/// Threads that ends and waits belong to.
const THREADS: usize = 3;
/// Most ends a side.
const ENDS: usize = 4;

pub(crate) struct Owned<T> {
    pub(crate) id: EndId,
    pub(crate) thread: usize,
    pub(crate) end: T,
}

pub(crate) struct Waiting {
    pub(crate) pending: Pending,
    pub(crate) wait: Wait,
    pub(crate) end: EndId,
}

pub(crate) struct World {
    pub(crate) expected: Expected,
    threads: Vec<Arc<Environment>>,
    pub(crate) senders: Vec<Owned<Sender>>,
    pub(crate) receivers: Vec<Owned<Receiver>>,
    pub(crate) waits: Vec<Waiting>,
    /// The last message that a `try_recv` or an outcome gave.
    pub(crate) kept: Option<(Message, Item)>,
    pub(crate) numbers: u64,
    ids: EndId,
}

impl World {
    pub(crate) fn new(flavor: Flavor) -> Self {
        let threads: Vec<_> = (0..THREADS).map(|_| Environment::new(|| ())).collect();
        let (tx, rx) = channel(flavor, Settings::default(), &threads[0]).unwrap();
        let mut expected = Expected::new(tx.snapshot().capacity());
        expected.senders.insert(0, false);
        expected.receivers.insert(1);
        Self {
            expected,
            threads,
            senders: vec![Owned { id: 0, thread: 0, end: tx }],
            receivers: vec![Owned { id: 1, thread: 0, end: rx }],
            waits: Vec::new(),
            kept: None,
            numbers: 0,
            ids: 2,
        }
    }

    /// False when no end is left.
    pub(crate) fn play(&mut self, step: Step) -> bool {
        match step {
            Step::TrySend(n) | Step::Send(n) | Step::Drained(n) | Step::End(n) => self.send_side(step, n),
            Step::TryRecv(n) | Step::Recv { receiver: n, .. } | Step::Cancel(n) => self.receive_side(step, n),
            Step::GiveBack => self.give_back(),
            Step::CancelWait(n) | Step::TakeOutcome(n) | Step::DropWait(n) => self.touch_wait(step, n),
            Step::CloneSender(n) => {
                if let Some(at) = pick(n, &self.senders).filter(|_| self.senders.len() < ENDS) {
                    let Owned { thread, ref end, .. } = self.senders[at];
                    let twin = Owned { id: self.ids, thread, end: end.another() };
                    self.expected.senders.insert(twin.id, false);
                    self.senders.push(twin);
                    self.ids += 1;
                }
            }
            Step::CloneReceiver(n) => {
                if let Some(at) = pick(n, &self.receivers).filter(|_| self.receivers.len() < ENDS) {
                    let Owned { thread, ref end, .. } = self.receivers[at];
                    let twin = Owned { id: self.ids, thread, end: end.another() };
                    self.expected.receivers.insert(twin.id);
                    self.receivers.push(twin);
                    self.ids += 1;
                }
            }
            Step::MoveSender { sender, to } => {
                if let Some(at) =
                    pick(sender, &self.senders).filter(|at| !self.has_waits(self.senders[*at].id))
                {
                    let Owned { id, end, .. } = self.senders.remove(at);
                    let AnyEnd::Sender(end) = self.passed_on(AnyEnd::Sender(end), to) else { unreachable!() };
                    self.senders.push(Owned { id, thread: to % THREADS, end });
                }
            }
            Step::MoveReceiver { receiver, to } => {
                if let Some(at) =
                    pick(receiver, &self.receivers).filter(|at| !self.has_waits(self.receivers[*at].id))
                {
                    let Owned { id, end, .. } = self.receivers.remove(at);
                    let AnyEnd::Receiver(end) = self.passed_on(AnyEnd::Receiver(end), to) else {
                        unreachable!()
                    };
                    self.receivers.push(Owned { id, thread: to % THREADS, end });
                }
            }
            Step::CloseSender(n) => {
                if let Some(at) = pick(n, &self.senders) {
                    self.close_sender(at);
                }
            }
            Step::CloseReceiver(n) => {
                if let Some(at) = pick(n, &self.receivers) {
                    self.close_receiver(at);
                }
            }
            Step::EndThread(thread) => self.end_thread(thread % THREADS),
        }
        self.stats().is_some()
    }

    fn give_back(&mut self) {
        let Some(receiver) = self.receivers.first() else { return };
        if let Some((message, item)) = self.kept.take() {
            receiver.end.origin().give_back(message);
            self.expected.give_back([item].into_iter());
        }
    }

    fn close_sender(&mut self, at: usize) {
        let id = self.senders[at].id;
        self.end_waits_of(id, Verb::Drained);
        drop(self.senders.remove(at));
        self.expected.close_sender(id);
    }

    fn close_receiver(&mut self, at: usize) {
        let id = self.receivers[at].id;
        self.end_waits_of(id, Verb::Recv);
        drop(self.receivers.remove(at));
        self.expected.close_receiver(id);
    }

    fn end_waits_of(&mut self, end: EndId, verb: Verb) {
        for waiting in
            self.waits.iter().filter(|waiting| waiting.end == end && waiting.pending.verb() == verb)
        {
            assert_eq!(waiting.pending.cancel(), self.expected.cancel_wait(waiting.wait.token));
        }
    }

    /// What the binding does when a thread ends.
    fn end_thread(&mut self, thread: usize) {
        std::mem::replace(&mut self.threads[thread], Environment::new(|| ())).shut();
        let (mut gone, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waits).into_iter().partition(|waiting| waiting.wait.thread == thread);
        self.waits = kept;
        gone.sort_by_key(|waiting| (waiting.pending.verb() != Verb::Recv, waiting.pending.place()));
        let (tokens, pendings): (Vec<_>, Vec<_>) = gone
            .into_iter()
            .map(|waiting| ((waiting.pending.verb(), waiting.wait.token), waiting.pending))
            .unzip();
        Pending::let_go(pendings, Vec::new());
        let (receives, others): (Vec<_>, Vec<_>) =
            tokens.into_iter().partition(|(verb, _)| *verb == Verb::Recv);
        let claimed: Vec<_> =
            receives.into_iter().filter(|(_, token)| !self.expected.cancel_wait(*token)).collect();
        let items: Vec<_> = claimed
            .into_iter()
            .filter_map(|(_, token)| match self.expected.outcomes.remove(&token) {
                Some(Told::Received(item)) => Some(item),
                _ => None,
            })
            .collect();
        self.expected.give_back(items.into_iter());
        for (_, token) in others {
            self.expected.cancel_wait(token);
            self.expected.outcomes.remove(&token);
        }
        while let Some(at) = self.senders.iter().position(|owned| owned.thread == thread) {
            self.close_sender(at);
        }
        while let Some(at) = self.receivers.iter().position(|owned| owned.thread == thread) {
            self.close_receiver(at);
        }
    }

    /// After a step: figures, and who was told what in which order.
    pub(crate) fn compare(&mut self) {
        for (at, thread) in self.threads.iter().enumerate() {
            thread.answer();
            let told: Vec<_> =
                std::iter::from_fn(|| thread.next_settled()).map(|waiter| waiter.token()).collect();
            assert_eq!(told, self.expected.told.remove(&at).unwrap_or_default(), "told to thread {at}");
        }
        let (expected, stats) = (&self.expected, self.stats().unwrap());
        assert_eq!(stats.length, expected.len());
        assert_eq!(stats.bytes, 8 * expected.len() as u64);
        assert_eq!((stats.sent, stats.received), (expected.sent, expected.received));
        assert_eq!(stats.discarded, expected.discarded);
        assert_eq!(stats.sent, stats.received + stats.discarded + stats.length as u64);
        assert_eq!(
            (stats.waiting_senders, stats.waiting_receivers),
            (expected.sends.len(), expected.receives.len())
        );
        assert_eq!((stats.senders, stats.receivers), (expected.senders.len(), expected.receivers.len()));
        assert!(stats.high_water >= stats.length);
        if let Some(sender) = self.senders.first() {
            let look = sender.end.snapshot();
            assert_eq!((look.is_closed(), look.is_full()), (expected.refuses(), expected.is_full()));
        }
        if let Some(receiver) = self.receivers.first() {
            let look = receiver.end.snapshot();
            assert_eq!(look.is_closed(), expected.refuses() && expected.len() == 0);
        }
    }

    /// At the end: everything that waits were claimed with.
    pub(crate) fn compare_outcomes(&mut self) {
        for at in 0..self.waits.len() {
            self.take_outcome(at);
        }
    }

    fn stats(&self) -> Option<Stats> {
        let sender = self.senders.first().map(|owned| owned.end.snapshot().stats());
        sender.or_else(|| self.receivers.first().map(|owned| owned.end.snapshot().stats()))
    }

    fn has_waits(&self, end: EndId) -> bool {
        self.waits.iter().any(|waiting| waiting.end == end)
    }

    pub(crate) fn next_wait(&mut self, thread: usize) -> Wait {
        self.numbers += 1;
        Wait { token: self.numbers as Token, thread }
    }

    fn passed_on(&self, end: AnyEnd, to: usize) -> AnyEnd {
        let tickets = Tickets::new();
        let name = tickets.make(end, 0, false);
        tickets.redeem(&[name], &self.threads[to % THREADS]).unwrap().remove(0)
    }
}

pub(crate) fn pick<T>(n: usize, from: &[T]) -> Option<usize> {
    n.checked_rem(from.len())
}

pub(crate) fn number(message: &Message) -> u64 {
    u64::from_le_bytes(message.as_slice().try_into().unwrap())
}
