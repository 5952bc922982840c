// A request's id, and its trace parent, in the log of a worker: through every channel, by every way of sending and receiving.
import { AsyncLocalStorage } from 'node:async_hooks';

import {
  type BroadcastSender,
  type Sender,
  bounded,
  broadcast,
  carry,
  rpc,
  spawn,
  traceparent,
  unbounded,
} from 'millrace';
import { describe, expect, test } from 'vitest';

const requestId = new AsyncLocalStorage<string>();
carry('request id', requestId);

const logger = new URL('fixtures/logger.mjs', import.meta.url);
const requests = Array.from({ length: 20 }, (_, index) => `request ${index}`);
const parentOf = (id: string) => `00-0af7651916cd43dd8448eb211c80319c-${id.slice(8).padStart(16, 'b')}-01`;

type Line = [value: string, id: string | null, parent: string | null];

/** Does `work` for each request, in its context. */
async function inEach(work: (id: string) => unknown): Promise<void> {
  await Promise.all(
    requests.map((id) => requestId.run(id, () => traceparent.run(parentOf(id), () => work(id)))),
  );
}

/** A worker that receives from `from` in that way, and its log once it has ended. */
function logOf(from: object, way: string): Promise<Line[]> {
  const [log, lines] = unbounded<Line>({ codec: 'json' });
  spawn(logger, { from, log, way });
  return (async () => {
    const all: Line[] = [];
    for await (const line of lines) all.push(line);
    lines.close();
    return all;
  })();
}

/** Each request's line names the request, and one without a request the worker's own. */
function expectNamed(lines: Line[], more: Line[] = []): void {
  const wanted = requests.map((id): Line => [`of ${id}`, id, parentOf(id)]);
  const sorted = (all: Line[]) => all.map((line) => JSON.stringify(line)).sort();
  expect(sorted(lines)).toEqual(sorted([...wanted, ...more, ['end', null, null]]));
}

const channels = {
  bounded: () => bounded<string>(64, { codec: 'json', context: true }),
  rendezvous: () => bounded<string>(0, { codec: 'json', context: true }),
  unbounded: () => unbounded({ codec: 'text', context: true }),
  broadcast: () => broadcast<string>(64, { codec: 'json', context: true }),
};
const receives = ['recv', 'for await', 'recv, not awaited before the next', 'batches', 'recvSync', 'select'];
const sends: Record<string, (tx: Sender<string>) => Promise<void>> = {
  send: (tx) => inEach((id) => tx.send(`of ${id}`)),
  sendMany: (tx) => inEach((id) => tx.sendMany([`of ${id}`])),
  'a batch': async (tx) => {
    const batch = tx.batch();
    await inEach((id) => batch.send(`of ${id}`));
    await batch.flush();
    batch.close();
  },
  sendSync: (tx) => inEach((id) => tx.sendSync(`of ${id}`)),
};

describe.each(Object.entries(channels))('through %s', (name, make) => {
  test.each(receives)('received by %s', async (way) => {
    const [tx, rx] = make() as [Sender<string>, never];
    const log = logOf(rx, way);
    await sends['send']!(tx);
    await tx.send('of nobody');
    tx.close();
    expectNamed(await log, [['of nobody', 'of the worker', null]]);
  });

  test.each(Object.keys(sends).filter((way) => name !== 'broadcast' || way !== 'a batch'))(
    'sent by %s',
    async (way) => {
      const [tx, rx] = make() as [Sender<string>, never];
      const log = logOf(rx, 'for await');
      await sends[way]!(tx);
      tx.close();
      expectNamed(await log);
    },
  );
});

test('through broadcast, every receiver has it: one that was cloned, one that subscribed', async () => {
  const [tx, rx] = broadcast<string>(64, { codec: 'json', context: true });
  const logs = [rx.clone(), tx.subscribe(), rx].map((from) => logOf(from, 'for await'));
  await sends['send']!(tx as BroadcastSender<string> as never);
  tx.close();
  for (const log of logs) expectNamed(await log);
});

test.each(['requests', 'serve'])(
  'through rpc, answered by %s, and the caller stays in its own',
  async (way) => {
    const [caller, responder] = rpc<string, string>(64, { context: true });
    const log = logOf(responder, way);
    await inEach(async (id) => {
      expect(await caller.call(`of ${id}`)).toBe(id);
      expect(requestId.getStore()).toBe(id);
      expect(traceparent.getStore()).toBe(parentOf(id));
    });
    caller.close();
    expectNamed(await log);
  },
);

test('a worker that passes on what it handles passes on its context', async () => {
  const [first, middle] = bounded<string>(64, { codec: 'json', context: true });
  const [on, last] = bounded<string>(64, { codec: 'json', context: true });
  const log = logOf(last, 'for await');
  const passed = (async () => {
    for await (const value of middle) await on.send(value);
    on.close();
  })();
  await sends['send']!(first);
  first.close();
  await passed;
  expectNamed(await log);
});
