// What a channel had queued goes back to the system when it has drained, is closed, and nothing was freed for a second.
import { expect, test } from 'vitest';
import { part } from '../laws/part';
import { answerOf } from '../process/child';

/** Resident memory of the process, in MiB. */
interface Answer {
  readonly before: number;
  readonly queued: number;
  readonly drained: number;
  readonly after: number;
}

const fixture = new URL('fixtures/given-back.cjs', import.meta.url);
const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
/** Other C libraries give memory back by themselves, or never. */
const usesGlibc = report.header.glibcVersionRuntime !== undefined;

test.runIf(usesGlibc).each([
  [part(4_000_000), 8],
  [part(300_000), 1000],
  [part(20_000), 20_000],
])('%d messages of %d bytes', async (messages, bytes) => {
  // A tenth of what was queued, and what the engine and its caches take meanwhile.
  const most = 60;
  const answer = await answerOf<Answer>(fixture, { args: [messages, bytes, most].map(String) });
  const { before, queued, drained, after } = answer;
  console.log(`MiB: ${[before, queued, drained, after].map((mib) => mib.toFixed(0)).join(', ')}`);
  expect(queued - before, 'it was much').toBeGreaterThan(part(200));
  expect(after - before).toBeLessThanOrEqual(most);
});
