// toReadableStream and toWritableStream: the ends of a channel as web streams, with their back-pressure and their closing.
import { ReadableStream } from 'node:stream/web';

import { bounded, spawn, toReadableStream, toWritableStream } from 'millrace';
import { expect, test } from 'vitest';
import { all, allUntilError } from './all';
import { turns, until } from '../laws/until';
import { came, failureOf, refusedType, spent } from '../misuse';
import { exitOf } from '../threads/handshakes';

const text = { codec: 'text' } as const;
const closed = { code: 'ERR_CHANNEL_CLOSED', name: 'ChannelClosedError' };

test('each message is a chunk, null and empty ones too, and the stream closes with the channel', async () => {
  const [tx, rx] = bounded<unknown[] | null>(8, { codec: 'json' });
  tx.trySendMany([[1], null, []]);
  tx.close();
  expect(await all(toReadableStream(rx))).toEqual([[1], null, []]);
  expect(await failureOf(() => rx.tryRecv())).toMatchObject(spent('closed'));
});

test('an empty message of bytes is an empty chunk', async () => {
  const [tx, rx] = bounded(8);
  tx.trySendMany([Uint8Array.of(1), new Uint8Array(0)]);
  tx.close();
  expect(await all(toReadableStream(rx))).toEqual([Uint8Array.of(1), new Uint8Array(0)]);
});

test.each(['bytes', 'buffer'] as const)(
  'chunks of %s have buffers of their own: a stream of bytes that takes one away takes nothing else',
  async (codec) => {
    const lengths = [0, 1, 64, 65, 1000, 4096, 4097, 70_000, 8];
    const [tx, rx] = bounded(16, { codec: codec as 'bytes' });
    // Their neighbours: messages of the same receiver, from before and in between.
    for (const length of [5, ...lengths]) tx.trySend(new Uint8Array(length).fill(length));
    tx.close();
    const neighbour = rx.tryRecv()!;
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of toReadableStream(rx)) {
      expect(Buffer.isBuffer(chunk)).toBe(codec === 'buffer');
      chunks.push(chunk);
    }
    expect(chunks.map(({ length }) => length)).toEqual(lengths);
    for (const chunk of chunks) {
      expect(chunk.byteLength).toBe(chunk.buffer.byteLength);
      expect(chunk.every((byte) => byte === (chunk.length & 255))).toBe(true);
      const source = new ReadableStream({
        type: 'bytes',
        start(controller) {
          if (chunk.length > 0) controller.enqueue(chunk);
          controller.close();
        },
      });
      await all(source);
    }
    expect([...neighbour]).toEqual([5, 5, 5, 5, 5]);
  },
);

test('it reads one message ahead', async () => {
  const [tx, rx] = bounded(8, text);
  tx.trySendMany(['one', 'two', 'three']);
  const reader = toReadableStream(rx).getReader();
  await until(() => tx.stats().received === 1, 'it has read ahead');
  await turns(20);
  expect(tx.stats().received).toBe(1);
  expect((await reader.read()).value).toBe('one');
  await turns(20);
  expect(tx.stats().received).toBe(2);
  await reader.cancel();
  tx.close();
});

test('a cancelled stream closes its receiver, and its pending receive takes nothing any more', async () => {
  const [tx, rx] = bounded(4, text);
  const other = rx.clone();
  const stream = toReadableStream(rx);
  await until(() => tx.stats().waitingReceivers === 1, 'the stream waits');
  await stream.cancel();
  expect(tx.stats()).toMatchObject({ receivers: 1, waitingReceivers: 0 });
  tx.trySend('not lost');
  expect(other.tryRecv()).toBe('not lost');
  other.close();
  tx.close();
});

test('a message that arrives as the stream is cancelled is no chunk, and nothing throws', async () => {
  const [tx, rx] = bounded(4, text);
  const errors: unknown[] = [];
  const note = (error: unknown) => errors.push(error);
  process.on('unhandledRejection', note);
  const stream = toReadableStream(rx);
  await until(() => tx.stats().waitingReceivers === 1, 'the stream waits');
  // Handed over, but not told yet.
  expect(tx.trySend('too late')).toBe(true);
  await stream.cancel();
  await turns(20);
  process.off('unhandledRejection', note);
  expect(errors).toEqual([]);
  expect(tx.stats()).toMatchObject({ receivers: 0, received: 1 });
  tx.close();
});

test('whoever stops reading closes the receiver', async () => {
  const [tx, rx] = bounded(4, text);
  tx.trySendMany(['one', 'two', 'three']);
  for await (const chunk of toReadableStream(rx)) {
    expect(chunk).toBe('one');
    break;
  }
  expect(await failureOf(() => tx.trySend('nobody'))).toMatchObject(closed);
  tx.close();
});

test('a message that cannot be decoded errors the stream, and closes its receiver', async () => {
  const decode = () => {
    throw new Error('not to my taste');
  };
  const codec = { name: 'picky', encode: (value: string) => Buffer.from(value), decode };
  const [tx, rx] = bounded<string, never>(4, { codec });
  tx.trySend('sour');
  const reader = toReadableStream(rx).getReader();
  expect(await failureOf(() => reader.read())).toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
  expect(tx.isClosed).toBe(true);
  tx.close();
});

test('each chunk is a message, and a closed stream closes its sender', async () => {
  const [tx, rx] = bounded(8, text);
  const writer = toWritableStream(tx).getWriter();
  await writer.write('one');
  await writer.write('');
  await writer.close();
  expect(await all(rx)).toEqual(['one', '']);
  expect(rx.stats().senders).toBe(0);
  rx.close();
});

test('a write waits for room, and the writer is not ready meanwhile', async () => {
  const [tx, rx] = bounded(1, text);
  const writer = toWritableStream(tx).getWriter();
  await writer.write('fills it');
  let isReady = false;
  const written = writer.write('waits');
  void writer.ready.then(() => {
    isReady = true;
  });
  await until(() => rx.stats().waitingSenders === 1, 'the stream waits for room');
  await turns(20);
  expect([isReady, writer.desiredSize]).toEqual([false, 0]);
  expect(rx.tryRecv()).toBe('fills it');
  await written;
  await until(() => isReady, 'it is ready again');
  await writer.abort();
  rx.close();
});

test('an aborted stream fails its channel with the reason, and what was not accepted is not sent', async () => {
  const [tx, rx] = bounded(1, text);
  const writer = toWritableStream(tx).getWriter();
  await writer.write('accepted');
  const pending = failureOf(() => writer.write('pending'));
  await until(() => rx.stats().waitingSenders === 1, 'the stream waits for room');
  const reason = new Error('enough');
  await writer.abort(reason);
  expect(await pending).toBe(reason);
  expect(rx.stats()).toMatchObject({ senders: 0, waitingSenders: 0 });
  const [values, error] = await allUntilError(rx);
  expect(values).toEqual(['accepted']);
  expect(error).toMatchObject({ name: 'ChannelFailedError', cause: reason });
  rx.close();
});

test('when the receivers have gone, a write errors the stream and closes its sender', async () => {
  const [tx, rx] = bounded(1, text);
  const other = tx.clone();
  const writer = toWritableStream(tx).getWriter();
  rx.close();
  expect(await failureOf(() => writer.write('nobody'))).toMatchObject(closed);
  expect(await failureOf(() => writer.closed)).toMatchObject(closed);
  expect(other.stats().senders).toBe(1);
  other.close();
});

test('a channel that failed errors the stream, and pipeTo carries that on', async () => {
  const [tx, rx] = bounded(8, text);
  const [next, nextRx] = bounded(8, text);
  tx.trySend('one');
  tx.fail(new RangeError('unreadable'));
  const piped = failureOf(() => toReadableStream(rx).pipeTo(toWritableStream(next)));
  const failure = { name: 'ChannelFailedError', cause: new RangeError('unreadable') };
  expect(await piped).toMatchObject(failure);
  const [values, error] = await allUntilError(toReadableStream(nextRx));
  expect(values).toEqual(['one']);
  expect(error).toMatchObject({ name: 'ChannelFailedError', cause: failure });
  tx.close();
});

test('a stream that is cancelled with a reason tells senders why', async () => {
  const [tx, rx] = bounded(1, text);
  await toReadableStream(rx).cancel(new RangeError('unusable'));
  expect(await failureOf(() => tx.trySend('nobody'))).toMatchObject({
    ...closed,
    cause: new RangeError('unusable'),
  });
  tx.close();
});

test('pipeTo passes back-pressure on: no stage is more than a message ahead', async () => {
  const [tx, rx] = bounded(8, text);
  const [next, nextRx] = bounded(1, text);
  tx.trySendMany(['1', '2', '3', '4', '5', '6', '7', '8']);
  const piped = toReadableStream(rx).pipeTo(toWritableStream(next));
  await until(() => nextRx.stats().waitingSenders === 1, 'the pipe waits for room');
  await turns(20);
  // One is queued, one waits for room, one is read ahead.
  expect(tx.stats().received).toBeLessThanOrEqual(3);
  tx.close();
  expect(await all(nextRx)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  await piped;
  nextRx.close();
});

test('pipeTo closes both ways: who stops at its end closes the receiver at its beginning', async () => {
  const [tx, rx] = bounded(8, text);
  const [next, nextRx] = bounded(1, text);
  const piped = failureOf(() => toReadableStream(rx).pipeTo(toWritableStream(next)));
  tx.trySendMany(['1', '2', '3']);
  expect(await nextRx.recv()).toBe('1');
  nextRx.close();
  expect(await piped).toMatchObject(closed);
  expect(tx.isClosed).toBe(true);
  tx.close();
});

test('web streams go through a worker, and close to their end', async () => {
  const [tx, quiet] = bounded(2, text);
  const [loud, rx] = bounded(2, text);
  const worker = spawn(new URL('fixtures/upper.mjs', import.meta.url), { quiet, loud });
  const ended = exitOf(worker);
  const words = Array.from({ length: 100 }, (_, index) => `word ${index}`);
  const written = new ReadableStream<string>({
    start(controller) {
      for (const word of words) controller.enqueue(word);
      controller.close();
    },
  }).pipeTo(toWritableStream(tx) as WritableStream<string>);
  const heard = await all(toReadableStream(rx));
  expect(heard).toEqual(words.map((word) => word.toUpperCase()));
  await written;
  expect(await ended).toBe(0);
});

test('what is no end is refused', async () => {
  const [tx, rx] = bounded(1, text);
  expect(await failureOf(() => toReadableStream(tx as never))).toMatchObject(
    refusedType('rx', 'a Receiver or a SoleReceiver', came(tx)),
  );
  expect(await failureOf(() => toWritableStream(rx as never))).toMatchObject(
    refusedType('tx', 'a Sender', came(rx)),
  );
  tx.close();
  rx.close();
  expect(await failureOf(() => toReadableStream(rx))).toMatchObject(spent('closed'));
  expect(await failureOf(() => toWritableStream(tx))).toMatchObject(spent('closed'));
});
