//! Batches: what a sender and a receiver do with many messages that lie in one block.

use std::collections::VecDeque;

use crate::channel::payload::Payload;
use crate::channel::payload::packed::{Pack, Run, TakenRun, parts, span};
use crate::ends::receiver::Receiver;
use crate::ends::sender::{Sender, Sent};
use crate::error::{Closed, NoMemory, SendError, TrySendError};
use crate::memory::Source;
use crate::message::Message;
use crate::primitives::Ordering;
use crate::wait::blocking::Patience;

/// Messages on their way, made by [`Sender::pack`].
pub struct Batch(Form);

enum Form {
    /// Accepted together.
    Whole(Pack),
    /// One by one, from the front: the channel takes no packs, or none as long as this.
    Apart(VecDeque<Message>),
}

/// Why a pack was not accepted.
enum Refusal {
    Full(Pack),
    Closed(Pack),
}

impl Sender {
    /// Says that this end will send batches. Where that helps, the channel keeps packs whole from here
    /// on. It costs single messages a lock.
    pub fn begin_batches(&self) {
        self.channel().go_packed();
    }

    /// Most messages that [`Sender::pack`] can keep together; `None` when any number.
    #[must_use]
    pub fn pack_limit(&self) -> Option<usize> {
        self.channel().capacity()
    }

    /// A copy of messages that lie one behind the other, each at the next multiple of 8.
    ///
    /// # Errors
    /// [`NoMemory`] when there is not enough memory for it.
    ///
    /// # Panics
    /// When `source` is not as long as the [`span`] of `lengths`.
    pub fn pack(&self, source: Source<'_>, lengths: Vec<u32>) -> Result<Batch, NoMemory> {
        assert_eq!(source.len(), span(&lengths), "a source as long as its messages");
        let (count, bytes) = (lengths.len(), lengths.iter().map(|length| *length as usize).sum());
        // Of no messages there is nothing to keep together.
        if count > 0 && self.channel().takes_packs_of(count, bytes) {
            return Ok(Batch(Form::Whole(Pack::new(self.pool(), source, lengths, bytes)?)));
        }
        let messages = parts(source, &lengths).map(|part| self.message(part));
        Ok(Batch(Form::Apart(messages.collect::<Result<_, _>>()?)))
    }

    /// Whether an attempt to send so many messages together is worth their copy: there is room, or the
    /// channel is closed, which the attempt will say.
    #[must_use]
    pub fn may_take(&self, count: usize) -> bool {
        let channel = self.channel();
        let fits = |capacity| channel.queue_len() + count <= capacity;
        // Acquire: as in `push`.
        let pending = self.held.end.pending.load(Ordering::Acquire) > 0;
        channel.phase() != 0 || (!pending && (!channel.is_packed() || channel.capacity().is_none_or(fits)))
    }

    /// Sends now what there is room for, a pack whole or not at all; how many.
    ///
    /// # Errors
    /// [`Closed`] when it is closed and none was accepted.
    pub fn try_send_batch(&self, batch: Batch) -> Result<usize, Closed> {
        match batch.0 {
            Form::Whole(pack) => {
                let count = pack.len();
                match self.push_pack(pack) {
                    Ok(()) => Ok(count),
                    Err(Refusal::Full(pack)) => {
                        self.pool().recycle(pack.into_block());
                        Ok(0)
                    }
                    Err(Refusal::Closed(_)) => Err(Closed),
                }
            }
            Form::Apart(mut messages) => {
                let sent = self.try_send_many(&mut messages);
                messages.into_iter().for_each(|message| self.recycle(message));
                sent
            }
        }
    }

    /// Sends, or registers the batch to be sent when there is room; the environment is told under the
    /// name `token`.
    ///
    /// # Errors
    /// As [`Sender::send_many_or_wait`].
    pub fn send_batch_or_wait(&self, batch: Batch, token: u32) -> Result<Sent, SendError> {
        let pack = match batch.0 {
            Form::Apart(messages) => return self.send_many_or_wait(messages, token),
            Form::Whole(pack) => pack,
        };
        match self.push_pack_unless_waited(pack) {
            Ok(()) => Ok(Sent::Now),
            Err(Refusal::Closed(pack)) => Err(SendError::Closed(pack.into())),
            Err(Refusal::Full(pack)) => self.wait_for_room(pack.into(), token),
        }
    }

    /// Sends, blocking this thread until there is room.
    ///
    /// # Errors
    /// As [`Sender::send_many`].
    pub fn send_batch(&self, batch: Batch, mut patience: Patience<'_>) -> Result<(), SendError> {
        let pack = match batch.0 {
            Form::Apart(messages) => return self.send_many(messages, patience),
            Form::Whole(pack) => pack,
        };
        let count = pack.len();
        let mut left = match self.push_pack_unless_waited(pack) {
            Ok(()) => return Ok(()),
            Err(Refusal::Closed(pack)) => return Err(SendError::Closed(pack.into())),
            Err(Refusal::Full(pack)) => Some(pack),
        };
        let stuck = || self.held.channel.is_stuck(&self.held.end);
        let mut attempt = || match self.push_pack_unless_waited(left.take()?) {
            Ok(()) => Some(Ok(())),
            Err(Refusal::Closed(pack)) => Some(Err(SendError::Closed(pack.into()))),
            Err(Refusal::Full(back)) => {
                left = Some(back);
                None
            }
        };
        let spun = self.spin.until(
            patience.deadline,
            || patience.lasts(stuck),
            || if self.may_take(count) { attempt() } else { None },
        );
        match left {
            None => spun.unwrap_or(Ok(())),
            Some(pack) => self.block_for_room(Payload::from(pack), &mut patience),
        }
    }

    /// Pushes to the second queue, and leaves the look for waits to the caller.
    pub(crate) fn push_packed(&self, message: Message) -> Result<(), TrySendError> {
        let channel = self.channel();
        let bytes = message.len();
        let mut inner = channel.lock();
        if channel.phase() != 0 {
            return Err(TrySendError::Closed(message));
        }
        channel.append(&mut inner, message).map_err(TrySendError::Full)?;
        self.held.end.direct.add_many(1, bytes);
        Ok(())
    }

    fn push_pack(&self, pack: Pack) -> Result<(), Refusal> {
        let (channel, end) = (self.channel(), &*self.held.end);
        let (count, bytes) = (pack.len(), pack.bytes());
        let mut inner = channel.lock();
        if channel.phase() != 0 {
            return Err(Refusal::Closed(pack));
        }
        if end.pending.load(Ordering::Relaxed) > 0 {
            return Err(Refusal::Full(pack));
        }
        channel.append_pack(&mut inner, pack).map_err(Refusal::Full)?;
        end.direct.add_many(count, bytes);
        drop(inner);
        channel.pushed(&self.held.end);
        Ok(())
    }

    fn push_pack_unless_waited(&self, pack: Pack) -> Result<(), Refusal> {
        if self.others_wait() { Err(Refusal::Full(pack)) } else { self.push_pack(pack) }
    }
}

impl Receiver {
    /// Whether messages may come in packs, to be taken by [`Receiver::try_recv_run`].
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.held.channel.is_packed()
    }

    /// Takes up to `max` messages that lie next to each other and take at most `room` bytes, and has them
    /// copied. How many: 0 as well when the next message lies by itself. `passing`: even before those
    /// who wait already.
    pub fn try_recv_run(
        &self,
        max: usize,
        room: usize,
        passing: bool,
        mut copy: impl FnMut(Run<'_>),
    ) -> usize {
        let channel = &*self.held.channel;
        // Relaxed: a message that is missed here is found by who looks under the lock.
        let others_wait = channel.flags.receivers_wait.load(Ordering::Relaxed) > 0;
        if channel.flags.packed.load(Ordering::Relaxed) == 0 || (others_wait && !passing) {
            return 0;
        }
        let taken = channel.take_run((max, room), &mut copy);
        let (count, bytes) = match &taken {
            TakenRun::None => return 0,
            TakenRun::Some(count, bytes) => (*count, *bytes),
            TakenRun::Rest(pack) => (pack.len(), pack.bytes()),
        };
        self.held.end.direct.add_many(count, bytes);
        channel.popped(&self.held.end);
        if let TakenRun::Rest(pack) = taken {
            copy(pack.rest());
            channel.pool.recycle(pack.into_block());
        }
        count
    }
}
