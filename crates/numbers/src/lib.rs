//! The numbers that cross the border, written once: `crates/binding` uses them, and `npm run numbers` prints
//! `src/border/numbers.ts` from them.
#![allow(missing_docs, reason = "what a number means is told where the table tells it")]

#[macro_use]
mod table;

pub use table::{Names, Row, Style, Table, typescript};

tables! {
    "What a native call answers when it is not a length or a handle."
    code Object("Code"): i64 {
        "Accepted, done. Receiving verbs answer a length (>= 0) instead."
        OK = 0,
        "Full, empty, or timed out."
        NOTHING = -1,
        "The channel is closed for this side."
        CLOSED = -2,
        "The handle is not live in this thread (closed, transferred, never was)."
        SPENT = -3,
        "A message was taken but does not fit the pool's rest: its length is in `outcome[0]`; fetch it with `copyHeld` or `takeHeld`."
        HELD = -4,
        "Receiving: the message is longer than the target, and still the next one. Sending: it is longer than the channel can take: how much that is is in `outcome[1]`, and `outcome[2]` is 1 where the slots' length says so, 0 where `maxBytes` does. Its length is in `outcome[0]`."
        TOO_LONG = -5,
        "A blocking wait that could never end: every other end is in this thread."
        STUCK = -6,
        "The thread is being stopped; whatever is returned will not be seen."
        STOPPING = -7,
        "The argument is not bytes, or its memory was detached."
        NOT_BYTES = -8,
        "There is not enough memory."
        NO_MEMORY = -9,
        "As many sends of this handle are pending as may be: `mostPending`."
        TOO_MANY = -10,
        "The ticket names nothing that is live: redeemed, revoked or expired."
        UNKNOWN_TICKET = -11,
        "This thread has as many handles as it can name: `mostHandles`."
        NO_NAMES = -12,
        "The caller moved a ref's memory away, so it cannot be sent."
        MOVED = -13,
        "The buffer is not memory that this thread was lent."
        FOREIGN = -14,
        "At or below this a wait was registered: its id is `Code.pending - answer`."
        PENDING = -16,
    }

    "`create`'s first argument."
    flavor Object("Flavor"): u32 {
        BOUNDED = 0,
        UNBOUNDED = 1,
        SYNC = 2,
        CHANNEL = 3,
        LATEST = 4,
        BROADCAST = 5,
        WATCH = 6,
        RPC = 7,
    }

    "`create`'s `overflow`: what becomes of a message for which there is no room."
    overflow Options("Overflow"): u32 {
        WAIT = 0,
        DROP_NEWEST = 1,
        DROP_OLDEST = 2,
    }

    "How a lease ends."
    settle Object("Settle"): u32 {
        "Its message is taken off for good."
        ACK = 0,
        "Its message goes back, and has had an attempt."
        NACK = 1,
        "Its message goes back as it was."
        PUT_BACK = 2,
    }

    "What an answer to a call is."
    answer_kind Object("AnswerKind"): u32 {
        REPLY = 0,
        FAILURE = 1,
        "Nobody will answer, and nobody had the request."
        LOST_UNTAKEN = 2,
        "Nobody will answer, and somebody had the request."
        LOST_TAKEN = 3,
        "Added where the answer's bytes are held."
        HELD = 4,
    }

    "`describe`'s `outcome[0]`."
    side Object("Side"): u32 {
        SENDER = 0,
        RECEIVER = 1,
    }

    "`look`'s second argument: which snapshot is asked for."
    look Object("Look"): u32 {
        LENGTH = 0,
        CAPACITY = 1,
        IS_EMPTY = 2,
        IS_FULL = 3,
        IS_CLOSED = 4,
        BYTE_LENGTH = 5,
        LOST = 6,
    }

    "The first part of a `closeReason`: what closed the channel."
    close_kind Object("CloseKind"): u32 {
        CLOSED = 0,
        ENDED = 1,
        CANCELLED = 2,
        FAILED = 3,
        DIED = 4,
    }

    "Places in `outcome` that have one meaning, behind those of any figures."
    cell Object("Cell"): usize {
        "Set by the bell's listener: what it came to, one of `heard`."
        HEARD = 27,
        "Set by native code when the bell is heard: how many microseconds ago it was rung."
        RUNG_AGO = 28,
        "Of `nextSettled`: 1 when others have settled as well."
        ARE_MORE = 29,
        "Set by native code: 1 while the bell's listener runs, and what it woke. It looks at `keepsLoop` afterwards."
        IS_RINGING = 30,
        "Set by JavaScript: 1 when the bell is to keep the event loop alive."
        KEEPS_LOOP = 31,
    }

    "What the bell's listener came to."
    heard Object("Heard"): usize {
        "There was nothing to tell."
        NOTHING = 0,
        "It has told of something, and would go on."
        SOMETHING = 1,
        "This turn has told enough: the next one has been asked for."
        ENOUGH = 2,
    }

    "Sizes that both sides rely on."
    size Constants: usize {
        "How many numbers `outcome` holds."
        OUTCOMES = 32,
        "The longest message that native code copies to a receiver's memory by itself, and the room that a verb for many needs."
        LONGEST_COPIED = 4096,
        "Messages that lie in memory together begin at multiples of this."
        ALIGNMENT = 8,
        "The most messages that a queue can hold."
        MOST_CAPACITY = 8_388_608,
        "The most sends of a handle that are pending."
        MOST_PENDING = 65_536,
        "The most handles that a thread can name."
        MOST_HANDLES = 1_048_576,
    }
}

figures! {
    "A channel's figures, in the order in which they cross."
    Figures("statNames") {
        flavor, capacity, length, bytes, senders, receivers, tickets, sent, received, dropped, skipped, discarded,
        waiting_senders, waiting_receivers, high_water, in_flight, leased,
        oldest, wait_p50, wait_p99, waits, wait_total,
    }

    "What `stats` says of one end, behind its channel's figures."
    OwnFigures("ownStatNames") {
        is_empty, is_full, lost, length,
    }
}
