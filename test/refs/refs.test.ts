// The life of a ref: written, sent once, read, forwarded, disposed; and what each misuse answers.
import type { BoundedOptions, BytesLike, RecvRef, Sender, SendRef } from 'millrace';
import {
  after,
  bounded,
  ChannelClosedError,
  ChannelStateError,
  transfer,
  tripleBuffer,
  unbounded,
} from 'millrace';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';

import {
  came,
  failureOf,
  refusedKey,
  refusedRange,
  refusedState,
  refusedText,
  refusedType,
  spent,
} from '../misuse';

const opened: { close(): void }[] = [];
function open(capacity: number, options?: BoundedOptions) {
  const [tx, rx] = bounded(capacity, options);
  opened.push(tx, rx);
  return [tx, rx] as const;
}
afterEach(() => {
  for (const end of opened.splice(0)) end.close();
});

/** A ref with 1, 2, 3, ... in it. */
function counted(tx: Sender<BytesLike>, length: number): SendRef {
  const ref = tx.sendRef(length);
  for (const index of ref.bytes.keys()) ref.bytes[index] = index + 1;
  return ref;
}
const dispose = (ref: SendRef | RecvRef): void => ref[Symbol.dispose]();
const lengths = [0, 1, 64, 65, 4096, 4097, 65_536, 65_537, 1_000_000];

test.each(lengths)('%d bytes written in place are read in place, and by every other verb', async (length) => {
  const [tx, rx] = open(8);
  const expected = Uint8Array.from({ length }, (_, index) => index + 1);
  const seen: Uint8Array[] = [];
  const look = (ref: RecvRef | undefined) => {
    seen.push((ref as RecvRef).bytes.slice());
    dispose(ref as RecvRef);
  };
  expect(counted(tx, length).trySend()).toBe(true);
  look(rx.tryRecvRef());
  await counted(tx, length).send();
  look(await rx.recvRef());
  counted(tx, length).sendSync();
  look(rx.recvRefSync());
  const early = rx.recvRef();
  await counted(tx, length).send(length);
  look(await early);
  counted(tx, length).trySend();
  seen.push(rx.recvSync());
  tx.trySend(expected);
  look(rx.tryRecvRef());
  expect(seen).toHaveLength(6);
  for (const bytes of seen) expect(Buffer.compare(bytes, expected)).toBe(0);
  expect(tx.stats()).toMatchObject({ sent: 6, received: 6, length: 0, bytes: 0 });
});

test('a send of fewer bytes sends those from the front', () => {
  const [tx, rx] = open(4);
  for (const length of [0, 3, 100]) counted(tx, 200_000).trySend(length);
  expect([rx.tryRecv()?.length, rx.tryRecv(), rx.tryRecvRef()?.bytes.length]).toEqual([
    0,
    Uint8Array.of(1, 2, 3),
    100,
  ]);
});

test("where a message is not accepted, its bytes are the ref's, in a new view", async () => {
  const [tx, rx] = open(1);
  tx.trySend(new Uint8Array(1));
  const ref = counted(tx, 100_000);
  for (const attempt of [
    () => ref.trySend(7),
    () => ref.sendSync(7, { timeout: 0 }),
    () => ref.send(7, { timeout: 0 }),
    () => ref.send(7, { timeout: 5 }),
  ]) {
    const { bytes } = ref;
    const answer = attempt();
    expect(bytes.length).toBe(0);
    expect(await answer).toBe(false);
    expect([ref.bytes.length, ref.bytes[99_999]]).toEqual([100_000, 100_000 & 255]);
    ref.bytes[0] = 9;
  }
  const abort = new AbortController();
  const aborted = ref.send(undefined, { signal: abort.signal });
  expect(ref.bytes.length).toBe(0);
  expect(await failureOf(() => ref.trySend())).toMatchObject(
    refusedState('this ref is being sent: its send is pending'),
  );
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  expect([ref.bytes.length, ref.bytes[0]]).toEqual([100_000, 9]);
  await expect(ref.send(1, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  expect(ref.bytes.length).toBe(100_000);
  rx.tryRecv();
  expect([await ref.send(1, { timeout: 0 }), rx.tryRecv()]).toEqual([true, Uint8Array.of(9)]);
});

test('a pending send of a ref goes when there is room, in its place', async () => {
  const [tx, rx] = open(1);
  tx.trySend(Uint8Array.of(0));
  const sends = [counted(tx, 70_000).send(2), tx.send(Uint8Array.of(8)), counted(tx, 3).send()];
  expect(tx.stats().waitingSenders).toBe(3);
  const received = [];
  for (const send of [undefined, ...sends]) {
    received.push([...(await rx.recv())]);
    await send;
  }
  expect(received).toEqual([[0], [1, 2], [8], [1, 2, 3]]);
});

test("a ref of a closed channel: ChannelClosedError, and the bytes are the ref's still", async () => {
  const [tx, rx] = open(1);
  tx.trySend(Uint8Array.of(0));
  const ref = counted(tx, 70_000);
  const pending = counted(tx, 10);
  const refused = pending.send();
  rx.close();
  await expect(refused).rejects.toThrow(ChannelClosedError);
  for (const attempt of [() => ref.trySend(), () => ref.send(), () => ref.sendSync(5)]) {
    await expect((async () => attempt())()).rejects.toThrow(ChannelClosedError);
    expect([ref.bytes.length, ref.bytes[9]]).toEqual([70_000, 10]);
  }
  expect(pending.bytes).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
});

test('a ref is sent once, disposed any number of times, and is nothing after either', async () => {
  const [tx, rx] = open(8);
  const [sent, disposed] = [counted(tx, 10), counted(tx, 70_000)];
  const { bytes } = disposed;
  sent.trySend();
  for (const [ref, over] of [
    [sent, 'this ref was sent'],
    [disposed, 'this ref was disposed'],
  ] as const) {
    dispose(ref);
    dispose(ref);
    expect(ref.bytes.length).toBe(0);
    for (const attempt of [() => ref.trySend(), () => ref.send(), () => ref.sendSync()]) {
      expect(await failureOf(attempt)).toMatchObject(refusedState(over));
    }
  }
  expect(bytes.length).toBe(0);
  const read = await rx.recvRef();
  dispose(read);
  dispose(read);
  expect(read.bytes.length).toBe(0);
  for (const attempt of [() => read.tryForward(tx), () => read.forward(tx), () => read.forwardSync(tx)]) {
    expect(await failureOf(attempt)).toMatchObject(refusedState('this ref was disposed'));
  }
  expect(tx.stats()).toMatchObject({ sent: 1, received: 1, length: 0 });
});

test('a send of a ref that was disposed while pending goes on', async () => {
  const [tx, rx] = open(1);
  tx.trySend(Uint8Array.of(0));
  const ref = counted(tx, 3);
  const pending = ref.send();
  dispose(ref);
  rx.tryRecv();
  await pending;
  expect(rx.tryRecv()).toEqual(Uint8Array.of(1, 2, 3));
});

test('a ref that was disposed while pending is over when its send comes to nothing', async () => {
  const [tx, rx] = open(1);
  tx.trySend(Uint8Array.of(0));
  const ref = counted(tx, 3);
  const pending = ref.send(3, { timeout: 1 });
  dispose(ref);
  expect(await pending).toBe(false);
  expect(ref.bytes.length).toBe(0);
  expect(await failureOf(() => ref.trySend())).toMatchObject(refusedState('this ref was disposed'));
  expect(rx.length).toBe(1);
  // A live ref would forbid this.
  transfer(tx);
});

test('a short message sent in large memory is received without pinning it', () => {
  const [tx, rx] = open(1);
  counted(tx, 10_000_000).trySend(100_000);
  const message = rx.recvSync();
  expect([message.length, message.buffer.byteLength, message[99_999]]).toEqual([
    100_000,
    100_000,
    100_000 & 255,
  ]);
});

test('a message is forwarded changed or not, looked at or not, in every form', async () => {
  const [tx, rx] = open(8);
  const [next, last] = open(1);
  tx.trySendMany([5, 70_000, 5, 70_000].map((length) => new Uint8Array(length).fill(length)));
  const changed = rx.recvRefSync();
  changed.bytes[4] = 1;
  expect(changed.tryForward(next)).toBe(true);
  expect(last.recvSync()).toEqual(Uint8Array.of(5, 5, 5, 5, 1));
  rx.recvRefSync().forwardSync(next);
  const waiting = rx.recvRefSync();
  expect([waiting.tryForward(next), waiting.bytes.length]).toEqual([false, 5]);
  expect([waiting.forwardSync(next, { timeout: 0 }), waiting.bytes.length]).toEqual([false, 5]);
  const forwarded = waiting.forward(next);
  expect(last.recvSync().length).toBe(70_000);
  await forwarded;
  expect(last.recvSync()).toEqual(new Uint8Array(5).fill(5));
  const kept = rx.recvRefSync();
  last.close();
  await expect(kept.forward(next)).rejects.toThrow(ChannelClosedError);
  expect([kept.bytes.length, kept.bytes[69_999]]).toEqual([70_000, 70_000 & 255]);
  // Back where it came from.
  expect([kept.tryForward(tx), rx.recvSync().length]).toEqual([true, 70_000]);
});

test('a RecvRef outlives its receiver; a SendRef ends with its sender', async () => {
  const [tx, rx] = open(8);
  tx.trySend(new Uint8Array(70_000).fill(3));
  const [read, written] = [rx.recvRefSync(), counted(tx, 70_000)];
  const { bytes } = written;
  rx.close();
  tx.close();
  expect([read.bytes[69_999], bytes.length, written.bytes.length]).toEqual([3, 0, 0]);
  expect(await failureOf(() => written.trySend())).toMatchObject(
    refusedState('this ref is no more: its sender was closed'),
  );
  const [next, last] = open(1);
  expect([read.tryForward(next), last.recvSync()[0]]).toEqual([true, 3]);
  expect(await failureOf(() => tx.sendRef(1))).toMatchObject(spent('closed'));
  expect(await failureOf(() => rx.tryRecvRef())).toMatchObject(spent('closed'));
});

test('a pending send of a ref keeps its place when its sender is closed', async () => {
  const [tx, rx] = open(1);
  tx.trySend(Uint8Array.of(0));
  const kept = counted(tx, 2).send();
  tx.close();
  expect([rx.recvSync(), rx.recvSync()]).toEqual([Uint8Array.of(0), Uint8Array.of(1, 2)]);
  await kept;
  const [second, gone] = open(1);
  second.trySend(Uint8Array.of(0));
  const ref = counted(second, 2);
  const refused = ref.send();
  second.close();
  gone.close();
  await expect(refused).rejects.toThrow(ChannelClosedError);
  expect(ref.bytes.length).toBe(0);
  expect(await failureOf(() => ref.trySend())).toMatchObject(
    refusedState('this ref is no more: its sender was closed'),
  );
});

test('a handle with a live ref cannot be transferred', () => {
  const [tx, rx] = open(8);
  const written = tx.sendRef(8);
  expect(() => transfer(tx)).toThrow(ChannelStateError);
  written.trySend();
  const read = rx.recvRefSync();
  expect(() => transfer(rx)).toThrow(ChannelStateError);
  dispose(read);
  transfer({ tx, rx });
});

test.each([[-1], [1.5], [NaN], [Infinity], [2 ** 31 + 1], [2 ** 53]])(
  'a ref of %d bytes is a RangeError',
  async (length) => {
    const [tx] = open(8);
    const refused = (most: number, given: number) =>
      refusedRange('byteLength', `an integer, 0 to ${most}`, String(given));
    expect(await failureOf(() => tx.sendRef(length))).toMatchObject(refused(2 ** 31, length));
    const ref = tx.sendRef(10);
    for (const attempt of [() => ref.trySend(length), () => ref.send(length), () => ref.sendSync(length)]) {
      expect(await failureOf(attempt)).toMatchObject(refused(10, length));
    }
    expect(await failureOf(() => ref.trySend(11))).toMatchObject(refused(10, 11));
    expect([ref.bytes.length, tx.length]).toEqual([10, 0]);
  },
);

test('a ref longer than maxBytes is a RangeError, sent or forwarded, and nothing is lost', async () => {
  const [tx, rx] = open(8, { maxBytes: 100 });
  expect(await failureOf(() => tx.sendRef(101))).toMatchObject(
    refusedRange('byteLength', 'at most 100', '101'),
  );
  const tooLong = refusedRange('value', "at most 100 bytes long, which is the channel's maxBytes", '101');
  const [wide, there] = open(8);
  wide.trySend(new Uint8Array(101).fill(4));
  const ref = there.recvRefSync();
  for (const attempt of [() => ref.tryForward(tx), () => ref.forward(tx), () => ref.forwardSync(tx)]) {
    expect(await failureOf(attempt)).toMatchObject(tooLong);
  }
  expect([ref.bytes.length, ref.bytes[100]]).toEqual([101, 4]);
  expect([tx.sendRef(100).trySend(), tx.sendRef(1).trySend(), rx.length]).toEqual([true, false, 1]);
});

const notFor = (codec: string) =>
  refusedText(`Refs are for channels of bytes or buffer. Received one whose codec is '${codec}'`);

test('lengths, waits and targets of a wrong type are TypeErrors, and the ref is as before', async () => {
  const [tx, rx] = open(8);
  const ref = tx.sendRef(8) as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const value of [null, '8', 8n, {}, { timeout: 0 }]) {
    const refused = refusedType('byteLength', 'a number of bytes', came(value));
    expect(await failureOf(() => tx.sendRef(value as never))).toMatchObject(refused);
    for (const verb of ['trySend', 'send', 'sendSync']) {
      expect(await failureOf(() => ref[verb]?.(value))).toMatchObject(refused);
    }
  }
  expect(await failureOf(() => ref['send']?.(8, { timeout: 'soon' }))).toMatchObject(
    refusedType('wait.timeout', 'a number of milliseconds', came('soon')),
  );
  expect(await failureOf(() => ref['sendSync']?.(8, { signal: null }))).toMatchObject(
    refusedKey('wait', 'timeout', 'signal'),
  );
  ref['trySend']?.();
  const read = rx.recvRefSync() as unknown as Record<string, (...args: unknown[]) => unknown>;
  const [text] = unbounded({ codec: 'text' });
  const [input, output] = tripleBuffer({ byteLength: 8 });
  opened.push(text, input, output);
  for (const verb of ['tryForward', 'forward', 'forwardSync']) {
    for (const to of [undefined, null, 3, {}, rx, input, after(1e6), new Proxy(tx, {})]) {
      expect(await failureOf(() => read[verb]?.(to))).toMatchObject(refusedType('to', 'a Sender', came(to)));
    }
    expect(await failureOf(() => read[verb]?.(text))).toMatchObject(notFor('text'));
  }
  expect((read as unknown as RecvRef).tryForward(tx)).toBe(true);
});

test.each(['text', 'f64', 'json', 'structured'] as const)('refs are not for %s channels', async (codec) => {
  const [tx, rx] = bounded<number>(8, { codec: codec as 'json' });
  opened.push(tx, rx);
  expect(await failureOf(() => (tx as Sender<unknown>).sendRef(8))).toMatchObject(notFor(codec));
  for (const verb of ['tryRecvRef', 'recvRef', 'recvRefSync'] as const) {
    expect(await failureOf(() => (rx as never as Record<string, () => unknown>)[verb]?.())).toMatchObject(
      notFor(codec),
    );
    const ofTimer = () => (after(1e6) as never as Record<string, () => unknown>)[verb]?.();
    expect(await failureOf(ofTimer)).toMatchObject(
      refusedText("Receiving into memory is for channels of bytes or buffer. A timer's messages are numbers"),
    );
  }
});

test('a ref is shown in one line, and cannot be cloned', async () => {
  const [tx, rx] = open(1);
  const [first, second] = [tx.sendRef(70_000), tx.sendRef(8)];
  first.trySend();
  const pending = second.send();
  const read = await rx.recvRef();
  expect([first, second, read].map((ref) => inspect(ref))).toEqual([
    'SendRef { 70000 bytes, over }',
    'SendRef { 8 bytes, pending }',
    'RecvRef { 70000 bytes, live }',
  ]);
  expect(() => structuredClone(read)).toThrow(/cannot be cloned/);
  dispose(read);
  await pending;
});

test('overflow policies drop refs as they drop messages', () => {
  const [oldest, left] = open(1, { overflow: 'drop-oldest' });
  for (const length of [1, 2]) expect(counted(oldest, length).trySend()).toBe(true);
  expect([left.recvSync().length, oldest.stats().dropped]).toEqual([2, 1]);
  const [newest, first] = open(1, { overflow: 'drop-newest' });
  for (const length of [1, 2]) expect(counted(newest, length).trySend()).toBe(true);
  expect([first.recvSync().length, newest.stats().dropped]).toEqual([1, 1]);
});

test('more refs than one turn settles, and timers in between', async () => {
  const [tx, rx] = open(1000);
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 0);
  const receives = Array.from({ length: 1000 }, () => rx.recvRef());
  const sends = Array.from({ length: 1000 }, (_, index) => counted(tx, (index % 100) + 1).send());
  const read = await Promise.all(receives);
  await Promise.all(sends);
  while (turns === 0) await new Promise((resolve) => setImmediate(resolve));
  clearInterval(beat);
  expect(read.map((ref) => ref.bytes.length)).toEqual(read.map((_, index) => (index % 100) + 1));
  read.forEach(dispose);
});
