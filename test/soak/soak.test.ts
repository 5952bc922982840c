// The soak itself: that it finds what is lost, twice, damaged or grown, and that a short one finds nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { MOST_OF_A_CALL, account } from './account.mjs';
import { growthOf } from './growth.mjs';
import { Newest } from './latest.mjs';
import { HEAD, read, stamp } from './message.mjs';
import { SenderPage, clearBooks, makeBooks, see, totals } from './tally.mjs';

const program = fileURLToPath(new URL('run.mjs', import.meta.url));

async function soak(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

test('a short soak accounts for every message', async () => {
  const { code, output } = await soak('--minutes', '0.1');
  console.log(output);
  expect(output).toContain('Every message is accounted for');
  expect(code).toBe(0);
});

test.each([
  ['--minutes', '0'],
  ['--seed', 'x'],
  ['--nonsense', '1'],
])('refused: %s %s', async (...args) => {
  const { code, output } = await soak(...args);
  expect(code).toBe(2);
  expect(output).toContain('Try --help.');
});

const stats = { sent: 10, received: 6, dropped: 1, skipped: 0, discarded: 2, length: 1 };
const all = { attempted: 10, accepted: 10, seen: 6 };
const some = { killed: 0, drops: true, drained: false };

test.each([
  ['nothing', {}, {}, {}],
  ['the figures do not add up', { dropped: 0 }, {}, {}],
  ['fewer were sent than were accepted', {}, { accepted: 11, attempted: 11 }, {}],
  ['more were sent than anybody tried to', {}, { attempted: 9, accepted: 9 }, {}],
  ['more were seen than were received', {}, { seen: 7 }, {}],
  ['messages were received and never seen', {}, { seen: 5 }, {}],
  ['a channel that does not drop has dropped', {}, {}, { drops: false }],
  ['messages were left behind', {}, {}, { drained: true }],
])('a round is wrong when %s', (fault, figures, totals, how) => {
  const found = account({ ...stats, ...figures }, { ...all, ...totals }, { ...some, ...how });
  expect(found).toEqual(fault === 'nothing' ? [] : [fault]);
});

test('a receiver that is terminated may take one call’s messages with it, and no more', () => {
  const lost = (count: number): string[] =>
    account(
      { ...stats, sent: 104, received: 100 },
      { attempted: 104, accepted: 104, seen: 100 - count },
      { ...some, killed: 1 },
    );
  expect(lost(MOST_OF_A_CALL)).toEqual([]);
  expect(lost(MOST_OF_A_CALL + 1)).toEqual(['messages were received and never seen']);
});

test('a message that comes twice, was never sent, or came damaged is found', () => {
  const books = makeBooks(1);
  clearBooks(books);
  const page = new SenderPage(books, 1);
  page.attempt(2);
  const bytes = new Uint8Array(HEAD + 20);
  stamp(bytes, 1, 1, false);
  see(books, read(bytes));
  page.accept(2);
  expect(totals(books)).toEqual({ attempted: 2, accepted: 2, seen: 1 });
  expect(() => see(books, read(bytes))).toThrow('message 1 of sender 1 came twice');
  stamp(bytes, 1, 2, false);
  expect(() => see(books, read(bytes))).toThrow('message 2 of sender 1 was never sent');
  expect(() => read(bytes.subarray(0, 20))).toThrow('came damaged');
  bytes[bytes.length - 1]! ^= 1;
  expect(() => read(bytes)).toThrow('came damaged');
});

test('a value that is older than the one before is found', () => {
  const newest = new Newest();
  const bytes = new Uint8Array(HEAD);
  const take = (number: number): boolean => {
    stamp(bytes, 0, number, false);
    return newest.take(bytes);
  };
  expect([take(1), take(1), take(3), newest.number]).toEqual([true, false, true, 3]);
  expect(() => take(2)).toThrow('value 2 came after 3');
});

test('memory is level within a twentieth, from the first minute on', () => {
  const looks = (last: number): object[] =>
    [300, 100, 100, 100, last, last].map((figure, index) => ({
      at: index === 0 ? 50 : 60 + index * 10,
      rss: figure * 2 ** 20,
    }));
  expect(growthOf(looks(104), 'rss')).toMatchObject({ hasGrown: false });
  expect(growthOf(looks(106), 'rss')).toMatchObject({ hasGrown: true });
  expect(growthOf(looks(106).slice(0, 3), 'rss')).toBeUndefined();
});
