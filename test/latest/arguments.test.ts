// A caller's mistakes: the documented error, and nothing happens.
import { inspect } from 'node:util';
import { type Input, type Output, attach, revoke, transfer, tripleBuffer } from 'millrace';
import { afterEach, beforeEach, expect, test } from 'vitest';

const type = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
const value = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' };
const range = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
const received = expect.stringMatching(/must be [^]*Received/);

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
    [undefined, type],
    [null, type],
    [8, type],
    [{}, type],
    [{ byteLength: '8' }, type],
    [{ byteLength: 8n }, type],
    [{ byteLength: 0 }, range],
    [{ byteLength: -1 }, range],
    [{ byteLength: 1.5 }, range],
    [{ byteLength: Number.NaN }, range],
    [{ byteLength: Infinity }, range],
    [{ byteLength: 2 ** 32 + 1 }, range],
    [{ byteLength: 2 ** 53 }, range],
    [{ byteLength: 8, label: 5 }, type],
    [{ byteLength: 8, codec: 'xml' }, value],
    [{ byteLength: 8, codec: 5 }, type],
    [{ byteLength: 8, capacity: 1 }, value],
    [{ byteLength: 8, spin: 1 }, value],
    [{ byteLength: 8, overflow: 'wait' }, value],
  ]),
)('tripleBuffer(%s) is refused', (_, options, error) => {
  expect(() => tripleBuffer(options as never)).toThrow(
    expect.objectContaining({ ...error, message: received }),
  );
});

test.each(
  named([
    ['8', type],
    [null, type],
    [8n, type],
    [-1, range],
    [0.5, range],
    [101, range],
    [Number.NaN, range],
    [2 ** 53, range],
  ]),
)('publish(%s) is refused', (_, length, error) => {
  const call = () => input.publish(length as never);
  expect(call).toThrow(expect.objectContaining({ ...error, message: received }));
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
test.each<[string, () => unknown, object]>([
  ['nothing', () => undefined, type],
  ['a string', () => 'bytes', type],
  ['an array', () => [1, 2], type],
  ['a detached view', detached, value],
  ['a view out of bounds', outOfBounds, value],
  ['more bytes than there is room for', () => new Uint8Array(101), range],
  ['far more', () => new Uint8Array(1_000_000), range],
])('write of %s is refused', (_, make, error) => {
  expect(() => input.write(make() as never)).toThrow(
    expect.objectContaining({ ...error, message: received }),
  );
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

test.each([[5], ['soon'], [{ timeout: -1 }], [{ timeout: '5' }], [{ until: 5 }], [{ signal: {} }]])(
  'changed(%j) is refused',
  async (wait) => {
    const misuse = { code: expect.stringMatching(/^ERR_(INVALID_ARG|OUT_OF_RANGE)/) };
    await expect(output.changed(wait as never)).rejects.toMatchObject(misuse);
    expect(() => output.changedSync(wait as never)).toThrow(expect.objectContaining(misuse));
    expect(output.stats().waitingReceivers).toBe(0);
  },
);

test('a blocking wait takes no signal', () => {
  const wait = { signal: AbortSignal.abort() } as never;
  expect(() => output.changedSync(wait)).toThrow(expect.objectContaining(value));
});

test('a spent handle refuses every verb, and its properties still answer', async () => {
  input.close();
  output.close();
  input.close();
  const state = expect.objectContaining({ code: 'ERR_CHANNEL_STATE' });
  expect(() => input.publish()).toThrow(state);
  expect(() => input.write(new Uint8Array(1))).toThrow(state);
  expect(() => output.update()).toThrow(state);
  expect(() => output.read()).toThrow(state);
  await expect(output.changed()).rejects.toEqual(state);
  expect(() => output.changedSync()).toThrow(state);
  expect([input.buffer.length, output.buffer.length, output.updated]).toEqual([0, 0, false]);
  expect([input.isClosed, output.isClosed, output.stats().flavor]).toEqual([true, true, 'latest']);
});

test('an end is not cloned, neither by itself nor by a message', () => {
  expect('clone' in input || 'clone' in output).toBe(false);
  expect(() => structuredClone(input)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
});

test('a ticket of the only end is not reusable, and nothing is spent by asking', () => {
  for (const end of [input, output]) {
    expect(() => transfer({ end }, { reusable: true })).toThrow(expect.objectContaining(value));
  }
  expect(input.write(new Uint8Array(1))).toBe(false);
  const ticket = transfer(output);
  expect(revoke(ticket)).toBe(1);
  expect(() => attach(ticket)).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }));
  expect(() => input.write(new Uint8Array(1))).toThrow(
    expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' }),
  );
});
