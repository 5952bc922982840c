// Frames of 6 MB between threads: whole, the newest, and neither side waits for the other.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Input, transfer, tripleBuffer } from 'millrace';
import { expect, test } from 'vitest';
import { fullLength } from '../full-length';
import { answerOf } from '../process/child';
import { median, until } from '../threads/handshakes';

/** How long is streamed. */
const seconds = fullLength(10, 2);
/** A slow machine goes on until so many were read. */
const fewest = 20;
const { byteLength, check, flags } = createRequire(import.meta.url)('./fixtures/frame.cjs') as {
  byteLength: number;
  check(bytes: Uint8Array): number;
  flags: Record<'begun' | 'published' | 'stop' | 'hold' | 'done', number>;
};

interface Seen {
  readonly frames: number;
  readonly last: number;
  readonly published: number;
  readonly resident: readonly number[];
}

/** What the writer has measured while its frame was held, in milliseconds. */
interface Told {
  readonly times: readonly Record<'held' | 'free', readonly number[]>[];
  /** The last frame that was published. */
  readonly number: number;
  readonly milliseconds: number;
}

function writer(
  ends: Record<string, Input<Uint8Array>>,
  job: string,
  plan: object,
): { shows: Int32Array; answer: Promise<unknown> } {
  const shared = new SharedArrayBuffer(32);
  const worker = new Worker(new URL('fixtures/frames-writer.cjs', import.meta.url), {
    workerData: { ends: transfer(ends), shared, job, ...plan },
  });
  return { shows: new Int32Array(shared), answer: once(worker, 'message').then(([answer]) => answer) };
}

test(
  'two workers: no frame is torn, each is the newest when it was updated to, memory is flat',
  async () => {
    const seen = await answerOf<Seen>(new URL('fixtures/stream.cjs', import.meta.url), {
      args: [`${seconds}`, `${fewest}`],
    });
    const mebibytes = seen.resident.map((bytes) => Math.round(bytes / 2 ** 20));
    console.log(
      `${seen.published} frames published, ${seen.frames} read; resident MiB: ${mebibytes.join(' ')}`,
    );
    expect(seen).toMatchObject({ torn: 0, stale: 0, fromTheFuture: 0, notRising: 0 });
    expect(seen.frames).toBeGreaterThanOrEqual(2 * fewest);
    expect(seen.last).toBe(seen.published);
    // Three slots and two threads' worth of everything else, which comes and goes by 40 MiB; one frame leaked a second
    // would stay, and show at full length.
    const [early, late] = [seen.resident.slice(0, 5), seen.resident.slice(-3)];
    expect(Math.min(...late)).toBeLessThan(median(early) + (24 << 20));
  },
  (seconds + 300) * 1000,
);

/** Of some times in milliseconds, those that half and all but a hundredth of them did not exceed, in microseconds. */
function halfAndMost(times: readonly number[]): [half: number, most: number] {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => (sorted[Math.floor(sorted.length * part)] as number) * 1e3;
  return [at(0.5), at(0.99)];
}

test('a reader that holds a frame for a second costs the writer nothing, and its frame stays', async () => {
  const [input, output] = tripleBuffer({ byteLength });
  const [unheld, idle] = tripleBuffer({ byteLength });
  const { shows, answer } = writer({ input, unheld }, 'hold', { rounds: 5, publishes: 200 });
  await until(() => Atomics.load(shows, flags.published) > 0, 'the frame to hold is published');
  output.update();
  const held = output.buffer;
  const number = check(held);
  Atomics.store(shows, flags.hold, 1);
  Atomics.notify(shows, flags.hold);
  const told = (await answer) as Told;
  expect(told.milliseconds).toBeGreaterThanOrEqual(1000);
  expect([number, check(held), output.buffer === held]).toEqual([1, 1, true]);
  // The round that was disturbed least: what holding costs, it costs in every one.
  const least = (which: 'held' | 'free', part: 0 | 1): number =>
    Math.min(...told.times.map((round) => halfAndMost(round[which])[part]));
  for (const [name, part] of [
    ['p50', 0],
    ['p99', 1],
  ] as const) {
    const [withHeld, without] = [least('held', part), least('free', part)];
    console.log(`publish, ${name}: ${without.toFixed(1)} us, while held ${withHeld.toFixed(1)} us`);
    expect(withHeld, name).toBeLessThan(without * 3 + 5);
  }
  // The newest is there all the same.
  expect([output.update(), check(output.buffer)]).toEqual([true, told.number]);
  expect(output.stats()).toMatchObject({ sent: told.times.length * 200 + 1, length: 0 });
  for (const end of [output, idle]) end.close();
});

test('a writer that stops in the middle of a frame does not delay the reader', async () => {
  const rounds = 25;
  const [input, output] = tripleBuffer({ byteLength });
  const { shows, answer } = writer({ input }, 'halfway', { rounds });
  const timed = (updates: boolean): number => {
    const start = performance.now();
    const updated = output.update();
    const time = performance.now() - start;
    expect(updated).toBe(updates);
    return time;
  };
  const found: number[] = [];
  const nothing: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await until(() => Atomics.load(shows, flags.hold) === round, 'the writer has stopped');
    found.push(timed(true));
    expect(check(output.buffer)).toBe(round);
    for (let again = 0; again < 40; again += 1) nothing.push(timed(false));
    expect(await output.changed({ timeout: 0 })).toBe(false);
    Atomics.store(shows, flags.done, round);
    Atomics.notify(shows, flags.done);
  }
  console.log(
    `update, the writer stopped: ${halfAndMost(found)[0].toFixed(1)} us with a frame, ${halfAndMost(nothing)[0].toFixed(1)} us with none`,
  );
  // Far less than the other half takes to fill.
  expect(Math.min(...found)).toBeLessThan(0.1);
  expect(Math.min(...nothing)).toBeLessThan(0.1);
  await answer;
  expect([output.update(), check(output.buffer)]).toEqual([true, rounds + 1]);
  output.close();
});
