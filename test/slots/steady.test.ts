// A channel with slots, in steady state: over a million messages the process allocates for none of them.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

interface Answer {
  readonly messages: number;
  /** By how much each counter has grown. */
  readonly grown: Record<
    'slots' | 'blocks' | 'rss' | 'external' | 'arrayBuffers' | 'heapUsed' | 'faults',
    number
  >;
}

const mebibyte = 2 ** 20;

test.each(['rounds', 'threads', 'refs'])(
  'bounded(64, { slotBytes: 4096 }), %s: no allocation per message',
  async (scene) => {
    const fixture = new URL('fixtures/steady.cjs', import.meta.url);
    // A young generation of one size: the engine's own grows by more than is looked for here (48 MB on Node 24).
    const flags = ['--max-semi-space-size=1'];
    const { messages, grown } = await answerOf<Answer>(fixture, { args: [scene], flags });
    console.log(`${scene}: ${messages} messages, grown by ${JSON.stringify(grown)}`);
    expect(messages).toBeGreaterThanOrEqual(1_000_000);
    // Of native memory for messages none was made, be it slots or single blocks.
    expect([grown.slots, grown.blocks]).toEqual([0, 0]);
    // Less than 32 bytes a message, and a page touched anew for less than one in five: room for V8's own business.
    for (const counter of ['rss', 'external', 'arrayBuffers', 'heapUsed'] as const) {
      expect(grown[counter], counter).toBeLessThan(32 * mebibyte);
    }
    expect(grown.faults).toBeLessThan(messages / 5);
  },
);

test('messages that a receiver keeps take spare slots, once, and are not written to', async () => {
  const fixture = new URL('fixtures/kept.cjs', import.meta.url);
  const { messages, wrong, slots, most } = await answerOf<Record<string, number>>(fixture);
  console.log(`${messages} messages, 16 kept at a time: memory made ${slots} times, at most ${most}`);
  expect(wrong).toBe(0);
  // Where nothing is lent, a message leaves its slot when it is received.
  expect(slots).toBeGreaterThanOrEqual(process.env['MILLRACE_COPY'] === '1' ? 1 : 16);
  expect(slots).toBeLessThanOrEqual(most!);
});
