// toWritable: a sender as a stream of Node's, with its back-pressure and its closing; and both ends in a pipeline.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { bounded, spawn, toReadable, toWritable } from 'millrace';
import { expect, test } from 'vitest';
import { all, allUntilError } from './all';
import { turns, until } from '../laws/until';
import { came, failureOf, refusedType, spent } from '../misuse';
import { exitOf } from '../threads/handshakes';

const text = { codec: 'text' } as const;
const closed = { code: 'ERR_CHANNEL_CLOSED', name: 'ChannelClosedError' };
const failed = { code: 'ERR_CHANNEL_FAILED', name: 'ChannelFailedError' };

test('each chunk of bytes is a message, strings are UTF-8, and an empty chunk vanishes', async () => {
  const [tx, rx] = bounded(8, { codec: 'buffer' });
  const stream = toWritable(tx);
  stream.write(Uint8Array.of(1, 2));
  stream.write('');
  stream.write(new Uint8Array(0));
  stream.end('é');
  await once(stream, 'finish');
  expect(rx.tryRecvMany(8)).toEqual([Buffer.from([1, 2]), Buffer.from('é')]);
  rx.close();
});

test('what is written to may be changed at once', async () => {
  const [tx, rx] = bounded(8);
  const stream = toWritable(tx);
  const chunk = Uint8Array.of(1);
  await new Promise((resolve) => stream.write(chunk, resolve));
  chunk[0] = 2;
  expect(rx.tryRecv()).toEqual(Uint8Array.of(1));
  stream.destroy();
  rx.close();
});

test('of any other codec a chunk is a value', async () => {
  const [tx, rx] = bounded<{ id: number }>(8, { codec: 'json' });
  const written = pipeline(Readable.from([{ id: 1 }, { id: 2 }]), toWritable(tx));
  expect(await all(rx)).toEqual([{ id: 1 }, { id: 2 }]);
  await written;
  rx.close();
});

test('write says false until the channel has accepted the chunk, and drain says so', async () => {
  const [tx, rx] = bounded(1, text);
  const stream = toWritable(tx);
  tx.trySend('fills it');
  expect(stream.write('waits')).toBe(false);
  let drained = false;
  stream.once('drain', () => {
    drained = true;
  });
  await turns(20);
  expect(drained).toBe(false);
  expect(rx.stats()).toMatchObject({ sent: 1, waitingSenders: 1 });
  expect(rx.tryRecv()).toBe('fills it');
  await until(() => drained, 'there is room again');
  expect(rx.tryRecv()).toBe('waits');
  stream.destroy();
  rx.close();
});

test('a full channel holds the source back', async () => {
  const [tx, rx] = bounded(2, text);
  let made = 0;
  function* source() {
    while (made < 100) yield `${(made += 1)}`;
  }
  const written = pipeline(Readable.from(source(), { highWaterMark: 1 }), toWritable(tx));
  await until(() => rx.stats().waitingSenders === 1, 'the stream waits for room');
  await turns(20);
  // Two are queued, one waits for room, and each of the two streams has one more in hand, or is about to.
  expect(rx.stats()).toMatchObject({ sent: 2, waitingSenders: 1 });
  expect(made).toBeLessThanOrEqual(6);
  let count = 0;
  for await (const message of rx) expect(message).toBe(`${(count += 1)}`);
  expect(count).toBe(100);
  await written;
  rx.close();
});

test('a finished stream closes its sender: receivers drain, then are closed', async () => {
  const [tx, rx] = bounded(4, text);
  const stream = toWritable(tx);
  stream.write('one');
  stream.end('two');
  expect(await all(rx)).toEqual(['one', 'two']);
  await until(() => stream.closed, 'the stream has closed');
  expect(await failureOf(() => tx.trySend('three'))).toMatchObject(spent('closed'));
  rx.close();
});

test('it finishes only when all is accepted', async () => {
  const [tx, rx] = bounded(1, text);
  const stream = toWritable(tx);
  for (const chunk of ['one', 'two', 'three']) stream.write(chunk);
  stream.end();
  await turns(20);
  expect(stream.writableFinished).toBe(false);
  expect(rx.isClosed).toBe(false);
  expect(await all(rx)).toEqual(['one', 'two', 'three']);
  expect(stream.writableFinished).toBe(true);
  rx.close();
});

test('a stream destroyed too early fails its channel, and what was not accepted is not sent', async () => {
  const [tx, rx] = bounded(1, text);
  const stream = toWritable(tx);
  for (const chunk of ['accepted', 'pending', 'behind it']) stream.write(chunk);
  await until(() => rx.stats().waitingSenders === 1, 'the stream waits for room');
  stream.destroy();
  await once(stream, 'close');
  expect(rx.stats()).toMatchObject({ senders: 0, waitingSenders: 0 });
  const [values, error] = await allUntilError(rx);
  expect(values).toEqual(['accepted']);
  expect(error).toMatchObject({ ...failed, cause: { code: 'ERR_STREAM_PREMATURE_CLOSE' } });
  rx.close();
});

test('a stream destroyed with an error fails its channel with it', async () => {
  const [tx, rx] = bounded(1, text);
  const stream = toWritable(tx);
  stream.on('error', () => undefined);
  stream.destroy(new RangeError('too much'));
  await new Promise((resolve) => stream.once('close', resolve));
  const [, error] = await allUntilError(rx);
  expect(error).toMatchObject({ ...failed, cause: new RangeError('too much') });
  rx.close();
});

test('a stream that has finished ends its channel in order, destroyed or not', async () => {
  const [tx, rx] = bounded(4, text);
  const stream = toWritable(tx);
  stream.end('all of it');
  await once(stream, 'finish');
  stream.destroy(new Error('late'));
  stream.on('error', () => undefined);
  expect(await all(rx)).toEqual(['all of it']);
  expect(rx.closeReason?.kind).toBe('closed');
  rx.close();
});

test('a stream whose sender was closed beside it can be destroyed all the same', async () => {
  const [tx, rx] = bounded(4, text);
  const stream = toWritable(tx);
  tx.close();
  stream.destroy();
  await once(stream, 'close');
  expect(await all(rx)).toEqual([]);
  rx.close();
});

test('a source that fails fails the channel', async () => {
  const [tx, rx] = bounded(4, text);
  async function* source() {
    yield 'one';
    throw new Error('the source has broken');
  }
  const written = failureOf(() => pipeline(Readable.from(source()), toWritable(tx)));
  const [values, error] = await allUntilError(rx);
  expect(values).toEqual(['one']);
  expect(error).toMatchObject({ ...failed, cause: { message: 'the source has broken' } });
  expect(await written).toMatchObject({ message: 'the source has broken' });
  rx.close();
});

test.each(['close', 'cancel'] as const)(
  'after the last receiver calls %s() a pending write destroys the stream, and its source with it',
  async (verb) => {
    const [tx, rx] = bounded(1, text);
    const source = Readable.from(['one', 'two', 'three', 'four']);
    const written = failureOf(() => pipeline(source, toWritable(tx)));
    await until(() => rx.stats().waitingSenders === 1, 'the stream waits for room');
    rx[verb]();
    expect(await written).toMatchObject(closed);
    expect(source.destroyed).toBe(true);
    expect(await failureOf(() => tx.trySend('five'))).toMatchObject(spent('closed'));
    rx.close();
  },
);

test('the next write after the channel is closed destroys the stream', async () => {
  const [tx, rx] = bounded(1, text);
  const stream = toWritable(tx);
  rx.close();
  stream.write('nobody');
  expect(await once(stream, 'error')).toMatchObject([closed]);
  expect(stream.destroyed).toBe(true);
});

test('a value that the sender does not take destroys the stream', async () => {
  const [tx, rx] = bounded(1, text);
  const stream = toWritable(tx);
  stream.write(1);
  expect(await once(stream, 'error')).toMatchObject([{ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }]);
  expect(rx.isClosed).toBe(true);
  rx.close();
});

test('a duplex of both ends is a service, and a stream can be composed with it', async () => {
  const [requests, requestsRx] = bounded(1, text);
  const [answers, answersRx] = bounded(1, text);
  const service = (async () => {
    for await (const request of requestsRx) await answers.send(request.toUpperCase());
    answers.close();
  })();
  const duplex = Duplex.from({ writable: toWritable(requests), readable: toReadable(answersRx) } as never);
  const composed = Readable.from(['one', 'two']).compose(duplex);
  expect(await composed.toArray()).toEqual(['ONE', 'TWO']);
  await service;
  requestsRx.close();
});

test('a pipeline through a worker gives the same bytes, and closes to its end', async () => {
  const [plainTx, plain] = bounded(2);
  const [zipped, zippedRx] = bounded(2);
  const worker = spawn(new URL('fixtures/gzip.mjs', import.meta.url), { plain, zipped });
  const ended = exitOf(worker);
  const bytes = randomBytes(3_000_000);
  const chunks = Array.from({ length: 30 }, (_, index) =>
    bytes.subarray(index * 100_000, (index + 1) * 100_000),
  );
  const written = pipeline(Readable.from(chunks), toWritable(plainTx));
  const back = await buffer(toReadable(zippedRx).pipe(createGunzip()));
  expect(back.equals(bytes)).toBe(true);
  await written;
  expect(await ended).toBe(0);
});

test('a pipeline that breaks is not the end of the file, behind a worker either', async () => {
  const [plainTx, plain] = bounded(2);
  const [zipped, zippedRx] = bounded(2);
  const worker = spawn(new URL('fixtures/gzip.mjs', import.meta.url), { plain, zipped });
  const failure = new Promise((resolve) => worker.once('error', resolve));
  const broken = async function* () {
    yield randomBytes(100_000);
    throw Object.assign(new Error('read failed'), { code: 'EIO' });
  };
  const written = failureOf(() => pipeline(Readable.from(broken()), toWritable(plainTx)));
  const read = await failureOf(() => buffer(toReadable(zippedRx)));
  expect(await written).toMatchObject({ code: 'EIO' });
  // The worker's own pipeline has broken by the first failure, and carries that on.
  expect(read).toMatchObject({
    ...failed,
    cause: { ...failed, cause: { code: 'EIO', message: 'read failed' } },
  });
  expect(await failure).toMatchObject({ ...failed, cause: { code: 'EIO' } });
});

test('a pipeline that breaks behind a worker tells the source before it why', async () => {
  const [plainTx, plain] = bounded(2);
  const [zipped, zippedRx] = bounded(2);
  const worker = spawn(new URL('fixtures/gzip.mjs', import.meta.url), { plain, zipped });
  worker.on('error', () => undefined);
  const endless = async function* () {
    for (;;) yield randomBytes(100_000);
  };
  const written = failureOf(() => pipeline(Readable.from(endless()), toWritable(plainTx)));
  const full = new Writable({
    write: (_chunk, _encoding, callback) => callback(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  });
  expect(await failureOf(() => pipeline(toReadable(zippedRx), full))).toMatchObject({ code: 'ENOSPC' });
  expect(await written).toMatchObject({ ...closed, cause: { ...closed, cause: { code: 'ENOSPC' } } });
});

test('whoever stops reading behind a worker stops the source before it', async () => {
  const [plainTx, plain] = bounded(2);
  const [zipped, zippedRx] = bounded(2);
  const worker = spawn(new URL('fixtures/gzip.mjs', import.meta.url), { plain, zipped });
  const failed = new Promise((resolve) => worker.once('error', resolve));
  const endless = async function* () {
    for (;;) yield randomBytes(100_000);
  };
  const written = failureOf(() => pipeline(Readable.from(endless()), toWritable(plainTx)));
  for await (const chunk of toReadable(zippedRx)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(await failed).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  expect(await written).toMatchObject(closed);
});

test('piped, a readable and a writable stream of channels pass messages on', async () => {
  const [tx, rx] = bounded(2);
  const [next, nextRx] = bounded(2);
  const piped = pipeline(toReadable(rx), new PassThrough(), toWritable(next));
  const sent = tx.sendMany([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]).then(() => tx.close());
  const got: number[] = [];
  for await (const message of nextRx) got.push(...message);
  expect(got).toEqual([1, 2, 3]);
  await Promise.all([piped, sent]);
  nextRx.close();
});

test('what is no sender is refused', async () => {
  const [tx, rx] = bounded(1, text);
  for (const none of [undefined, null, {}, rx]) {
    expect(await failureOf(() => toWritable(none as never))).toMatchObject(
      refusedType('tx', 'a Sender', came(none)),
    );
  }
  tx.close();
  expect(await failureOf(() => toWritable(tx))).toMatchObject(spent('closed'));
  rx.close();
});
