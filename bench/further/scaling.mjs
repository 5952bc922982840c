// Whether a message costs the same when there is much of something: handles, channels, messages queued already. In one
// thread, one message sent and received at a time, of 64 bytes.
import { bounded, unbounded } from 'millrace';

/** Messages of one repetition. */
const MESSAGES = 200_000;
/** Messages that one call queues beforehand. */
const HANDFUL = 256;

/** What is many, how many, and how they are made: the ends of each side, which are used in turn. */
const kinds = [
  { what: 'handles', of: 'clones of one channel, used in turn', many: [1, 8, 64], make: clones },
  { what: 'channels', of: 'channels, used in turn', many: [1, 8, 64], make: channels },
  { what: 'queued', of: 'messages queued before it', many: [1, 1000, 1_000_000], make: queue },
];

/** Answers with the nanoseconds of one message, one a repetition, by what there was: `handles 64`. */
export function measureScaling(repetitions, tell) {
  const runners = kinds.flatMap(({ what, of, many, make }) =>
    many.map((count) => {
      const title = `${of}: ${count.toLocaleString('en-US')}`;
      return { name: `${what} ${count}`, title, ends: make(count), values: [] };
    }),
  );
  // The first round is for warming up.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    for (const { name, ends, values } of runners) {
      tell(`${repetition} of ${repetitions}, ${name}`);
      const cost = timeOf(ends);
      if (repetition > 0) values.push(cost);
    }
  }
  for (const { ends } of runners) for (const end of [...ends.senders, ...ends.receivers]) end.close();
  return runners.map(({ name, title, values }) => ({ name, title, values }));
}

function timeOf({ senders, receivers }) {
  const message = new Uint8Array(64);
  const target = new Uint8Array(64);
  const began = performance.now();
  for (let sent = 0; sent < MESSAGES;) {
    for (let turn = 0; turn < senders.length; turn++) {
      if (!senders[turn].trySend(message) || receivers[turn].tryRecvInto(target) !== 64)
        throw new Error('A message did not go or come');
    }
    sent += senders.length;
  }
  // Whole rounds: a few more than asked for where they do not divide it.
  const messages = Math.ceil(MESSAGES / senders.length) * senders.length;
  return ((performance.now() - began) * 1e6) / messages;
}

function clones(count) {
  const [tx, rx] = bounded(1024);
  const others = Array.from({ length: count - 1 }, () => [tx.clone(), rx.clone()]);
  return sidesOf([[tx, rx], ...others]);
}

function channels(count) {
  return sidesOf(Array.from({ length: count }, () => bounded(1024)));
}

function queue(count) {
  const [tx, rx] = unbounded();
  fill(tx, count, 64);
  return sidesOf([[tx, rx]]);
}

function sidesOf(pairs) {
  return { senders: pairs.map(([tx]) => tx), receivers: pairs.map(([, rx]) => rx) };
}

/** Queues so many messages of so many bytes. */
export function fill(tx, count, size) {
  const messages = Array.from({ length: Math.min(count, HANDFUL) }, () => new Uint8Array(size));
  for (let sent = 0; sent < count;) {
    const rest = count - sent;
    sent += tx.trySendMany(rest < messages.length ? messages.slice(0, rest) : messages);
  }
}
