//! The ends of a triple buffer: the input writes the newest value, the output reads it. Neither waits
//! for the other; waiting for a value that is new is on top, in the channel's list of receives.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::channel::close::EndGuard;
use crate::channel::end::Side;
use crate::channel::{Channel, Settings};
use crate::ends::changes::{Changed, Changes};
use crate::error::{Closed, NoMemory, PublishError, RecvError};
use crate::flavors::{Flavor, Latest, Reading, Writing};
use crate::memory::{Slot, Source};
use crate::observe::snapshot::Snapshot;
use crate::wait::blocking::Patience;
use crate::wait::environment::Environment;
use crate::wait::spin::Spin;

/// Makes a triple buffer for values of up to `byte_length` bytes, both ends held by `environment`.
///
/// # Errors
/// [`NoMemory`] when there is not enough memory for the three slots.
pub fn triple_buffer(
    byte_length: usize,
    settings: Settings,
    environment: &Arc<Environment>,
) -> Result<(Input, Output), NoMemory> {
    let channel = Channel::new(Flavor::Latest(byte_length), settings)?;
    let end = |side| EndGuard::new(&channel, side, environment.id());
    let (input, output) = (end(Side::Sender), end(Side::Receiver));
    Ok((Input::new(input), Output::new(output, environment)))
}

/// The writing end, held by one environment and used by one thread at a time.
pub struct Input {
    held: EndGuard,
    latest: Arc<Latest>,
    half: Writing,
    one_thread: PhantomData<Cell<()>>,
}

impl Input {
    /// The end of a triple buffer's channel, which has no other on this side.
    pub(crate) fn new(held: EndGuard) -> Self {
        let latest = of(&held);
        let half = latest.take_writing().expect("a triple buffer has one input");
        Self { held, latest, half, one_thread: PhantomData }
    }

    /// Leaves the slots to the channel, for whoever has the end next.
    pub(crate) fn into_held(self) -> EndGuard {
        self.latest.put_writing(self.half);
        self.held
    }

    /// Publishes the first `len` bytes of the current slot; another one is current then. True: they
    /// replaced a value that nobody read.
    ///
    /// # Errors
    /// [`PublishError::Closed`] when the output is gone, [`PublishError::TooLong`].
    pub fn publish(&mut self, len: usize) -> Result<bool, PublishError> {
        let most = self.byte_length();
        if len > most {
            return Err(PublishError::TooLong { len, most });
        }
        let channel = &*self.held.channel;
        // A close that comes after this look needs no waiting for: what it finds unread, now or a moment
        // later, is counted as discarded (`Channel::stats`).
        if channel.phase() != 0 {
            return Err(PublishError::Closed);
        }
        let replaced = self.latest.publish(&mut self.half, len);
        self.held.end.direct.add(len);
        channel.pushed(&self.held.end);
        Ok(replaced)
    }

    /// As `publish`, of a copy of `source`.
    ///
    /// # Errors
    /// As `publish`; nothing was written then.
    pub fn write(&mut self, source: Source<'_>) -> Result<bool, PublishError> {
        if self.held.channel.phase() != 0 {
            return Err(PublishError::Closed);
        }
        if !self.half.input_buffer_mut().fill(source) {
            return Err(PublishError::TooLong { len: source.len(), most: self.byte_length() });
        }
        self.publish(source.len())
    }

    /// The slot that is written next.
    #[must_use]
    pub fn slot(&self) -> &Slot {
        self.half.input_buffer()
    }

    /// The longest value, in bytes.
    #[must_use]
    pub fn byte_length(&self) -> usize {
        self.latest.byte_length()
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }
}

/// The reading end, held by one environment and used by one thread at a time.
pub struct Output {
    pub(crate) held: EndGuard,
    pub(crate) spin: Spin,
    environment: Arc<Environment>,
    latest: Arc<Latest>,
    half: Reading,
    one_thread: PhantomData<Cell<()>>,
}

impl Output {
    /// The end of a triple buffer's channel, which has no other on this side.
    pub(crate) fn new(held: EndGuard, environment: &Arc<Environment>) -> Self {
        let spin = Spin::new(held.channel.settings.spin_micros);
        let latest = of(&held);
        let half = latest.take_reading().expect("a triple buffer has one output");
        Self { held, spin, environment: Arc::clone(environment), latest, half, one_thread: PhantomData }
    }

    /// Leaves the slots to the channel, for whoever has the end next.
    pub(crate) fn into_held(self) -> EndGuard {
        self.latest.put_reading(self.half);
        self.held
    }

    /// Makes the newest value the current one; false when it is already, or there is none.
    pub fn update(&mut self) -> bool {
        let updated = self.latest.update(&mut self.half);
        if updated {
            self.held.end.direct.add(self.slot().len);
        }
        updated
    }

    /// Whether an `update` would bring a value.
    #[must_use]
    pub fn is_updated(&self) -> bool {
        self.half.updated()
    }

    /// The current value's slot; it stays the same until the next `update`.
    #[must_use]
    pub fn slot(&self) -> &Slot {
        self.half.output_buffer()
    }

    /// The longest value, in bytes.
    #[must_use]
    pub fn byte_length(&self) -> usize {
        self.latest.byte_length()
    }

    /// Looks for an unread value, or registers to be told of one; the environment is told under the name
    /// `token`.
    ///
    /// # Errors
    /// [`Closed`] when the input is gone and nothing is unread.
    pub fn changed_or_wait(&self, token: u32) -> Result<Changed, Closed> {
        self.changes().changed_or_wait(token)
    }

    /// Blocks this thread until a value is unread.
    ///
    /// # Errors
    /// See [`RecvError`].
    pub fn changed(&self, patience: Patience<'_>) -> Result<(), RecvError> {
        self.changes().changed(patience)
    }

    /// Whether a value is unread, or none ever will be; `None`: not yet.
    pub(crate) fn look(&self) -> Option<Result<(), Closed>> {
        self.changes().look()
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }

    fn changes(&self) -> Changes<'_, impl Fn() -> bool> {
        let (held, environment, spin) = (&self.held, &self.environment, &self.spin);
        Changes { held, environment, spin, is_new: || self.latest.is_unread() }
    }
}

fn of(held: &EndGuard) -> Arc<Latest> {
    Arc::clone(held.channel.queue.latest().expect("an end of a triple buffer"))
}
