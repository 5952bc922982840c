// Select across threads: every message is received once or is still queued, whoever aborts, times out or dies meanwhile.
import { once } from 'node:events';

import { bounded, type Receiver, spawn, type Sender } from 'millrace';
import { expect, test } from 'vitest';

const url = (name: string) => new URL(`fixtures/${name}.mjs`, import.meta.url);

interface Chosen {
  seen: number[];
}

function open(count: number, capacity: number): [Sender<number>[], Receiver<number>[]] {
  const ends = Array.from({ length: count }, () => bounded(capacity, { codec: 'f64' }));
  return [ends.map(([tx]) => tx), ends.map(([, rx]) => rx)];
}

/** What is left in the channels, each of them at rest. */
function leftIn(receivers: Receiver<number>[]): number[] {
  for (const rx of receivers) {
    const { sent, received, discarded, length } = rx.stats();
    expect(sent).toBe(received + discarded + length);
  }
  return receivers.flatMap((rx) => [...rx.tryIter()]);
}

test.each([0, 4])(
  '4 workers select over the same 8 channels of capacity %i while 4 send',
  async (capacity) => {
    const [producers, count] = [4, 1500];
    const [senders, receivers] = open(8, capacity);
    const consumers = [0, 1, 2, 3].map((seed) =>
      spawn(url('selecting'), { receivers: receivers.map((rx) => rx.clone()), seed }),
    );
    const reports = consumers.map(async (worker) => (await once(worker, 'message'))[0] as Chosen);
    for (let producer = 0; producer < producers; producer += 1) {
      spawn(url('select-sending'), { senders: senders.map((tx) => tx.clone()), producer, count });
    }
    for (const tx of senders) tx.close();
    const seen = (await Promise.all(reports)).flatMap((report) => report.seen);
    expect(leftIn(receivers)).toEqual([]);
    expect(seen).toHaveLength(producers * count);
    expect(new Set(seen).size).toBe(producers * count);
    for (const rx of receivers) rx.close();
  },
);

test('threads that are killed in mid-select lose nothing that is still queued, and hold up nobody', async () => {
  const [senders, receivers] = open(4, 0);
  for (let round = 0; round < 5; round += 1) {
    const victim = spawn(url('selecting'), { receivers: receivers.map((rx) => rx.clone()), seed: round });
    await once(victim, 'online');
    // What it was handed and has seen dies with it; what it was handed and has not seen comes back.
    for (const tx of senders) while (!tx.trySend(round)) if (tx.stats().receivers === 1) break;
    await victim.terminate();
  }
  for (const round of leftIn(receivers)) expect(round).toBeLessThan(5);
  for (const tx of senders)
    expect(tx.stats()).toMatchObject({ waitingReceivers: 0, receivers: 1, length: 0 });
  const sends = senders.map((tx, index) => tx.send(index));
  expect(await Promise.all(receivers.map((rx) => rx.recv()))).toEqual([0, 1, 2, 3]);
  await Promise.all(sends);
  expect(leftIn(receivers)).toEqual([]);
  for (const end of [...senders, ...receivers]) end.close();
});
