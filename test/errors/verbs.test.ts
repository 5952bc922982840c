// Errors begin with the verb that was called, and name the channel by its label: of a closed channel, a spent handle, a refused argument.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { bounded, type Receiver, rpc, select, selectSync, type Sender, trySelect } from 'millrace';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../misuse';
import { everyKind, label } from './verbs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const begins = (verb: string) => new RegExp(`^${verb}(?: on the channel '${label}': |: .*'${label}')`);

async function messageOf(call: () => unknown): Promise<string> {
  return ((await failureOf(call)) as Error).message;
}

describe.each(everyKind.map((kind) => [kind.what, kind] as const))('%s', (_, kind) => {
  const { open, verbs, whenShut = [] } = kind;
  const within = async (use: (opened: ReturnType<typeof open>) => unknown): Promise<string> => {
    const opened = open();
    try {
      return await messageOf(() => use(opened));
    } finally {
      for (const one of opened.rest) one.close();
    }
  };
  /** As calls of what `open` gives. */
  const calls = verbs.map(([verb, well, badly]) => ({ verb, well, badly }));

  test.each(calls)('$verb of a spent one', async ({ verb, well }) => {
    const message = await within(({ handle, spend }) => {
      spend();
      return well(handle);
    });
    expect(message).toMatch(begins(verb));
  });

  test.each(calls.filter(({ verb }) => !whenShut.includes(verb)))(
    '$verb of a closed channel',
    async ({ verb, well }) => {
      const message = await within(({ handle, shut }) => {
        shut();
        return well(handle);
      });
      expect(message).toMatch(begins(verb));
    },
  );

  test.each(calls.filter(({ badly }) => badly !== undefined))(
    '$verb of what it refuses',
    async ({ verb, badly }) => {
      expect(await within(({ handle }) => badly?.(handle))).toMatch(begins(verb));
    },
  );
});

/** What only blocking verbs meet: a wait that could never end. */
describe('a wait that could never end is told by its verb', () => {
  test.each([
    ['recvSync', (rx) => rx.recvSync()],
    ['recvManySync', (rx) => rx.recvManySync(2)],
    ['recvIntoSync', (rx) => rx.recvIntoSync(new Uint8Array(8))],
    ['recvRefSync', (rx) => rx.recvRefSync()],
    ['iterSync', (rx) => [...rx.iterSync()]],
  ] as [string, (rx: Receiver<Uint8Array>) => unknown][])('%s', async (verb, wait) => {
    const [tx, rx] = bounded(1, { label });
    expect(await messageOf(() => wait(rx))).toMatch(begins(verb));
    tx.close();
    rx.close();
  });

  test('callSync', async () => {
    const [caller, responder] = rpc<string, string>(1, { label });
    expect(await messageOf(() => caller.callSync('x'))).toMatch(begins('callSync'));
    caller.close();
    responder.close();
  });
});

describe('what a codec throws is told by the verb, and keeps its kind', () => {
  test.each([
    ['trySend', (tx) => tx.trySend(5)],
    ['send', (tx) => tx.send(5)],
    ['sendSync', (tx) => tx.sendSync(5)],
    ['trySendMany', (tx) => tx.trySendMany([5])],
  ] as [string, (tx: Sender<number>) => unknown][])('%s', async (verb, send) => {
    const cause = new Error('no ink');
    const codec = {
      name: 'dry',
      encode(): never {
        throw cause;
      },
      decode: () => 5,
    };
    const [tx, rx] = bounded<number, number>(1, { label, codec });
    const error = (await failureOf(() => send(tx))) as Error;
    expect(error).toMatchObject({ name: 'ChannelCodecError', code: 'ERR_CHANNEL_CODEC', cause });
    expect(error.message).toBe(
      `${verb} on the channel 'jobs': the codec 'dry' could not encode a value: no ink`,
    );
    tx.close();
    rx.close();
  });

  test.each([
    ['tryRecv', (rx) => rx.tryRecv()],
    ['recv', (rx) => rx.recv()],
    ['recvSync', (rx) => rx.recvSync()],
    ['tryRecvMany', (rx) => rx.tryRecvMany(2)],
    ['for await', (rx) => rx[Symbol.asyncIterator]().next()],
    ['iterSync', (rx) => [...rx.iterSync()]],
  ] as [string, (rx: Receiver<number>) => unknown][])('%s', async (verb, receive) => {
    const codec = {
      name: 'wet',
      encode: () => Uint8Array.of(7),
      decode(): never {
        throw new Error('smeared');
      },
    };
    const [tx, rx] = bounded<number, number>(1, { label, codec });
    tx.trySend(5);
    const error = (await failureOf(() => receive(rx))) as Error;
    expect(error).toMatchObject({ name: 'ChannelCodecError', bytes: Uint8Array.of(7) });
    expect(error.message.startsWith(`${verb} on the channel 'jobs': the codec 'wet' could not decode`)).toBe(
      true,
    );
    tx.close();
    rx.close();
  });
});

test('a reply that is refused names its verb', async () => {
  const [caller, responder] = rpc<string, string>(1, { label, request: 'text', response: 'text' });
  const answer = caller.call('x');
  const request = await responder.recv();
  expect(await messageOf(() => request.reply(5 as never))).toMatch(begins('reply'));
  request.reply('y');
  await answer;
  caller.close();
  responder.close();
});

test.each([
  ['select', () => select({})],
  ['selectSync', () => selectSync({})],
  ['trySelect', () => trySelect({})],
])('%s names itself', async (verb, call) => {
  expect(await messageOf(call)).toMatch(new RegExp(`^${verb}: `));
});

test('a forward that is refused names the channel that refuses it', async () => {
  const [tx, rx] = bounded(1, { label: 'here' });
  const [onward, there] = bounded(1, { label: 'there', maxBytes: 4 });
  tx.trySend(new Uint8Array(100));
  using ref = await rx.recvRef();
  for (const [verb, forward] of [
    ['tryForward', () => ref.tryForward(onward)],
    ['forward', () => ref.forward(onward)],
    ['forwardSync', () => ref.forwardSync(onward)],
  ] as const) {
    expect(await messageOf(forward)).toMatch(new RegExp(`^${verb} on the channel 'there': .*maxBytes`));
  }
  for (const end of [tx, rx, onward, there]) end.close();
});

test('an error keeps nothing of what was to be sent', async () => {
  const script = `
    const { bounded } = require('millrace');
    const [tx, rx] = bounded(1);
    rx.close();
    const errors = [];
    const values = [];
    const tries = [(value) => tx.trySend(value), (value) => tx.sendSync(value), (value) => tx.trySendMany([value])];
    for (let round = 0; round < 30; round++) {
      let value = new Uint8Array(1000);
      values.push(new WeakRef(value));
      try { tries[round % 3](value); } catch (error) { errors.push(error); }
      value = undefined;
    }
    setImmediate(() => {
      gc();
      console.log(errors.length, values.filter((value) => value.deref() !== undefined).length);
    });
  `;
  const { stdout } = await run(process.execPath, ['--expose-gc', '-e', script], { cwd: root });
  const [errors, kept] = stdout.trim().split(' ').map(Number);
  expect(errors).toBe(30);
  // The engine may hold the last.
  expect(kept).toBeLessThanOrEqual(3);
});
