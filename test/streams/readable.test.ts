// toReadable: a receiver as a stream of Node's, with its back-pressure and its closing.
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Codec, bounded, syncChannel, tick, toReadable } from 'millrace';
import { expect, test } from 'vitest';
import { allUntilError } from './all';
import { turns, until } from '../laws/until';
import { came, failureOf, refusedKey, refusedRange, refusedText, refusedType, spent } from '../misuse';

const text = { codec: 'text' } as const;
const bytes = (...values: number[]) => Uint8Array.from(values);

test('Readable.from takes a receiver as it is', async () => {
  const [tx, rx] = bounded(4, text);
  tx.trySendMany(['one', 'two']);
  tx.close();
  expect(await Readable.from(rx).toArray()).toEqual(['one', 'two']);
  rx.close();
});

test.each(['bytes', 'buffer'] as const)(
  'a channel of %s is a stream of bytes, in which an empty message vanishes',
  async (codec) => {
    const [tx, rx] = codec === 'bytes' ? bounded(8) : bounded(8, { codec });
    tx.trySendMany([bytes(), bytes(1, 2), bytes(), bytes(), bytes(3), bytes()]);
    tx.close();
    const stream = toReadable(rx);
    expect(stream.readableObjectMode).toBe(false);
    expect([...(await buffer(stream))]).toEqual([1, 2, 3]);
    expect(rx.stats().received).toBe(6);
  },
);

test('in object mode messages of bytes stay apart, empty ones too', async () => {
  const [tx, rx] = bounded(8);
  tx.trySendMany([bytes(1, 2), bytes(), bytes(3)]);
  tx.close();
  expect(await toReadable(rx, { objectMode: true }).toArray()).toEqual([bytes(1, 2), bytes(), bytes(3)]);
});

test('of any other codec each chunk is a message', async () => {
  const [tx, rx] = syncChannel<number[]>(8, { codec: 'json' });
  tx.trySendMany([[1], [], [2, 3]]);
  tx.close();
  expect(await toReadable(rx).toArray()).toEqual([[1], [], [2, 3]]);
});

test("a timer's beats are chunks, and destroying the stream stops it", async () => {
  const beats = tick(1);
  const stream = toReadable(beats);
  for await (const at of stream) {
    expect(at).toBeTypeOf('number');
    break;
  }
  expect(stream.destroyed).toBe(true);
  expect(beats.isClosed).toBe(true);
});

test('nothing is received before somebody reads, then one message ahead', async () => {
  const [tx, rx] = bounded(8, text);
  tx.trySendMany(['one', 'two', 'three', 'four']);
  const stream = toReadable(rx);
  await turns(20);
  expect(tx.stats().received).toBe(0);
  await once(stream, 'readable');
  await turns(20);
  expect(tx.stats().received).toBe(1);
  expect(stream.read()).toBe('one');
  await turns(20);
  expect(tx.stats().received).toBe(2);
  stream.destroy();
  tx.close();
});

test.each([
  ['messages in object mode', { objectMode: true, highWaterMark: 3 }, 3],
  ['bytes else', { highWaterMark: 5 }, 2],
])('highWaterMark counts %s', async (_, options, expected) => {
  const [tx, rx] = bounded(8);
  tx.trySendMany(Array.from({ length: 8 }, () => bytes(1, 2, 3)));
  const stream = toReadable(rx, options);
  stream.read(0);
  await until(() => tx.stats().received === expected, 'it has read ahead');
  await turns(20);
  expect(tx.stats().received).toBe(expected);
  stream.destroy();
  tx.close();
});

test('a consumer that has stopped holds the sender back', async () => {
  const [tx, rx] = bounded(2, text);
  let isStopped = true;
  let letGo = () => {};
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(_chunk, _encoding, callback) {
      if (isStopped) letGo = callback;
      else callback();
    },
  });
  const piped = pipeline(toReadable(rx), slow);
  const sent = (async () => {
    for (let count = 0; count < 20; count += 1) await tx.send(`${count}`);
  })();
  await until(() => tx.stats().waitingSenders === 1, 'the sender waits');
  await turns(20);
  // One is being written, one waits to be; of the stream's own two are on their way. Two are queued.
  expect(tx.stats().sent).toBeLessThanOrEqual(6);
  expect(tx.stats()).toMatchObject({ waitingSenders: 1, length: 2 });
  isStopped = false;
  letGo();
  await sent;
  tx.close();
  await piped;
  expect(rx.stats().received).toBe(20);
});

test('the stream ends when the channel is closed, and the receiver is closed with it', async () => {
  const [tx, rx] = bounded(4, text);
  const stream = toReadable(rx);
  const read = stream.toArray();
  await until(() => tx.stats().waitingReceivers === 1, 'the stream waits');
  tx.trySend('last');
  tx.close();
  expect(await read).toEqual(['last']);
  await until(() => stream.closed, 'the stream has closed');
  expect(await failureOf(() => rx.tryRecv())).toMatchObject(spent('closed'));
});

test('a destroyed stream closes its receiver, and its pending receive takes nothing any more', async () => {
  const [tx, rx] = bounded(4, text);
  const other = rx.clone();
  const stream = toReadable(rx).resume();
  await until(() => tx.stats().waitingReceivers === 1, 'the stream waits');
  stream.destroy();
  await once(stream, 'close');
  expect(tx.stats()).toMatchObject({ receivers: 1, waitingReceivers: 0 });
  tx.trySend('not lost');
  expect(other.tryRecv()).toBe('not lost');
  other.close();
  expect(await failureOf(() => tx.trySend('nobody'))).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  tx.close();
});

test('a destroyed stream loses what it had read ahead, and nothing else', async () => {
  const [tx, rx] = bounded(4, text);
  const other = rx.clone();
  tx.trySendMany(['read ahead', 'one', 'two', 'three']);
  tx.close();
  const stream = toReadable(rx);
  await once(stream, 'readable');
  stream.destroy();
  await once(stream, 'close');
  expect(other.tryRecvMany(8)).toEqual(['one', 'two', 'three']);
  other.close();
});

test('a channel that failed destroys the stream with its failure', async () => {
  const [tx, rx] = bounded(4, { codec: 'text' });
  tx.trySend('half of it');
  tx.fail(new RangeError('unreadable'));
  const [values, error] = await allUntilError(toReadable(rx));
  expect(values).toEqual(['half of it']);
  expect(error).toMatchObject({ name: 'ChannelFailedError', cause: new RangeError('unreadable') });
  expect(await failureOf(() => rx.tryRecv())).toMatchObject(spent('closed'));
  tx.close();
});

test('a stream destroyed with an error tells senders why, unless others still receive', async () => {
  for (const others of [0, 1]) {
    const [tx, rx] = bounded(4, { codec: 'text' });
    const other = rx.clone();
    if (others === 0) other.close();
    const stream = toReadable(rx);
    stream.on('error', () => undefined);
    stream.destroy(new RangeError('cannot be used'));
    await new Promise((resolve) => stream.once('close', resolve));
    if (others === 0) {
      expect(await failureOf(() => tx.trySend('nobody'))).toMatchObject({
        name: 'ChannelClosedError',
        cause: new RangeError('cannot be used'),
      });
    } else expect(tx.trySend('the other')).toBe(true);
    other.close();
    tx.close();
  }
});

test('a message of null destroys the stream', async () => {
  const [tx, rx] = bounded<number | null>(4, { codec: 'json' });
  tx.trySendMany([1, null, 2]);
  const seen: unknown[] = [];
  const reading = pipeline(toReadable(rx), async (chunks: AsyncIterable<unknown>) => {
    for await (const chunk of chunks) seen.push(chunk);
  });
  expect(await failureOf(() => reading)).toMatchObject({ code: 'ERR_STREAM_NULL_VALUES', name: 'TypeError' });
  expect(seen).toEqual([1]);
  expect(await failureOf(() => tx.trySend(3))).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  tx.close();
});

test('a message that cannot be decoded destroys the stream with the error that carries it', async () => {
  const picky: Codec<string, string> = {
    name: 'picky',
    encode: (value) => Buffer.from(value),
    decode() {
      throw new Error('not to my taste');
    },
  };
  const [tx, rx] = bounded(4, { codec: picky });
  tx.trySend('sour');
  const error = await failureOf(() => toReadable(rx).toArray());
  expect(error).toMatchObject({ code: 'ERR_CHANNEL_CODEC', bytes: Uint8Array.from(Buffer.from('sour')) });
  expect(rx.isClosed).toBe(true);
  tx.close();
});

test('an aborted pipeline closes the receiver', async () => {
  const [tx, rx] = bounded(4, text);
  const stop = new AbortController();
  const drain = new Writable({ objectMode: true, write: (_chunk, _encoding, callback) => callback() });
  const piped = pipeline(toReadable(rx), drain, { signal: stop.signal });
  await until(() => tx.stats().waitingReceivers === 1, 'the stream waits');
  stop.abort();
  expect(await failureOf(() => piped)).toMatchObject({ name: 'AbortError' });
  expect(tx.isClosed).toBe(true);
  tx.close();
});

test('whoever stops reading closes the receiver', async () => {
  const [tx, rx] = bounded(4, text);
  tx.trySendMany(['one', 'two', 'three']);
  for await (const chunk of toReadable(rx)) {
    expect(chunk).toBe('one');
    break;
  }
  expect(tx.isClosed).toBe(true);
  tx.close();
});

test('what is no receiver, and options that are none, are refused', async () => {
  const [tx, rx] = bounded(1, text);
  for (const none of [undefined, null, {}, tx]) {
    expect(await failureOf(() => toReadable(none as never))).toMatchObject(
      refusedType('rx', 'a Receiver or a SoleReceiver', came(none)),
    );
  }
  expect(await failureOf(() => toReadable(rx, { objectMode: false }))).toMatchObject(
    refusedText(
      "The option objectMode: false is for channels of bytes or buffer. Received one whose codec is 'text'",
    ),
  );
  expect(await failureOf(() => toReadable(rx, { objectMode: 1 as never }))).toMatchObject(
    refusedType('options.objectMode', 'a boolean', came(1)),
  );
  expect(await failureOf(() => toReadable(rx, { highWaterMark: '1' as never }))).toMatchObject(
    refusedType('options.highWaterMark', 'a number', came('1')),
  );
  for (const highWaterMark of [0, -1, 0.5, NaN, Infinity]) {
    expect(await failureOf(() => toReadable(rx, { highWaterMark }))).toMatchObject(
      refusedRange('options.highWaterMark', 'an integer, 1 or more', String(highWaterMark)),
    );
  }
  expect(await failureOf(() => toReadable(rx, { encoding: 'utf8' } as never))).toMatchObject(
    refusedKey('options', 'objectMode, highWaterMark', 'encoding'),
  );
  rx.close();
  expect(await failureOf(() => toReadable(rx))).toMatchObject(spent('closed'));
  tx.close();
});
