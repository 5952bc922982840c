//! What a process has open: every channel with an end left, its figures, and who holds its ends. Channels are listed when
//! they are made and taken out when they are gone; nothing that a message meets is touched.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::channel::Channel;
use crate::channel::end::{End, Side};
use crate::flavors::Flavor;
use crate::observe::stats::Stats;
use crate::wait::environment::{CHANNEL, EnvironmentId};

/// Counts channels in the order in which they were made.
pub(crate) type Serial = u64;

/// An open channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChannel {
    /// Its number among the channels of the process.
    pub serial: Serial,
    /// The channel's label.
    pub label: Option<String>,
    /// Its figures.
    pub stats: Stats,
    /// Its ends, senders first.
    pub ends: Vec<OpenEnd>,
    /// How many waits have ever begun.
    pub(crate) waits: u64,
}

impl OpenChannel {
    /// Most messages that may be queued; `None` when unbounded.
    #[must_use]
    pub fn capacity(&self) -> Option<usize> {
        self.stats.flavor.capacity()
    }
}

/// An end that was not given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEnd {
    /// Which side it is on.
    pub side: Side,
    /// Who holds it.
    pub holder: Holder,
    /// Where it was made, if that was traced.
    pub made_at: Option<Arc<str>>,
}

/// Who holds an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Nobody: it is in flight.
    Ticket,
    /// Another channel, whose dead letters it takes.
    Channel,
    /// A thread, by the number that its environment was given, 0 where it was given none.
    Thread(u32),
}

struct Book {
    channels: BTreeMap<Serial, Weak<Channel>>,
    next: Serial,
    /// The numbers of the environments' threads.
    threads: BTreeMap<EnvironmentId, u32>,
}

// std's lock even under loom: nothing that is modelled depends on it.
static BOOK: Mutex<Book> = Mutex::new(Book { channels: BTreeMap::new(), next: 0, threads: BTreeMap::new() });

fn book() -> std::sync::MutexGuard<'static, Book> {
    BOOK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lists a new channel, which strikes itself off when it is gone.
pub(crate) fn enlist(make: impl FnOnce(Serial) -> Channel) -> Arc<Channel> {
    let mut book = book();
    let serial = book.next;
    book.next += 1;
    drop(book);
    let channel = Arc::new(make(serial));
    self::book().channels.insert(serial, Arc::downgrade(&channel));
    channel
}

/// The channel is gone.
pub(crate) fn strike_off(serial: Serial) {
    let gone = book().channels.remove(&serial);
    // The last of its memory is freed outside of the lock.
    drop(gone);
}

/// Gives the number of an environment's thread, by which people know it.
pub fn name_thread(environment: EnvironmentId, thread: u32) {
    book().threads.insert(environment, thread);
}

/// The number of an environment's thread, where it has one.
pub(crate) fn thread_of(environment: EnvironmentId) -> Option<u32> {
    book().threads.get(&environment).copied()
}

/// The environment has ended, and holds nothing any more.
pub(crate) fn forget_thread(environment: EnvironmentId) {
    book().threads.remove(&environment);
}

/// Every channel with an end left, in the order in which they were made; each of its own moment.
#[must_use]
pub fn open_channels() -> Vec<OpenChannel> {
    let book = book();
    let threads = book.threads.clone();
    // A channel may be gone meanwhile, by our hand too: it strikes itself off, which needs the lock.
    let channels: Vec<_> = book.channels.iter().map(|(serial, channel)| (*serial, channel.clone())).collect();
    drop(book);
    channels
        .into_iter()
        .filter_map(|(serial, channel)| channel.upgrade()?.as_open(serial, &threads))
        .collect()
}

/// Tells `visit` the number and the figures of every channel with an end left, in the order in which they were made: what a
/// look that comes ten times a second needs, and no more.
pub fn survey(mut visit: impl FnMut(u64, &Stats)) {
    // Let go of when the book is free again: the last of a channel strikes itself off, which needs the lock.
    let channels: Vec<_> =
        book().channels.iter().filter_map(|(serial, channel)| Some((*serial, channel.upgrade()?))).collect();
    for (serial, channel) in channels {
        let stats = channel.stats(&mut channel.lock());
        if stats.senders + stats.receivers > 0 {
            visit(serial, &stats);
        }
    }
}

impl Channel {
    /// `None` once its last end has gone.
    fn as_open(&self, serial: Serial, threads: &BTreeMap<EnvironmentId, u32>) -> Option<OpenChannel> {
        let mut inner = self.lock();
        let stats = self.stats(&mut inner);
        let ends: Vec<_> =
            inner.senders.iter().chain(&inner.receivers).map(|end| end.as_open(threads)).collect();
        let waits = inner.receives.next_place() + inner.sends.next_place() + inner.drains.next_place();
        drop(inner);
        let label = self.settings.label.clone();
        (!ends.is_empty()).then_some(OpenChannel { serial, label, stats, ends, waits })
    }
}

impl End {
    fn as_open(&self, threads: &BTreeMap<EnvironmentId, u32>) -> OpenEnd {
        let holder = match self.owner() {
            0 => Holder::Ticket,
            CHANNEL => Holder::Channel,
            owner => Holder::Thread(threads.get(&owner).copied().unwrap_or(0)),
        };
        OpenEnd { side: self.side, holder, made_at: self.made_at() }
    }
}

/// For people: what is open, an end a line.
impl std::fmt::Display for OpenChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Stats { length, waiting_senders, waiting_receivers, .. } = self.stats;
        write!(f, "{}", name(self.stats.flavor))?;
        if let Some(label) = &self.label {
            write!(f, " '{label}'")?;
        }
        write!(f, ", {length} queued, {waiting_senders} sends and {waiting_receivers} receives waiting")?;
        self.ends.iter().try_for_each(|end| write!(f, "\n{end}"))
    }
}

impl std::fmt::Display for OpenEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = match self.side {
            Side::Sender => "sender",
            Side::Receiver => "receiver",
        };
        match self.holder {
            Holder::Ticket => write!(f, "  {side}, a ticket")?,
            Holder::Channel => write!(f, "  {side}, another channel's, of its dead letters")?,
            Holder::Thread(0) => write!(f, "  {side}, in the main thread")?,
            Holder::Thread(thread) => write!(f, "  {side}, in thread {thread}")?,
        }
        let mut calls = self.made_at.iter().flat_map(|stack| stack.lines());
        calls.try_for_each(|call| write!(f, "\n    {call}"))
    }
}

/// `bounded(8)`: a flavor, and its capacity where one was given.
fn name(flavor: Flavor) -> String {
    match flavor.capacity() {
        Some(capacity) if !matches!(flavor, Flavor::Latest(_) | Flavor::Watch) => {
            format!("{}({capacity})", flavor.name())
        }
        _ => flavor.name().into(),
    }
}
