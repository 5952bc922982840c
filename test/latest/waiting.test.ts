// Waiting for a value that is new: what ends it, and what it leaves alone.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Input, type Output, transfer, tripleBuffer } from 'millrace';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Child } from '../process/child';
import { median, until } from '../threads/handshakes';

let input: Input<number>;
let output: Output<number>;
beforeEach(() => {
  [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
});
afterEach(() => {
  input.close();
  output.close();
});

const closed = { code: 'ERR_CHANNEL_CLOSED' };
const state = { code: 'ERR_CHANNEL_STATE' };
const waits = () => output.stats().waitingReceivers;

test('changed resolves at once while a value is unread, and does not take it', async () => {
  input.write(1);
  expect([await output.changed(), await output.changed({ timeout: 0 })]).toEqual([undefined, true]);
  expect([output.changedSync(), output.changedSync({ timeout: 0 })]).toEqual([undefined, true]);
  expect([output.updated, output.read(), output.updated]).toEqual([true, 1, false]);
});

test('a publish settles every wait that is pending', async () => {
  const pending = [output.changed(), output.changed({ timeout: 60_000 }), output.changed()];
  expect(waits()).toBe(3);
  input.write(1);
  input.write(2);
  expect(await Promise.all(pending)).toEqual([undefined, true, undefined]);
  expect([waits(), output.read()]).toEqual([0, 2]);
});

test('a wait that timed out or was aborted leaves the next one its value', async () => {
  expect([await output.changed({ timeout: 0 }), await output.changed({ timeout: 5 })]).toEqual([
    false,
    false,
  ]);
  expect([output.changedSync({ timeout: 0 }), output.changedSync({ timeout: 5 })]).toEqual([false, false]);
  const controller = new AbortController();
  const aborted = output.changed({ signal: controller.signal, timeout: 60_000 });
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  await expect(output.changed({ signal: controller.signal })).rejects.toThrow('enough');
  expect(waits()).toBe(0);
  const pending = output.changed();
  input.write(1);
  await pending;
  expect(output.read()).toBe(1);
});

test('the writer gone: changed resolves once more for what is unread, then rejects', async () => {
  const pending = output.changed();
  input.write(1);
  input.close();
  await pending;
  await output.changed();
  expect([output.isClosed, output.read(), output.isClosed]).toEqual([false, 1, true]);
  await expect(output.changed()).rejects.toMatchObject(closed);
  await expect(output.changed({ timeout: 5 })).rejects.toMatchObject(closed);
  expect(() => output.changedSync()).toThrow(expect.objectContaining(closed));
  expect([output.read(), output.update()]).toEqual([1, false]);
});

test('a pending wait rejects when the writer goes, and when its own handle is closed', async () => {
  const writerGone = output.changed();
  input.close();
  await expect(writerGone).rejects.toMatchObject(closed);
  const [otherInput, other] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  const pending = other.changed();
  expect(() => transfer(other)).toThrow(expect.objectContaining(state));
  other.close();
  await expect(pending).rejects.toMatchObject(state);
  expect(() => otherInput.write(1)).toThrow(expect.objectContaining(closed));
  otherInput.close();
});

test('a blocking wait that could never end says so', () => {
  expect(() => output.changedSync()).toThrow(expect.objectContaining(state));
  expect(waits()).toBe(0);
});

test('values that are always new starve neither timers nor I/O', async () => {
  let fired = false;
  setTimeout(() => (fired = true), 1);
  let rounds = 0;
  for (; rounds < 1_000_000 && !fired; rounds += 1) {
    input.write(rounds);
    await output.changed();
    output.update();
  }
  expect(rounds).toBeLessThan(1_000_000);
});

test('a worker blocked in changedSync hears of a publish, and of the end of the writer', async () => {
  const [back, answers] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  const worker = new Worker(new URL('fixtures/follower.cjs', import.meta.url), {
    workerData: transfer({ output, back }),
  });
  const exit = once(worker, 'exit');
  for (let value = 0; value < 1000; value += 1) {
    await until(() => input.stats().waitingReceivers === 1 || input.stats().length === 0, 'the worker waits');
    input.write(value);
    do {
      await answers.changed();
    } while (answers.read() !== value);
  }
  input.close();
  expect(await exit).toEqual([0]);
  expect(answers.isClosed).toBe(true);
  answers.close();
});

test('terminate() of a worker blocked in changedSync is prompt, and the writer hears of it', async () => {
  const times: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const [writer, reader] = tripleBuffer({ byteLength: 8, codec: 'f64' });
    const [back, answers] = tripleBuffer({ byteLength: 8, codec: 'f64' });
    const worker = new Worker(new URL('fixtures/follower.cjs', import.meta.url), {
      workerData: transfer({ output: reader, back }),
    });
    await until(() => writer.stats().waitingReceivers === 1, 'the worker blocks');
    const start = performance.now();
    await worker.terminate();
    times.push(performance.now() - start);
    expect(() => writer.write(1)).toThrow(expect.objectContaining(closed));
    expect([writer.isClosed, answers.isClosed]).toEqual([true, true]);
    writer.close();
    answers.close();
  }
  // Promised are 50 ms; what hangs takes for ever, and a slow machine somewhat longer.
  expect(median(times)).toBeLessThanOrEqual(2000);
});

test('terminate() of the writer: a pending wait rejects, and the last value stays', async () => {
  const worker = new Worker(new URL('fixtures/writes-one.cjs', import.meta.url), {
    workerData: transfer(input),
  });
  await output.changed();
  expect(output.read()).toBe(42);
  const pending = output.changed();
  const rejected = expect(pending).rejects.toMatchObject(closed);
  await worker.terminate();
  await rejected;
  expect([output.isClosed, output.read(), output.update()]).toEqual([true, 42, false]);
});

test.each([
  ["ref'd", 'still running'],
  ["unref'd", 'loop empty'],
  ['idle', 'loop empty'],
])('a pending wait, %s: %s', async (ref, told) => {
  const child = new Child(new URL('fixtures/pending.cjs', import.meta.url), { args: [ref] });
  expect(await child.line()).toBe(told);
  child.kill('SIGKILL');
  await child.ended;
});
