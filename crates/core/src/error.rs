//! What a verb answers when it did not do its work. Errors that concern a message give it back.

use crate::channel::payload::Payload;
use crate::message::Message;
use thiserror::Error;

/// There is not enough memory for a message or a channel.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("memory for {bytes} bytes could not be had")]
pub struct NoMemory {
    /// How many bytes were asked for.
    pub bytes: usize,
}

/// Why `try_send` did not accept.
#[derive(Debug, Error)]
pub enum TrySendError {
    /// There is no room now, or an earlier send of this end is still pending.
    #[error("the channel is full")]
    Full(Message),
    /// Nothing more is accepted.
    #[error("the channel is closed")]
    Closed(Message),
}

/// Nothing more is accepted, and nothing of this was.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[error("the channel is closed")]
pub struct Closed;

/// Why a value was not published.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
pub enum PublishError {
    /// The output is gone.
    #[error("the channel is closed")]
    Closed,
    /// The slots are shorter than the value.
    #[error("{len} bytes do not fit into {most}")]
    TooLong {
        /// The value's length in bytes.
        len: usize,
        /// A slot's.
        most: usize,
    },
}

/// Why a value was not made a watch's newest.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SetError {
    /// Another sender went with a thread that died, and that fails the channel.
    #[error("the channel is closed")]
    Closed,
    /// The value's copy could not be had.
    #[error(transparent)]
    NoMemory(NoMemory),
}

/// Why a waiting send did not accept: what it did not accept comes back.
#[derive(Debug, Error)]
pub enum SendError {
    /// Nothing more is accepted.
    #[error("the channel is closed")]
    Closed(Payload),
    /// The deadline passed before there was room.
    #[error("no room within the time given")]
    TimedOut(Payload),
    /// Every other end is in this thread: nobody could ever make room.
    #[error("this send could never return")]
    Stuck(Payload),
    /// The caller's pulse said that the thread is being stopped.
    #[error("the thread is being stopped")]
    Stopped(Payload),
    /// Too many sends of this end are pending.
    #[error("too many pending sends")]
    TooMany(Payload),
    /// A message among them is longer than the channel could ever queue.
    #[error("longer than the channel can take")]
    TooLong(Payload),
}

/// Why a call has no answer. Its request was withdrawn, or never sent.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
pub enum CallError {
    /// There are no responders.
    #[error("the channel is closed")]
    Closed,
    /// The deadline passed before there was an answer.
    #[error("no answer within the time given")]
    TimedOut,
    /// This thread has the request, or every responder: nobody could ever answer.
    #[error("this call could never be answered")]
    Stuck,
    /// The caller's pulse said that the thread is being stopped.
    #[error("the thread is being stopped")]
    Stopped,
    /// Too many calls of this end wait for room.
    #[error("too many pending calls")]
    TooMany,
}

/// Why `try_recv` did not give a message.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
#[repr(u64)]
pub enum TryRecvError {
    /// Nothing is queued now.
    #[error("the channel is empty")]
    Empty,
    /// Nothing is queued and nothing more can arrive.
    #[error("the channel is closed")]
    Closed,
}

/// Why a blocking receive did not give a message.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
pub enum RecvError {
    /// Nothing is queued and nothing more can arrive.
    #[error("the channel is closed")]
    Closed,
    /// The deadline passed before a message came.
    #[error("no message within the time given")]
    TimedOut,
    /// Every other end is in this thread: nobody could ever send.
    #[error("this receive could never return")]
    Stuck,
    /// The caller's pulse said that the thread is being stopped.
    #[error("the thread is being stopped")]
    Stopped,
}

/// The name stands for no live ticket: it was redeemed, revoked, has expired or never was.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("ticket {index} of the request names nothing that is live")]
pub struct UnknownTicket {
    /// Which of the names asked for.
    pub index: usize,
}
