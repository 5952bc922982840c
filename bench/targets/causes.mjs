// Why targets are missed: claim -> sentence, kept by hand, each one measured. A claim is named by its row and its target,
// as the table of targets says them; a cause is shown only while its claim is missed.

const border =
  'Node-API: of the 72 ns of a `trySend` of 64 bytes 28 are a call that does nothing and 18 laying out the bytes, of the 76 of a `tryRecvInto` 28 and 21 looking at its target (one thread, undisturbed); a JS ring makes no call, a Rust thread neither. What the core adds is 25 to 30 a side, three full fences of 8 each among it.';
const wakes =
  'A full channel puts the awaiting sender to sleep: one in 77 sends of 10,000,000 waited, each with a wake of 35 us on one side and the ringing on the other; a ready `await send` takes 140 ns, a step of `for await` 250, of which promises are 71 and 88.';
const views =
  'A view for every message is 24 ns of V8 and its garbage as much again; the rings read through one view that they made once.';
const lent =
  'Lending native memory and taking it back costs 3 to 4 us a side: an external `ArrayBuffer`, the guard that keeps it safe when a thread ends, and their finalizers; a ring reads through a view that it made once. Up to 8 KiB a copy is cheaper, and is what a ref does.';
const teams =
  'Eight threads on two cores: one that is put to sleep inside of a push holds up all others, and every push and pop is a call across the border that a JS ring does not make.';
const blocks =
  'A message over 64 bytes lies in a block of its own, which goes from core to core and back: 270 ns of a send and a receive in one thread against 170 of 64 bytes, all of the rest is memory that the other core wrote; a ring walks through one region in order.';
const blocksInTurn =
  'While one block is read the next is written, and what is not in the cache is slower to write: `memcpy` into many blocks in turn did 4,050 frames of 6.2 MB a second where one block did 6,660, and millrace 5,170.';
const pointers =
  'A transfer of a buffer that nobody fills, sent back for reuse, copies nothing either: both hand a pointer over. Where it is filled, as a message is, the claim below holds.';
const near =
  'Where the two cores share their caches `postMessage` takes 18 us, where they do not 55 to 68; ours, whose looks are turns of the event loop, 4 to 6.5 in either case.';
const crossings =
  'Two sends of 58 ns and two receives of 72 a round trip, in one thread, where crossbeam alone has two pushes and two pops of 14: 200 ns more, and 800 are the whole; a JS ring, which makes no call, takes 300 to 400.';
const stopped =
  'A thread of Node wakes later than one of Rust: a JS ring that sleeps in `Atomics.wait`, and calls nothing, takes 1.3 to 1.8 x as well. Of ours 2 to 4 us a round trip are the look whether the thread is being stopped, at each waking, through code that is cold by then (20 to 26 us without it, 22 to 28 with it).';
const cold =
  'Code that is cold after a millisecond: a threadsafe function, a promise and a step of the iteration are more of it than an event of a port. Polling has no part in it (72 to 109 us with it, 92 to 116 without, 60 to 69 of `postMessage`).';
const few =
  'Over 100 channels 39 of 100 receives begin a wait, which is a place in a list, a promise of its own and its part of a ring; of one channel, which mostly has some, 4 of 1,000.';

const asleep =
  'One call of the system, which wakes the thread that wakes the readers (9 us where the other core sleeps, 3 at least), by a thread that has slept for a millisecond itself: copying 1 KiB takes it 4 us then, an empty call across the border 10, a `set` that nobody waits for 9; again and again 0.3.';

const settled =
  'Of 64 bytes in one thread a send takes 130 ns instead of 110, for what it counts lasts until it is settled; a receive 270 instead of 160, for the lock under which it gets its number, a name that JavaScript knows it by, and an object; the `ack` 93, of which a call across the border that does nothing is 40.';

const packed =
  'The reader of packed messages never waits: 36 ns a message, of them 14 to make its view and to list it, 6 to copy it and to clear the memory that it lies in, 5 to check it, the rest garbage collection and page faults. One by one takes 160.';

const reading =
  "Reading the file is most of a chunk: what reads it and hands it to nobody is the bound, and stands in the table. Both threads wait for the next read, the main one 58 of 100 us, the worker 85; of what the main thread does most is Node's `read` and its promise, then the call of the system that wakes the worker, which `postMessage` makes as well. A chunk of ours makes fourteen calls across the border, and JavaScript around them, where a transfer is one call and an event, nearly all of it C++. Tried: looking for what comes rather than sleeping (as fast, a third more processor time), telling what settles while the bell is heard without another ring, refs without closures and private fields (2 us of 9 a hop, nothing to be seen here). The memory is the package itself: loaded in both threads and not used it takes 10 MB (75 beside 65).";
const copied =
  'The plain verbs copy a chunk in and out on both sides, four times in all, and each `Uint8Array` received is fresh memory that the collector gives back; a new buffer that is moved is copied never.';

const longAnswers =
  'An answer of 64 KiB is copied to the caller, into memory that the collector gives back: 65 us of processor time a call, of 64 bytes 6.4; an eighth of it copying, an eighth making arrays, a seventh marking for the collector. Tried: answers that are moved (`alloc` and `transfer`, over two channels) take 35 to 42 us, as many as with `postMessage` (32 to 36), because memory that the caller keeps is what costs; chunks that are not cleared before they are filled changed nothing. In place, over two channels, 7 to 9.';
const calls =
  'A call takes 6.4 to 7.2 us of processor time, one by `postMessage` 15 to 21, in the same minute: 2.2 to 3.3 x is what two cores can show.';
const toEach =
  'Each receiver copies 4 KiB: 5.2 us of processor time a message for four of them that fill an array of theirs, 13 to 17 where each gets memory of its own, 16 by `BroadcastChannel`, which encodes once as well; 3 x is what there is to gain. Tried: memory that is not cleared first, `recvSync` (18 us), many at a time (17).';

/** Of rows of which all claims have one cause. */
const rows = {
  'broadcast of 4 KiB to 4 receivers': toEach,
  'file chunks there and back, by the best verbs': reading,
  'file chunks there and back, `send` / `for await`': copied,
  '64 B one by one, `trySend` / `tryRecvInto`, 1:1': border,
  '64 B one by one, blocking both sides': border,
  '64 B one by one, a fresh `Uint8Array` sent and a fresh one received': `${border} ${views}`,
  '64 B, `send` + `for await`': wakes,
  '64 B, `batches()` awaited': `${views} ${wakes}`,
  '64 B batched, read as views': views,
  '4:4 across 8 workers': teams,
  '64 KiB copied in once, read in place': lent,
  '1 MiB copied in once, read in place': lent,
  '6.2 MB copied in once, read in place': lent,
  '6.2 MB and 64 MB in place, not filled': lent,
};

/** Of claims whose row has several. */
const claims = {
  'request and reply: >= 4 x `postMessage` with ids, 16 callers': calls,
  'request and reply: >= 1.3 x `postMessage` with ids, replies of 64 KiB': longAnswers,
  '1 KiB one by one / in place: >= 0.7 x the best JS ring that copies out': blocks,
  '1 KiB one by one / in place: >= 12 x `postMessage`': blocks,
  '1 KiB one by one / in place: >= 1 x the ring read in place': lent,
  '1 MiB copied in once, read in place: >= 0.9 x memcpy into one block': blocksInTurn,
  '6.2 MB copied in once, read in place: >= 0.9 x memcpy into one block': blocksInTurn,
  '6.2 MB and 64 MB in place, not filled: >= 5 x the best transfer, not filled either': pointers,
  'awaited ping-pong p50, hot / cold: <= 0.33 x `postMessage`, hot': near,
  'blocking ping-pong, hot / cold p50: <= 1.5 x Rust threads, hot': crossings,
  'blocking ping-pong, hot / cold p50: <= 1.25 x Rust threads, cold': stopped,
  'a message costs the same, however many there are: >= 0.67 x with 1, of 100 channels awaited': few,
  'awaited ping-pong p50, hot / cold: <= 1 x `postMessage`, cold': cold,
  'watch: `set` of 1 KiB, 4 readers asleep: <= 0.003 ms': asleep,
  'leases, `recv` and `ack`: <= 1.43 x the same channel without': settled,
  'packed by `batch()`, blocking both sides: >= 4 x `sendSync` / `recvSync`': packed,
};

export const causedRows = Object.keys(rows);
export const causedClaims = Object.keys(claims);

/** The cause of a missed claim, if one was found. */
export function causeOf(row, name) {
  return claims[name] ?? rows[row];
}
