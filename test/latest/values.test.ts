// What the two ends of a triple buffer show and answer, in place and where external memory is forbidden.
import { type Codec, ChannelCodecError, tripleBuffer } from 'millrace';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../process/child';

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

describe.each([
  ['in place', ''],
  ['copied', '1'],
])('%s', (_, MILLRACE_COPY) => {
  test('the ends show and answer what they promise', async () => {
    const steps = await answerOf(new URL('fixtures/values.cjs', import.meta.url), { env: { MILLRACE_COPY } });
    expect(steps).toEqual([
      ['before the first', [], null, false, false],
      ['room to write', 80],
      ['publish', false, true, [], true, [1, 2, 3]],
      ['kept', false, [1, 2, 3], [1, 2, 3]],
      ['write', false, true, [1, 2, 3]],
      ['the newest', [5, 0, 6, 0], [5, 0, 6, 0]],
      ['whole', false, true, 80, true],
      ['read gives a copy', 7],
      ['empty', false, true, [], []],
      ['written from its own memory', false, [8, 9]],
      ['and where it overlaps', false, [...upTo(68, 2), 3, 3]],
      ['the view stays the same', true, true],
      ['figures', 7, 6, 1, 0],
      ['writer gone', false, true, [10], [10], true],
      ['spent', [], [], false, true],
    ]);
  });

  test('a view whose memory was moved away is replaced, and nothing dangles', async () => {
    const options = { env: { MILLRACE_COPY }, flags: ['--expose-gc', '--allow-natives-syntax'] };
    const wrong = await answerOf(new URL('fixtures/moved.cjs', import.meta.url), options);
    expect(wrong).toEqual([]);
  });
});

test('memory that was moved to another thread outlives the thread it was made in', async () => {
  const kept = await answerOf(new URL('fixtures/moved-away.cjs', import.meta.url));
  expect(kept).toMatchObject({ moved: 8, whole: 8 });
});

// Where slots are copied each value has a view of its own.
test.skipIf(process.env['MILLRACE_COPY'] === '1')('each slot has one view a thread, made once', () => {
  const [input, output] = tripleBuffer({ byteLength: 64 });
  const written = new Set<unknown>();
  const read = new Set<unknown>();
  for (let round = 0; round < 12; round += 1) {
    written.add(input.buffer.buffer);
    input.publish();
    output.update();
    read.add(output.buffer.buffer);
  }
  expect([written.size, read.size]).toEqual([3, 3]);
  input.close();
  output.close();
});

test('a codec carries its values, short ones and long ones', () => {
  const text = tripleBuffer({ byteLength: 400_000, codec: 'text' });
  const long = 'ä€'.repeat(60_000);
  for (const value of ['', 'short', '\ud800', long]) {
    text[0].write(value);
    expect(text[1].read()).toBe(value.replace('\ud800', '\ufffd'));
  }
  const numbers = tripleBuffer({ byteLength: 8, codec: 'f64' });
  for (const value of [0, -0, Number.NaN, 1e308]) {
    numbers[0].write(value);
    expect(numbers[1].read()).toBe(value);
  }
  const json = tripleBuffer<number[]>({ byteLength: 400_000, codec: 'json' });
  json[0].write(upTo(50_000));
  expect(json[1].read()).toEqual(upTo(50_000));
  const structured = tripleBuffer<Map<string, Date>>({ byteLength: 1000, codec: 'structured' });
  structured[0].write(new Map([['now', new Date(5)]]));
  expect(structured[1].read()).toEqual(new Map([['now', new Date(5)]]));
  const buffers = tripleBuffer({ byteLength: 100_000, codec: 'buffer' });
  buffers[0].write(Buffer.alloc(100_000, 'x'));
  expect(buffers[1].read()?.toString()).toBe('x'.repeat(100_000));
  for (const end of [text, numbers, json, structured, buffers].flat()) end.close();
});

test('what was read is not changed by what is written later', () => {
  const [input, output] = tripleBuffer({ byteLength: 70_000 });
  const values = [1, 100, 5000, 70_000].map((length) => {
    input.write(new Uint8Array(length).fill(length));
    return output.read();
  });
  for (let round = 0; round < 6; round += 1) {
    input.buffer.fill(0xff);
    input.publish();
    output.update();
  }
  expect(values.map((value) => [value?.length, value?.[0]])).toEqual([
    [1, 1],
    [100, 100],
    [5000, 5000 & 0xff],
    [70_000, 70_000 & 0xff],
  ]);
  input.close();
  output.close();
});

test('a codec that fails loses nothing', () => {
  const picky: Codec<number> = {
    name: 'picky',
    encode(value) {
      if (value < 0) throw new Error('negative');
      return Uint8Array.of(value);
    },
    decode([value]) {
      if (value === 13) throw new Error('unlucky');
      return value as number;
    },
  };
  const [input, output] = tripleBuffer({ byteLength: 8, codec: picky });
  input.write(7);
  expect(() => input.write(-1)).toThrow(ChannelCodecError);
  expect(output.read()).toBe(7);
  input.write(13);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(() => output.read()).toThrow(expect.objectContaining({ bytes: Uint8Array.of(13) }));
  }
  expect([...output.buffer]).toEqual([13]);
  input.write(8);
  expect(output.read()).toBe(8);
  input.close();
  output.close();
});

test('the figures add up, and say what a triple buffer is', () => {
  const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64', label: 'speed' });
  for (let value = 0; value < 5; value += 1) input.write(value);
  output.read();
  input.write(5);
  expect(input.stats()).toMatchObject({
    flavor: 'latest',
    label: 'speed',
    capacity: 1,
    senders: 1,
    receivers: 1,
    tickets: 0,
    sent: 6,
    received: 1,
    skipped: 4,
    dropped: 0,
    discarded: 0,
    length: 1,
    bytes: 8,
  });
  output.close();
  expect(input.stats()).toMatchObject({
    sent: 6,
    received: 1,
    skipped: 4,
    discarded: 1,
    length: 0,
    bytes: 0,
  });
  expect(String(input)).toBe('[object Input]');
  input.close();
});
