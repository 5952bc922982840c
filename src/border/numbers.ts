/** The numbers that cross the border. Printed from `crates/numbers` by `npm run numbers`. */

/** What a native call answers when it is not a length or a handle. */
export const Code = {
  /** Accepted, done. Receiving verbs answer a length (>= 0) instead. */
  ok: 0,
  /** Full, empty, or timed out. */
  nothing: -1,
  /** The channel is closed for this side. */
  closed: -2,
  /** The handle is not live in this thread (closed, transferred, never was). */
  spent: -3,
  /** A message was taken but does not fit the pool's rest: its length is in `outcome[0]`; fetch it with `copyHeld` or `takeHeld`. */
  held: -4,
  /** Receiving: the message is longer than the target, and still the next one. Sending: it is longer than the channel can take: how much that is is in `outcome[1]`, and `outcome[2]` is 1 where the slots' length says so, 0 where `maxBytes` does. Its length is in `outcome[0]`. */
  tooLong: -5,
  /** A blocking wait that could never end: every other end is in this thread. */
  stuck: -6,
  /** The thread is being stopped; whatever is returned will not be seen. */
  stopping: -7,
  /** The argument is not bytes, or its memory was detached. */
  notBytes: -8,
  /** There is not enough memory. */
  noMemory: -9,
  /** As many sends of this handle are pending as may be: `mostPending`. */
  tooMany: -10,
  /** The ticket names nothing that is live: redeemed, revoked or expired. */
  unknownTicket: -11,
  /** This thread has as many handles as it can name: `mostHandles`. */
  noNames: -12,
  /** The caller moved a ref's memory away, so it cannot be sent. */
  moved: -13,
  /** The buffer is not memory that this thread was lent. */
  foreign: -14,
  /** At or below this a wait was registered: its id is `Code.pending - answer`. */
  pending: -16,
} as const;

/** `create`'s first argument. */
export const Flavor = {
  bounded: 0,
  unbounded: 1,
  sync: 2,
  channel: 3,
  latest: 4,
  broadcast: 5,
  watch: 6,
  rpc: 7,
} as const;

/** `create`'s `overflow`: what becomes of a message for which there is no room. */
export const Overflow = {
  wait: 0,
  'drop-newest': 1,
  'drop-oldest': 2,
} as const;

/** How a lease ends. */
export const Settle = {
  /** Its message is taken off for good. */
  ack: 0,
  /** Its message goes back, and has had an attempt. */
  nack: 1,
  /** Its message goes back as it was. */
  putBack: 2,
} as const;

/** What an answer to a call is. */
export const AnswerKind = {
  reply: 0,
  failure: 1,
  /** Nobody will answer, and nobody had the request. */
  lostUntaken: 2,
  /** Nobody will answer, and somebody had the request. */
  lostTaken: 3,
  /** Added where the answer's bytes are held. */
  held: 4,
} as const;

/** `describe`'s `outcome[0]`. */
export const Side = {
  sender: 0,
  receiver: 1,
} as const;

/** `look`'s second argument: which snapshot is asked for. */
export const Look = {
  length: 0,
  capacity: 1,
  isEmpty: 2,
  isFull: 3,
  isClosed: 4,
  byteLength: 5,
  lost: 6,
} as const;

/** The first part of a `closeReason`: what closed the channel. */
export const CloseKind = {
  closed: 0,
  ended: 1,
  cancelled: 2,
  failed: 3,
  died: 4,
} as const;

/** Places in `outcome` that have one meaning, behind those of any figures. */
export const Cell = {
  /** Set by the bell's listener: what it came to, one of `heard`. */
  heard: 27,
  /** Set by native code when the bell is heard: how many microseconds ago it was rung. */
  rungAgo: 28,
  /** Of `nextSettled`: 1 when others have settled as well. */
  areMore: 29,
  /** Set by native code: 1 while the bell's listener runs, and what it woke. It looks at `keepsLoop` afterwards. */
  isRinging: 30,
  /** Set by JavaScript: 1 when the bell is to keep the event loop alive. */
  keepsLoop: 31,
} as const;

/** What the bell's listener came to. */
export const Heard = {
  /** There was nothing to tell. */
  nothing: 0,
  /** It has told of something, and would go on. */
  something: 1,
  /** This turn has told enough: the next one has been asked for. */
  enough: 2,
} as const;

/** How many numbers `outcome` holds. */
export const outcomes = 32;
/** The longest message that native code copies to a receiver's memory by itself, and the room that a verb for many needs. */
export const longestCopied = 4096;
/** Messages that lie in memory together begin at multiples of this. */
export const alignment = 8;
/** The most messages that a queue can hold. */
export const mostCapacity = 8_388_608;
/** The most sends of a handle that are pending. */
export const mostPending = 65_536;
/** The most handles that a thread can name. */
export const mostHandles = 1_048_576;

/** A channel's figures, in the order in which they cross. */
export const statNames = [
  'flavor',
  'capacity',
  'length',
  'bytes',
  'senders',
  'receivers',
  'tickets',
  'sent',
  'received',
  'dropped',
  'skipped',
  'discarded',
  'waitingSenders',
  'waitingReceivers',
  'highWater',
  'inFlight',
  'leased',
  'oldest',
  'waitP50',
  'waitP99',
  'waits',
  'waitTotal',
] as const;

/** What `stats` says of one end, behind its channel's figures. */
export const ownStatNames = ['isEmpty', 'isFull', 'lost', 'length'] as const;
