// A worker of the soak: sends or receives by verbs chosen at random, and ends in the manner that it was told.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { attach } from 'millrace';
import { Newest } from './latest.mjs';
import { read, scratch, someLength, stamp } from './message.mjs';
import { MOST, SenderPage, count, see, tellLatest } from './tally.mjs';
import { verbNames, verbs as waysOf } from './verbs.mjs';

const { chance } = createRequire(import.meta.url)('../fuzz/fixtures/chance.cjs');
const { side, index, end, seed, longest, books, manner, fuse, lasting } = attach(workerData);
const random = chance(seed);
const verbs = waysOf[side];
const names = Object.keys(verbs);
/** Messages of a call that sends many are short enough to be made by the handful. */
const HANDY = 65_536;
/** Messages that lie in a channel without a limit, at most, before its sender waits. */
const AHEAD = 500;

/** Messages that went or came. */
let done = 0;

/** What a verb needs, and whether there is more to do. */
function sending() {
  const until = Date.now() + lasting;
  const page = new SenderPage(books, index);
  const memory = scratch();
  let accepted = 0;
  const way = {
    tx: end,
    random,
    patience,
    one() {
      page.attempt(accepted + 1);
      const bytes = memory.subarray(0, someLength(random, longest, side === 'sender'));
      // What the last one laid over the filling is overwritten by the next head, which is as long.
      stamp(bytes, index, accepted, true);
      return bytes;
    },
    many(count) {
      page.attempt(accepted + count);
      return Array.from({ length: count }, (_, place) => {
        const bytes = new Uint8Array(someLength(random, Math.min(longest, HANDY), true));
        stamp(bytes, index, accepted + place, false);
        return bytes;
      });
    },
    took(count) {
      accepted += count;
      done += count;
      page.accept(accepted);
    },
  };
  return {
    way,
    async more() {
      if (end.capacity === Infinity && end.length > AHEAD) await end.drained({ timeout: patience() });
      return accepted < MOST - 100 && Date.now() < until;
    },
    /** A batch that found its channel closed does not say which of its messages went. */
    settle: (verb, closed) => (closed && verb.startsWith('batch')) || page.settle(),
  };
}

function receiving() {
  const take = (bytes) => {
    see(books, read(bytes));
    done += 1;
  };
  return { way: { rx: end, take, patience }, more: () => true, settle() {} };
}

function reading() {
  const newest = new Newest();
  const take = (bytes) => {
    done += 1;
    if (newest.take(bytes)) count(books);
  };
  /** Closed: what is there now is the last value. */
  const settle = (verb, closed) => {
    if (!closed) return;
    verbs.read({ rx: end, take });
    tellLatest(books, newest.number);
  };
  return { way: { rx: end, take, patience }, more: () => true, settle };
}

const parts = { sender: sending, writer: sending, receiver: receiving, reader: reading };

/** Milliseconds that a call waits at most. */
function patience() {
  return random.below(6);
}

/** What ends a worker by itself once its fuse has burnt. */
const endings = {
  returns: () => end.close(),
  throws() {
    throw new Error('as told');
  },
  exits: () => process.exit(0),
  busy() {
    parentPort.postMessage('there');
    for (;;);
  },
};
/** The only verbs, by side, of one that is terminated in them. */
const onlyIn = {
  blocked: { sender: 'sendSync', receiver: 'recvSync', writer: 'write', reader: 'changedSync' },
  awaiting: { sender: 'send', receiver: 'recv', writer: 'publish', reader: 'changed' },
};

async function run() {
  const { way, more, settle } = parts[side]();
  let only;
  for (let calls = 1; ; calls++) {
    const verb = only ?? random.oneOf(names);
    try {
      if (!(await more())) break;
      await verbs[verb](way);
    } catch (error) {
      if (error.code !== 'ERR_CHANNEL_CLOSED') throw error;
      settle(verb, true);
      break;
    }
    settle(verb, false);
    Atomics.add(books.verbs, verbNames.indexOf(`${side}: ${verb}`), 1);
    if (done >= fuse && endings[manner] !== undefined) {
      endings[manner]();
      return;
    }
    if (done >= fuse && only === undefined && onlyIn[manner] !== undefined) {
      only = onlyIn[manner][side];
      parentPort.postMessage('there');
    }
    // Timers and signals have their turn, whatever verbs come.
    if (calls % 64 === 0) await setImmediate();
  }
  end.close();
}

await run();
