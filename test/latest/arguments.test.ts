// A caller's mistakes: the documented error, and nothing happens.
import { inspect } from 'node:util';
import { type Input, type Output, attach, revoke, transfer, tripleBuffer } from 'millrace';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  aCodec,
  came,
  refusedKey,
  refusedRange,
  refusedText,
  refusedType,
  refusedValue,
  spent,
} from '../misuse';

const slots = (size: unknown) => refusedType('options.byteLength', 'a number of bytes', came(size));
const size = (length: number) =>
  refusedRange('options.byteLength', `an integer, 1 to ${2 ** 32}`, String(length));
const key = (name: string) => refusedKey('options', 'byteLength, codec, label', name);
const published = (length: unknown) => refusedType('byteLength', 'a number of bytes', came(length));
const part = (length: number) => refusedRange('byteLength', 'an integer, 0 to 100', String(length));

/** Rows of what is given and the error for it, each with its name. */
const named = (rows: readonly [given: unknown, error: object][]) =>
  rows.map(([given, error]): [string, unknown, object] => [inspect(given), given, error]);

let input: Input<ArrayBufferView>;
let output: Output<Uint8Array>;
beforeEach(() => {
  [input, output] = tripleBuffer({ byteLength: 100 });
});
afterEach(() => {
  input.close();
  output.close();
});

test.each(
  named([
    [undefined, slots(undefined)],
    [null, refusedType('options', 'an object', 'null')],
    [8, refusedType('options', 'an object', came(8))],
    [{}, slots(undefined)],
    [{ byteLength: '8' }, slots('8')],
    [{ byteLength: 8n }, slots(8n)],
    ...[0, -1, 1.5, Number.NaN, Infinity, 2 ** 32 + 1, 2 ** 53].map(
      (byteLength) => [{ byteLength }, size(byteLength)] as [unknown, object],
    ),
    [{ byteLength: 8, label: 5 }, refusedType('options.label', 'a string', came(5))],
    [{ byteLength: 8, codec: 'xml' }, refusedValue('codec', aCodec, "'xml'")],
    [{ byteLength: 8, codec: 5 }, refusedType('codec', 'a string or a Codec', came(5))],
    [{ byteLength: 8, capacity: 1 }, key('capacity')],
    [{ byteLength: 8, spin: 1 }, key('spin')],
    [{ byteLength: 8, overflow: 'wait' }, key('overflow')],
  ]),
)('tripleBuffer(%s) is refused', (_, options, error) => {
  expect(() => tripleBuffer(options as never)).toThrow(expect.objectContaining(error));
});

test.each(
  named([
    ...['8', null, 8n].map((length) => [length, published(length)] as [unknown, object]),
    ...[-1, 0.5, 101, Number.NaN, 2 ** 53].map((length) => [length, part(length)] as [unknown, object]),
  ]),
)('publish(%s) is refused', (_, length, error) => {
  const call = () => input.publish(length as never);
  expect(call).toThrow(expect.objectContaining(error));
  expect(output.updated).toBe(false);
});

const outOfBounds = (): Uint8Array => {
  const buffer = Reflect.construct(ArrayBuffer, [200, { maxByteLength: 400 }]) as ArrayBuffer;
  const view = new Uint8Array(buffer, 0, 200);
  (buffer as ArrayBuffer & { resize(length: number): void }).resize(10);
  return view;
};
const detached = (): Uint8Array => {
  const view = new Uint8Array(80);
  structuredClone(view, { transfer: [view.buffer] });
  return view;
};
const ofBytes = (given: unknown) =>
  refusedType('value', 'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer', came(given));
const gone = refusedValue('value', 'be neither detached nor out of bounds', 'Uint8Array(0) []');
const tooLong = (length: number) =>
  refusedRange('value.byteLength', 'at most 100 bytes once encoded', String(length));
test.each<[string, () => unknown, object]>([
  ['nothing', () => undefined, ofBytes(undefined)],
  ['a string', () => 'bytes', ofBytes('bytes')],
  ['an array', () => [1, 2], ofBytes([1, 2])],
  ['a detached view', detached, gone],
  ['a view out of bounds', outOfBounds, gone],
  ['more bytes than there is room for', () => new Uint8Array(101), tooLong(101)],
  ['far more', () => new Uint8Array(1_000_000), tooLong(1_000_000)],
])('write of %s is refused', (_, make, error) => {
  expect(() => input.write(make() as never)).toThrow(expect.objectContaining(error));
  expect([output.updated, output.stats().sent]).toEqual([false, 0]);
});

test('a value too long for the slots says how long it is', () => {
  const [texts, seen] = tripleBuffer({ byteLength: 4, codec: 'text' });
  texts.write('four');
  expect(() => texts.write('five5')).toThrow('at most 4 bytes once encoded. Received 5');
  expect(seen.read()).toBe('four');
  texts.close();
  seen.close();
});

test.each<[unknown, object]>([
  [5, refusedType('wait', 'an object', came(5))],
  ['soon', refusedType('wait', 'an object', came('soon'))],
  [{ timeout: -1 }, refusedRange('wait.timeout', '0 or more milliseconds', '-1')],
  [{ timeout: '5' }, refusedType('wait.timeout', 'a number of milliseconds', came('5'))],
])('changed(%j) is refused, and changedSync', async (wait, error) => {
  await expect(output.changed(wait as never)).rejects.toMatchObject(error);
  expect(() => output.changedSync(wait as never)).toThrow(expect.objectContaining(error));
  expect(output.stats().waitingReceivers).toBe(0);
});

test('a wait has no unknown keys and no signal that is none, and a blocking one takes no signal', async () => {
  const none = refusedType('wait.signal', 'an AbortSignal', came({}));
  await expect(output.changed({ signal: {} } as never)).rejects.toMatchObject(none);
  const awaited = refusedKey('wait', 'signal, timeout', 'until');
  await expect(output.changed({ until: 5 } as never)).rejects.toMatchObject(awaited);
  for (const [name, value] of Object.entries({ until: 5, signal: AbortSignal.abort() })) {
    const blocked = refusedKey('wait', 'timeout', name);
    expect(() => output.changedSync({ [name]: value } as never)).toThrow(expect.objectContaining(blocked));
  }
  expect(output.stats().waitingReceivers).toBe(0);
});

test('a spent handle refuses every verb, and its properties still answer', async () => {
  input.close();
  output.close();
  input.close();
  const state = (verb: string) => expect.objectContaining(spent('closed', verb));
  expect(() => input.publish()).toThrow(state('publish'));
  expect(() => input.write(new Uint8Array(1))).toThrow(state('write'));
  expect(() => output.update()).toThrow(state('update'));
  expect(() => output.read()).toThrow(state('read'));
  await expect(output.changed()).rejects.toEqual(state('changed'));
  expect(() => output.changedSync()).toThrow(state('changedSync'));
  expect([input.buffer.length, output.buffer.length, output.updated]).toEqual([0, 0, false]);
  expect([input.isClosed, output.isClosed, output.stats().flavor]).toEqual([true, true, 'latest']);
});

test('an end is not cloned, neither by itself nor by a message', () => {
  expect('clone' in input || 'clone' in output).toBe(false);
  expect(() => structuredClone(input)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
});

test('a ticket of the only end is not reusable, and nothing is spent by asking', () => {
  for (const end of [input, output]) {
    expect(() => transfer({ end }, { reusable: true })).toThrow(
      expect.objectContaining(
        refusedText(
          'The "options.reusable" argument must be false for an Input or Output: there is only one',
        ),
      ),
    );
  }
  expect(input.write(new Uint8Array(1))).toBe(false);
  const ticket = transfer(output);
  expect(revoke(ticket)).toBe(1);
  expect(() => attach(ticket)).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }));
  expect(() => input.write(new Uint8Array(1))).toThrow(
    expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' }),
  );
});
