//! The model: what a channel is, said as simply as it can be. Messages and waits are numbers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(crate) type EndId = usize;
pub(crate) type Token = u32;

/// A message in the queue: its number, and how many were accepted before it.
pub(crate) type Item = (u64, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Sent,
    Received(Item),
    Drained,
    Closed,
    Refused(u64),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Sent,
    Received(Item),
    Nothing,
    Closed,
    Waits,
}

/// A wait, and which thread it tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wait {
    pub(crate) token: Token,
    pub(crate) thread: usize,
}

struct Drain {
    wait: Wait,
    /// Sends of its own end that were pending.
    own: BTreeSet<Token>,
    /// Once those have settled: what was accepted before this many must have left.
    goal: Option<u64>,
}

#[derive(Default)]
pub(crate) struct Expected {
    capacity: Option<usize>,
    returned: VecDeque<Item>,
    queue: VecDeque<Item>,
    pub(crate) receives: VecDeque<Wait>,
    pub(crate) sends: VecDeque<(Wait, EndId, u64)>,
    drains: Vec<Drain>,
    /// Whether its handle is gone and it stays for its pending sends.
    pub(crate) senders: BTreeMap<EndId, bool>,
    pub(crate) receivers: BTreeSet<EndId>,
    ended: bool,
    refused: bool,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) discarded: u64,
    /// What waits were claimed with and nobody has taken.
    pub(crate) outcomes: BTreeMap<Token, Told>,
    /// Who was told, thread by thread, in order.
    pub(crate) told: BTreeMap<usize, Vec<Token>>,
}

impl Expected {
    pub(crate) fn new(capacity: Option<usize>) -> Self {
        Self { capacity, ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.returned.len() + self.queue.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.capacity.is_some_and(|capacity| self.queue.len() >= capacity)
    }

    pub(crate) fn refuses(&self) -> bool {
        self.ended || self.refused
    }

    pub(crate) fn pending(&self, end: EndId) -> usize {
        self.sends.iter().filter(|(_, of, _)| *of == end).count()
    }

    pub(crate) fn try_send(&mut self, end: EndId, number: u64) -> Answer {
        if self.refuses() {
            return Answer::Closed;
        }
        if self.is_full() || self.pending(end) > 0 {
            return Answer::Nothing;
        }
        self.accept(number);
        self.settle();
        Answer::Sent
    }

    pub(crate) fn send(&mut self, end: EndId, number: u64, wait: Wait) -> Answer {
        match self.try_send(end, number) {
            Answer::Nothing => {
                self.sends.push_back((wait, end, number));
                Answer::Waits
            }
            answer => answer,
        }
    }

    pub(crate) fn try_recv(&mut self) -> Answer {
        let Some(item) = self.take() else {
            return if self.refuses() { Answer::Closed } else { Answer::Nothing };
        };
        self.settle();
        Answer::Received(item)
    }

    /// `told`: hears even of what is there at once.
    pub(crate) fn recv(&mut self, wait: Wait, told: bool) -> Answer {
        if !told {
            let answer = self.try_recv();
            if answer != Answer::Nothing {
                return answer;
            }
        }
        self.receives.push_back(wait);
        self.settle();
        Answer::Waits
    }

    pub(crate) fn drained(&mut self, end: EndId, wait: Wait) -> Answer {
        if self.refused {
            return Answer::Closed;
        }
        let own: BTreeSet<_> =
            self.sends.iter().filter(|(_, of, _)| *of == end).map(|(wait, ..)| wait.token).collect();
        if own.is_empty() && self.len() == 0 {
            return Answer::Sent;
        }
        self.drains.push(Drain { wait, own, goal: None });
        self.settle();
        Answer::Waits
    }

    pub(crate) fn give_back(&mut self, items: impl DoubleEndedIterator<Item = Item>) {
        for item in items.rev() {
            self.received -= 1;
            if self.refused {
                self.discarded += 1;
            } else {
                self.returned.push_front(item);
            }
        }
        self.settle();
    }

    /// Ends a wait; false when it was claimed before.
    pub(crate) fn cancel_wait(&mut self, token: Token) -> bool {
        let places = self.receives.len() + self.sends.len() + self.drains.len();
        self.receives.retain(|wait| wait.token != token);
        let end = self.sends.iter().find(|(wait, ..)| wait.token == token).map(|(_, end, _)| *end);
        self.sends.retain(|(wait, ..)| wait.token != token);
        self.drains.retain(|drain| drain.wait.token != token);
        let ended = places > self.receives.len() + self.sends.len() + self.drains.len();
        if let Some(end) = end {
            self.leave_if_done(end);
        }
        self.settle();
        ended
    }

    pub(crate) fn close_sender(&mut self, end: EndId) {
        self.senders.insert(end, true);
        self.leave_if_done(end);
        self.settle();
    }

    pub(crate) fn close_receiver(&mut self, end: EndId) {
        self.receivers.remove(&end);
        if self.receivers.is_empty() {
            self.cancel();
        }
    }

    pub(crate) fn end(&mut self) {
        self.ended = true;
        self.settle();
    }

    /// How many messages were discarded.
    pub(crate) fn cancel(&mut self) -> u64 {
        self.refused = true;
        let discarded = self.len() as u64;
        self.discarded += discarded;
        self.returned.clear();
        self.queue.clear();
        self.settle();
        discarded
    }

    fn accept(&mut self, number: u64) {
        self.queue.push_back((number, self.sent));
        self.sent += 1;
    }

    fn take(&mut self) -> Option<Item> {
        let item = self.returned.pop_front().or_else(|| self.queue.pop_front())?;
        self.received += 1;
        Some(item)
    }

    fn tell(&mut self, wait: Wait, outcome: Told) {
        self.outcomes.insert(wait.token, outcome);
        self.told.entry(wait.thread).or_default().push(wait.token);
    }

    fn leave_if_done(&mut self, end: EndId) {
        if self.senders.get(&end) == Some(&true) && self.pending(end) == 0 {
            self.senders.remove(&end);
            self.ended |= self.senders.is_empty();
        }
    }

    /// Whatever can happen by itself, in its order.
    fn settle(&mut self) {
        loop {
            if !self.receives.is_empty() && self.len() > 0 {
                let (wait, item) = (self.receives.pop_front().unwrap(), self.take().unwrap());
                self.tell(wait, Told::Received(item));
            } else if !self.refuses() && !self.is_full() && !self.sends.is_empty() {
                let (wait, end, number) = self.sends.pop_front().unwrap();
                self.accept(number);
                self.tell(wait, Told::Sent);
                self.leave_if_done(end);
            } else {
                break;
            }
        }
        if self.refuses() {
            while let Some((wait, end, number)) = self.sends.pop_front() {
                self.tell(wait, Told::Refused(number));
                self.leave_if_done(end);
            }
            while let Some(wait) = self.receives.pop_front() {
                self.tell(wait, Told::Closed);
            }
        }
        for mut drain in std::mem::take(&mut self.drains) {
            if !self.sends.iter().any(|(wait, ..)| drain.own.contains(&wait.token)) {
                drain.goal.get_or_insert(self.sent);
            }
            let earlier = |goal: u64| self.returned.iter().chain(&self.queue).any(|(_, index)| *index < goal);
            if self.refused {
                self.tell(drain.wait, Told::Closed);
            } else if drain.goal.is_some_and(|goal| !earlier(goal)) {
                self.tell(drain.wait, Told::Drained);
            } else {
                self.drains.push(drain);
            }
        }
    }
}
