// No timer is late, whatever the verb and however much is queued: a turn is over after 256 results, or a few milliseconds.
import { type Receiver, select, type SoleReceiver, unbounded } from 'millrace';
import { afterEach, expect, test } from 'vitest';

import { part } from '../laws/part';

const messages = part(4_000_000);
/** Milliseconds. */
const late = 50;
/** What a busy machine, or a collection of all garbage, adds to one run it does not add to each of three. */
const again = { retry: 2 };

let latest = 0;
let timer: NodeJS.Timeout | undefined;
afterEach(() => clearTimeout(timer));

/**
 * From here on a timer of a millisecond fires again and again, and the longest delay is kept in `latest`. What the
 * processor did for others meanwhile is no delay of ours.
 */
function watch(): void {
  latest = 0;
  let due = performance.now() + 1;
  let before = process.cpuUsage();
  const fired = () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(before);
    latest = Math.max(latest, Math.min(now - due, (user + system) / 1_000));
    before = process.cpuUsage();
    due = now + 1;
    timer = setTimeout(fired, 1);
  };
  timer = setTimeout(fired, 1);
}

const byNumber = { codec: 'f64' } as const;

function filled(count: number): Receiver<number> {
  const [tx, rx] = unbounded(byNumber);
  const values = Array.from({ length: 1_000 }, (_, index) => index);
  for (let sent = 0; sent < count; sent += values.length) tx.trySendMany(values);
  tx.close();
  return rx;
}

const isClosed = (error: { code?: string }): number => {
  if (error.code !== 'ERR_CHANNEL_CLOSED') throw error;
  return 0;
};

const verbs: Record<string, [share: number, (rx: Receiver<number>) => Promise<number>]> = {
  'batches(65536)': [1, (rx) => count(rx.batches(65_536), (many) => many.length)],
  'batches of all': [1, (rx) => count(rx.batches(messages), (many) => many.length)],
  'batches(100)': [1, (rx) => count(rx.batches(100), (many) => many.length)],
  'recvMany(65536)': [1, (rx) => repeated(() => rx.recvMany(65_536).then((many) => many.length, isClosed))],
  'for await': [4, (rx) => count(rx, () => 1)],
  recv: [4, (rx) => repeated(() => rx.recv().then(() => 1, isClosed))],
  'recv, a thousand at once': [
    4,
    (rx) => repeated(() => several(1_000, () => rx.recv().then(() => 1, isClosed))),
  ],
  select: [16, (rx) => repeated(() => select({ rx }).then(({ closed }) => (closed ? 0 : 1)))],
};

async function count<T>(iterable: AsyncIterable<T>, size: (value: T) => number): Promise<number> {
  let counted = 0;
  for await (const value of iterable) counted += size(value);
  return counted;
}

async function repeated(step: () => Promise<number>): Promise<number> {
  let counted = 0;
  for (;;) {
    const more = await step();
    if (more === 0) return counted;
    counted += more;
  }
}

async function several(times: number, step: () => Promise<number>): Promise<number> {
  const steps = await Promise.all(Array.from({ length: times }, step));
  return steps.reduce((sum, one) => sum + one, 0);
}

test.each(Object.entries(verbs))(
  'no timer is late while queued messages are taken: %s',
  again,
  async (_, [share, take]) => {
    const rx = filled(messages / share);
    watch();
    expect(await take(rx)).toBe(messages / share);
    console.log(`${latest.toFixed(1)} ms late at most`);
    expect(latest).toBeLessThan(late);
    rx.close();
  },
);

test(
  'no timer is late while sends that never wait are awaited, one by one and many at once',
  again,
  async () => {
    const [tx, rx] = unbounded(byNumber);
    watch();
    const values = Array.from({ length: 10_000 }, (_, index) => index);
    for (let sent = 0; sent < messages / 4; sent += values.length) await tx.sendMany(values);
    for (let sent = 0; sent < messages / 16; sent += 1) await tx.send(sent);
    expect(latest).toBeLessThan(late);
    rx.cancel();
  },
);

/** Keeps this thread busy for so many milliseconds. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test.each([
  [
    'for await',
    async (rx: SoleReceiver<number>) => {
      for await (const value of rx) work(value >= 0 ? 2 : 0);
    },
  ],
  [
    'a codec that takes its time',
    async (rx: SoleReceiver<number>) => {
      for await (const many of rx.batches(64)) if (many.length === 0) return;
    },
  ],
])('no timer is late while each message takes two milliseconds: %s', again, async (how, take) => {
  const slow = {
    name: 'slow',
    encode: (value: number) => Uint8Array.of(value),
    decode: ([value]: Uint8Array) => {
      if (how !== 'for await') work(2);
      return value!;
    },
  };
  const [tx, rx] = unbounded({ codec: slow });
  for (let value = 0; value < 200; value += 1) tx.trySend(value);
  tx.close();
  watch();
  await take(rx);
  console.log(`${latest.toFixed(1)} ms late at most`);
  // What a batch of 64 such messages takes is the codec's own; one is made as the turn ends, one as the next begins.
  expect(latest).toBeLessThan(how === 'for await' ? late : late + 2 * 64 * 2);
  rx.close();
});
