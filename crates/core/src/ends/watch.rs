//! The ends of a watch: senders set the newest value, receivers see it. Neither waits for the other.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::channel::close::EndGuard;
use crate::channel::end::{End, Side};
use crate::channel::{Channel, Inner, Settings};
use crate::ends::changes::{Changed, Changes};
use crate::error::{Closed, NoMemory, RecvError, SetError};
use crate::flavors::{Flavor, Newest};
use crate::memory::{Magazine, Source};
use crate::message::Message;
use crate::observe::snapshot::Snapshot;
use crate::primitives::Ordering;
use crate::wait::blocking::Patience;
use crate::wait::environment::Environment;
use crate::wait::pending::Origin;
use crate::wait::spin::Spin;

/// Makes a watch, both ends held by `environment`.
///
/// # Errors
/// [`NoMemory`] when there is not enough memory for it.
pub fn watch_channel(
    settings: Settings,
    environment: &Arc<Environment>,
) -> Result<(WatchSender, WatchReceiver), NoMemory> {
    let channel = Channel::new(Flavor::Watch, settings)?;
    let end = |side| EndGuard::new(&channel, side, environment.id());
    let (sender, receiver) = (end(Side::Sender), end(Side::Receiver));
    Ok((WatchSender::new(sender, environment), WatchReceiver::new(receiver, environment)))
}

/// An end that sets the value, held by one environment and used by one thread at a time.
pub struct WatchSender {
    pub(crate) held: EndGuard,
    environment: Arc<Environment>,
    newest: Arc<Newest>,
    magazine: Magazine,
    one_thread: PhantomData<Cell<()>>,
}

impl WatchSender {
    pub(crate) fn new(held: EndGuard, environment: &Arc<Environment>) -> Self {
        let magazine = Magazine::new(&held.channel.pool);
        let newest = of(&held);
        Self { held, environment: Arc::clone(environment), newest, magazine, one_thread: PhantomData }
    }

    /// Makes a copy of `source` the newest value.
    ///
    /// # Errors
    /// See [`SetError`]; the value is the one before then.
    pub fn set(&self, source: Source<'_>) -> Result<(), SetError> {
        let message = Message::copy(source, |long| self.magazine.copy(long)).map_err(SetError::NoMemory)?;
        let EndGuard { channel, end } = &self.held;
        end.enter();
        // Another sender died, and that fails the channel.
        if channel.phase() != 0 {
            end.leave();
            self.magazine.recycle(message);
            return Err(SetError::Closed);
        }
        self.newest.set(message, |older| self.magazine.recycle(older));
        end.direct.add(source.len());
        end.leave();
        channel.pushed(end);
        Ok(())
    }

    /// Another sender, for the same environment.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.held.another(self.environment.id()), &self.environment)
    }

    /// A receiver, for the same environment.
    #[must_use]
    pub fn subscribe(&self) -> WatchReceiver {
        let held = EndGuard::new(&self.held.channel, Side::Receiver, self.environment.id());
        WatchReceiver::new(held, &self.environment)
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }
}

/// An end that sees the value, held by one environment and used by one thread at a time.
pub struct WatchReceiver {
    pub(crate) held: EndGuard,
    pub(crate) spin: Spin,
    environment: Arc<Environment>,
    newest: Arc<Newest>,
    magazine: Magazine,
    one_thread: PhantomData<Cell<()>>,
}

impl WatchReceiver {
    pub(crate) fn new(held: EndGuard, environment: &Arc<Environment>) -> Self {
        let spin = Spin::new(held.channel.settings.spin_micros);
        let magazine = Magazine::new(&held.channel.pool);
        let newest = of(&held);
        let environment = Arc::clone(environment);
        Self { held, spin, environment, newest, magazine, one_thread: PhantomData }
    }

    /// Whether there is a value that this end has not seen.
    #[inline]
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.newest.is_unseen_by(&self.held.end)
    }

    /// The newest value, if this end has not seen it; it has then.
    #[inline]
    pub fn get_new(&self) -> Option<Message> {
        if !self.has_changed() {
            return None;
        }
        let seen = self.seen();
        let (number, message) = self.newest.get()?;
        let end = &self.held.end;
        // Relaxed: others look at it under the lock, where this end's own waits have put it.
        end.seen.store(number, Ordering::Relaxed);
        end.lost.add_many((number - seen - 1) as usize, 0);
        end.direct.add_and_fence(message.len());
        self.held.channel.counted(end);
        Some(message)
    }

    /// The newest value, seen before or not, without counting.
    #[must_use]
    pub fn get_again(&self) -> Option<Message> {
        self.newest.get().map(|(_, message)| message)
    }

    /// Takes a value's memory back for the channel's next ones.
    pub fn recycle(&self, message: Message) {
        self.magazine.recycle(message);
    }

    /// Looks for a value that is new, or registers to be told of one; the environment is told under the name
    /// `token`.
    ///
    /// # Errors
    /// [`Closed`] when the senders are gone and nothing is new.
    pub fn changed_or_wait(&self, token: u32) -> Result<Changed, Closed> {
        self.changes().changed_or_wait(token)
    }

    /// Blocks this thread until a value is new.
    ///
    /// # Errors
    /// See [`RecvError`].
    pub fn changed(&self, patience: Patience<'_>) -> Result<(), RecvError> {
        self.changes().changed(patience)
    }

    /// Whether a value is new, or none ever will be; `None`: not yet.
    pub(crate) fn look(&self) -> Option<Result<(), Closed>> {
        self.changes().look()
    }

    /// The channel that this end's values come from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.held.origin()
    }

    /// Another receiver, for the same environment, which has seen nothing yet.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.held.another(self.environment.id()), &self.environment)
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }

    fn changes(&self) -> Changes<'_, impl Fn() -> bool> {
        let (held, environment, spin) = (&self.held, &self.environment, &self.spin);
        Changes { held, environment, spin, is_new: || self.has_changed() }
    }

    fn seen(&self) -> u64 {
        // Relaxed: only this end's own thread writes it.
        self.held.end.seen.load(Ordering::Relaxed)
    }
}

impl Newest {
    /// Whether there is a value that a receiving end has not seen.
    pub(crate) fn is_unseen_by(&self, end: &End) -> bool {
        // Relaxed: the end's own thread writes it; others ask for a snapshot.
        self.number() > end.seen.load(Ordering::Relaxed)
    }
}

impl Channel {
    /// A new receiving end of a watch has yet to see the newest value, and has passed over none before it.
    pub(crate) fn see_from_now(&self, end: &End) {
        if let Some(newest) = self.queue.watch() {
            end.seen.store(newest.number().saturating_sub(1), Ordering::Relaxed);
        }
    }

    /// A receiving end of a watch goes: what it has not seen is passed over, the newest discarded.
    pub(crate) fn see_no_more(&self, inner: &mut Inner, end: &End) {
        let Some(newest) = self.queue.watch().filter(|_| end.side == Side::Receiver) else { return };
        let unseen = newest.number().saturating_sub(end.seen.load(Ordering::Relaxed));
        inner.discarded += unseen.min(1);
        end.lost.add_many(unseen.saturating_sub(1) as usize, 0);
    }
}

fn of(held: &EndGuard) -> Arc<Newest> {
    Arc::clone(held.channel.queue.watch().expect("an end of a watch"))
}
