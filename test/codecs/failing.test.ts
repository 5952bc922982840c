// Codecs that fail: the error says why, nothing is sent, and nothing that was received is lost.
import { ChannelCodecError, type Receiver, bounded, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

import { detach } from '../bytes-kinds';
import { codecOf, decoder } from './strings';
import { failureOf } from '../misuse';

describe('a codec that fails to encode', () => {
  const cause = new RangeError('cannot');
  const fails: [string, object][] = [
    [
      'throws',
      {
        encode: () => {
          throw cause;
        },
      },
    ],
    [
      'throws no error',
      {
        encode: () => {
          throw 'a string';
        },
      },
    ],
    [
      'throws nothing',
      {
        encode: () => {
          throw undefined;
        },
      },
    ],
    [
      'throws in encodeInto',
      {
        encodeInto: () => {
          throw cause;
        },
      },
    ],
    ...[
      undefined,
      null,
      5,
      'text',
      [1],
      {},
      new ArrayBuffer(4),
      new DataView(new ArrayBuffer(4)),
      new Uint16Array(2),
    ].map((wrong): [string, object] => [
      `gives ${Object.prototype.toString.call(wrong)}`,
      { encode: () => wrong },
    ]),
    ['gives a promise', { encode: async () => new Uint8Array() }],
    [
      'gives bytes that are gone',
      {
        encode: () => {
          const bytes = new Uint8Array(100);
          detach(bytes.buffer);
          return bytes;
        },
      },
    ],
  ];

  test.each(fails)('%s: a ChannelCodecError, and nothing is sent', async (what, parts) => {
    const [tx, rx] = bounded(1, { codec: codecOf(parts) });
    for (const send of [
      () => tx.trySend('x'),
      () => tx.send('x'),
      () => tx.send('x', { timeout: 5 }),
      () => tx.sendSync('x'),
    ]) {
      const error = await failureOf(send);
      expect(error).toBeInstanceOf(ChannelCodecError);
      expect(error).toMatchObject({
        code: 'ERR_CHANNEL_CODEC',
        message: expect.stringContaining("'strings'"),
      });
      expect(error).toHaveProperty('cause');
      if (what === 'throws') expect((error as Error).cause).toBe(cause);
      expect(error).not.toHaveProperty('bytes');
    }
    expect(tx.stats()).toMatchObject({ sent: 0, length: 0, waitingSenders: 0 });
    tx.close();
    rx.close();
  });
});

describe('a codec that fails to decode', () => {
  const cause = new RangeError('cannot');
  const receives: [string, (rx: Receiver<string>) => unknown][] = [
    ['tryRecv', (rx) => rx.tryRecv()],
    ['recv', (rx) => rx.recv()],
    ['recvSync', (rx) => rx.recvSync()],
    ['next', (rx) => rx[Symbol.asyncIterator]().next()],
  ];
  const decoding = (bytes: Uint8Array): string => {
    const text = decoder.decode(bytes);
    if (text.startsWith('bad')) throw cause;
    return text;
  };
  const bad = [64, 65, 5000, 70_000].map((length) => 'bad'.padEnd(length, '!'));

  test.each(receives)(
    '%s: a ChannelCodecError with the message, and the next one is whole',
    async (_, receive) => {
      for (const text of bad) {
        const [tx, rx] = unbounded({ codec: codecOf({ decode: decoding }) });
        for (const value of ['before', text, 'after']) tx.trySend(value);
        expect(await rx.recv()).toBe('before');
        const error = (await failureOf(() => receive(rx))) as ChannelCodecError;
        expect(error).toBeInstanceOf(ChannelCodecError);
        expect(error.cause).toBe(cause);
        expect(decoder.decode(error.bytes)).toBe(text);
        expect(await rx.recv()).toBe('after');
        expect(decoder.decode(error.bytes)).toBe(text);
        expect(tx.stats()).toMatchObject({ sent: 3, received: 3, length: 0 });
        tx.close();
        rx.close();
      }
    },
  );

  test('a receive that was waiting rejects alone', async () => {
    for (const text of bad) {
      const [tx, rx] = unbounded({ codec: codecOf({ decode: decoding }) });
      const waiting = [rx.recv(), rx.recv({ timeout: 60_000 }), rx.recv()];
      for (const value of ['before', text, 'after']) tx.trySend(value);
      const [before, error, after] = await Promise.allSettled(waiting);
      expect(before).toEqual({ status: 'fulfilled', value: 'before' });
      expect(after).toEqual({ status: 'fulfilled', value: 'after' });
      expect(error).toMatchObject({ status: 'rejected', reason: { code: 'ERR_CHANNEL_CODEC', cause } });
      tx.close();
      rx.close();
    }
  });

  test('undefined is not a value', () => {
    const [tx, rx] = bounded(2, { codec: codecOf({ decode: () => undefined }) });
    tx.trySend('x');
    expect(() => rx.tryRecv()).toThrow(ChannelCodecError);
    expect(rx.tryRecv()).toBeUndefined();
    tx.close();
    rx.close();
  });
});
