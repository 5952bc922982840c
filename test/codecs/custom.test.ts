// Codecs of the caller's own: what they are asked, what they may do meanwhile, and what they may keep.
import { attach, bounded, ChannelCodecError, type Codec, transfer, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

import { detach, payloadOf, sameBytes } from '../bytes-kinds';
import { codecOf, decoder, encoder } from './strings';
import { failureOf } from '../misuse';

const strings = ['', 'x', 'caf\u00e9', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(5000), 'x'.repeat(200_000)];

describe('a codec', () => {
  test('encodes and decodes every message', async () => {
    const [tx, rx] = bounded(1, { codec: codecOf() });
    for (const value of strings) {
      tx.trySend(value);
      expect(rx.tryRecv()).toBe(value);
      await tx.send(value);
      expect(await rx.recv()).toBe(value);
      tx.sendSync(value);
      expect(rx.recvSync()).toBe(value);
      const waiting = rx.recv();
      tx.trySend(value);
      expect(await waiting).toBe(value);
    }
    tx.close();
    rx.close();
  });

  test('is called as a method of the object it was given as', () => {
    class Prefixed {
      readonly name = 'prefixed';
      constructor(readonly prefix: string) {}
      encode(value: string): Uint8Array {
        return encoder.encode(this.prefix + value);
      }
      decode(bytes: Uint8Array): string {
        return decoder.decode(bytes).slice(this.prefix.length);
      }
    }
    const [tx, rx] = bounded(1, { codec: new Prefixed('>> ') });
    tx.trySend('x');
    expect([tx.stats().bytes, rx.tryRecv()]).toEqual([4, 'x']);
    tx.close();
    rx.close();
  });

  test('may carry null', () => {
    const codec: Codec<null> = { name: 'null', encode: () => new Uint8Array(), decode: () => null };
    const [tx, rx] = bounded(1, { codec });
    tx.trySend(null);
    expect(rx.tryRecv()).toBeNull();
    tx.close();
    rx.close();
  });

  test('may answer with any Uint8Array, which may be used again at once', () => {
    const scratch = Buffer.alloc(1000);
    const codec = codecOf({ encode: (value: string) => scratch.subarray(0, scratch.write(value)) });
    const [tx, rx] = unbounded({ codec });
    for (const value of ['one', 'x'.repeat(500), 'three']) tx.trySend(value);
    scratch.fill(0);
    expect([rx.tryRecv(), rx.tryRecv(), rx.tryRecv()]).toEqual(['one', 'x'.repeat(500), 'three']);
    tx.close();
    rx.close();
  });

  test('is not asked when the value is undefined', () => {
    let asked = 0;
    const [tx, rx] = bounded(1, { codec: codecOf({ encode: () => ((asked += 1), new Uint8Array()) }) });
    expect(() => tx.trySend(undefined as never)).toThrow(TypeError);
    expect(asked).toBe(0);
    tx.close();
    rx.close();
  });

  test('is found again by its name in attach', () => {
    const [tx, rx] = bounded(1, { codec: codecOf() });
    const other = attach(transfer(rx), { codecs: [codecOf({ decode: () => 'from the other' })] });
    tx.trySend('x');
    expect(other.tryRecv()).toBe('from the other');
    tx.close();
    other.close();
  });
});

describe('encodeInto', () => {
  test('is asked first, and encode where the target is too small', () => {
    const calls: string[] = [];
    const codec = codecOf({
      encode(value: string) {
        calls.push('encode');
        return encoder.encode(value);
      },
      encodeInto(value: string, target: Uint8Array) {
        calls.push('encodeInto');
        const { read, written } = encoder.encodeInto(value, target);
        return read === value.length ? written : -1;
      },
    });
    const [tx, rx] = bounded(1, { codec });
    for (const value of strings) {
      calls.length = 0;
      tx.trySend(value);
      expect(rx.tryRecv()).toBe(value);
      expect(calls[0]).toBe('encodeInto');
      if (value.length < 65) expect(calls).toEqual(['encodeInto']);
    }
    expect(calls).toEqual(['encodeInto', 'encode']);
    tx.close();
    rx.close();
  });

  test.each([-2, 0.5, NaN, Infinity, 2 ** 53, 10 ** 9, '3', null, undefined, {}, 3n])(
    'a length of %s is a ChannelCodecError',
    async (length) => {
      const [tx, rx] = bounded(1, { codec: codecOf({ encodeInto: () => length }) });
      for (const send of [() => tx.trySend('x'), () => tx.send('x'), () => tx.sendSync('x')]) {
        const error = await failureOf(send);
        expect(error).toBeInstanceOf(ChannelCodecError);
        expect((error as Error).cause).toBeInstanceOf(Error);
      }
      expect(tx.stats()).toMatchObject({ sent: 0, waitingSenders: 0 });
      tx.close();
      rx.close();
    },
  );

  test('keeping, overwriting or detaching its target harms no message', () => {
    const targets: Uint8Array[] = [];
    const codec = codecOf({
      encodeInto(value: string, target: Uint8Array) {
        targets.push(target);
        const { written } = encoder.encodeInto(value, target);
        if (value === 'detach') detach(target.buffer);
        return written;
      },
    });
    const [tx, rx] = unbounded({ codec });
    tx.trySend('first');
    expect(() => tx.trySend('detach')).toThrow(ChannelCodecError);
    tx.trySend('second');
    const overwrite = () => targets.filter(({ length }) => length > 0).map((target) => target.fill(0xff));
    overwrite();
    tx.trySend('x'.repeat(200));
    overwrite();
    expect([rx.tryRecv(), rx.tryRecv(), rx.tryRecv()]).toEqual(['first', 'second', 'x'.repeat(200)]);
    tx.close();
    rx.close();
  });
});

describe('a codec that uses channels while it works', () => {
  test('on encode, the very channel included', () => {
    const other = unbounded({ codec: 'text' });
    const codec = codecOf({
      encode(value: string) {
        if (value.startsWith('outer')) {
          channel[0].trySend('inner');
          other[0].trySend('elsewhere');
          expect(other[1].tryRecv()).toBe('elsewhere');
        }
        return encoder.encode(value);
      },
    });
    const channel = unbounded({ codec });
    const [tx, rx] = channel;
    for (const value of ['outer', `outer${'x'.repeat(100)}`, `outer${'x'.repeat(70_000)}`]) {
      tx.trySend(value);
      expect([rx.tryRecv(), rx.tryRecv()]).toEqual(['inner', value]);
    }
    for (const end of [...channel, ...other]) end.close();
  });

  test('on encodeInto, down many levels', () => {
    const codec: Codec<number> = {
      name: 'levels',
      encode: () => new Uint8Array(),
      encodeInto(value, target) {
        target.fill(value, 0, 100);
        if (value > 0) tx.trySend(value - 1);
        target.fill(value, 100, 200);
        return 200;
      },
      decode: (bytes) => (bytes.length === 200 && bytes.every((byte) => byte === bytes[0]) ? bytes[0]! : -1),
    };
    const [tx, rx] = unbounded({ codec });
    tx.trySend(9);
    for (let level = 0; level < 10; level += 1) expect(rx.tryRecv()).toBe(level);
    tx.close();
    rx.close();
  });

  test('on decode, the very channel included', async () => {
    const codec = codecOf({
      decode(bytes: Uint8Array) {
        const text = decoder.decode(bytes);
        if (!text.startsWith('outer')) return text;
        const inner = rx.tryRecv() ?? 'none';
        tx.trySend('sent within');
        return `${inner} in ${decoder.decode(bytes)}`;
      },
    });
    const [tx, rx] = unbounded({ codec });
    for (const padding of [0, 100, 5000, 70_000]) {
      const outer = 'outer'.padEnd(padding, '.');
      for (const receive of [() => rx.tryRecv(), () => rx.recv(), () => rx.recvSync()]) {
        tx.trySend(outer);
        tx.trySend('inner');
        expect(await receive()).toBe(`inner in ${outer}`);
        expect(rx.tryRecv()).toBe('sent within');
      }
      const waiting = rx.recv();
      tx.trySend(outer);
      tx.trySend('inner');
      expect(await waiting).toBe(`inner in ${outer}`);
      expect(rx.tryRecv()).toBe('sent within');
    }
    tx.close();
    rx.close();
  });

  test('closing the handle on encode or decode', async () => {
    const [tx, rx] = unbounded({ codec: codecOf({ encode: () => (tx.close(), encoder.encode('x')) }) });
    expect(() => tx.trySend('x')).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }));
    await expect(rx.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    rx.close();
    const other = unbounded({ codec: codecOf({ decode: () => (other[1].close(), 'decoded') }) });
    other[0].trySend('x');
    expect(other[1].tryRecv()).toBe('decoded');
    other[0].close();
  });
});

describe('the bytes that decode is given', () => {
  test('stay as they are when kept', async () => {
    const codec: Codec<Uint8Array> = { name: 'same', encode: (value) => value, decode: (bytes) => bytes };
    const [tx, rx] = unbounded({ codec });
    const lengths = [0, 1, 64, 65, 1000, 4096, 4097, 65_536, 65_537];
    const kept: Uint8Array[] = [];
    for (let index = 0; index < 300; index += 1) {
      tx.trySend(payloadOf(lengths[index % lengths.length]!, index));
      kept.push(index % 2 === 0 ? rx.tryRecv()! : await rx.recv());
    }
    for (const [index, bytes] of kept.entries()) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
      expect(sameBytes(bytes, payloadOf(lengths[index % lengths.length]!, index)), `message ${index}`).toBe(
        true,
      );
    }
    tx.close();
    rx.close();
  });
});
