// What pages are told: what they make of it is what `/snapshot.json` says, whatever happened since, and however little was told.
import * as fc from 'fast-check';
import { type Receiver, type Sender, bounded, unbounded } from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { Digits } from '../../dist/console/digits.js';
import { Observer } from '../../dist/console/observer.js';
import { snapshot } from '../../dist/console/snapshot.js';
import { differences, everything, hello } from '../../dist/console/telling.js';
import { Channels } from '../../src/console/page/channels.js';

type Pair = readonly [Sender<number>, Receiver<number>];
const open: Pair[] = [];
afterEach(() => {
  for (const ends of open.splice(0)) for (const end of ends) end.close();
});

const dataOf = (event: Buffer | string) => JSON.parse(/^data: (.*)$/m.exec(event.toString())![1]!) as never;

/** An observer that keeps what changes, and a page that was told of everything. */
function watched() {
  const [observer, page] = [new Observer(), new Channels()];
  observer.keep(true);
  const tell = (event: Buffer) => page.take(dataOf(event));
  observer.look(1000);
  page.begin(dataOf(hello()));
  tell(everything(observer));
  return { observer, page, tell };
}

/** What the page has, as the snapshot has it; figures are told to three places. */
function shown(page: Channels) {
  const read = ({ version: _, stillSince: __, ...channel }: Record<string, unknown>) => ({
    ...channel,
    leased: Math.max(0, channel['leased'] as number),
  });
  return [...page.all.values()].map((channel) => rounded(read(channel)));
}

function rounded(channel: object) {
  const round = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value);
  const figures = Object.entries(channel).map(([name, value]) => [name, round(value)]);
  return Object.fromEntries(figures) as Record<string, unknown>;
}

const byId = (one: Record<string, unknown>, other: Record<string, unknown>) =>
  Number(one['id']) - Number(other['id']);

const makers = [
  (label: string): Pair => bounded(4, { label, codec: 'f64' }),
  (label: string): Pair => unbounded({ label, codec: 'f64', timing: true }),
  (label: string): Pair => bounded(2, { label, codec: 'f64', overflow: 'drop-oldest' }),
];

const step = fc.oneof(
  fc.record({ what: fc.constant('open' as const), which: fc.nat() }),
  fc.record({ what: fc.constant('close' as const), which: fc.nat() }),
  fc.record({ what: fc.constant('send' as const), which: fc.nat() }),
  fc.record({ what: fc.constant('receive' as const), which: fc.nat() }),
  fc.record({ what: fc.constant('wait' as const), which: fc.nat() }),
  fc.record({ what: fc.constant('look' as const), which: fc.integer({ min: 1, max: 9000 }) }),
  fc.record({ what: fc.constant('miss' as const), which: fc.integer({ min: 1, max: 900 }) }),
);

test('a page that is told of differences shows what a snapshot does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { observer, page, tell } = watched();
      const ends: Pair[] = [];
      let [now, isBehind] = [1000, false];
      for (const { what, which } of steps) {
        const [tx, rx] = ends[which % Math.max(1, ends.length)] ?? [];
        if (what === 'open')
          ends.push(makers[which % makers.length]!(`number ${ends.length} \u2603 "quoted"`));
        if (what === 'close')
          for (const end of ends.splice(which % Math.max(1, ends.length), 1).flat()) end.close();
        if (what === 'send') tx?.trySend(which);
        if (what === 'receive') rx?.tryRecv();
        if (what === 'wait') void (rx as Receiver<number> & { recv?: unknown })?.recv?.().catch(() => {});
        if (what !== 'look' && what !== 'miss') continue;
        observer.look((now += which));
        const told = differences(observer);
        // A page that does not take what it is sent is told of everything when it does.
        if (what === 'miss') isBehind = true;
        else tell(isBehind ? everything(observer) : told);
        if (what === 'look') isBehind = false;
      }
      observer.look((now += 1000));
      const told = differences(observer);
      tell(isBehind ? everything(observer) : told);
      const { channels } = snapshot(observer);
      for (const end of ends.flat()) end.close();
      expect(shown(page).sort(byId)).toEqual(channels.map(rounded).sort(byId));
    }),
    { numRuns: 150 },
  );
});

test('what stands still is shown within 6 s, at the looks and drawings of a page, and no earlier than after 5', () => {
  const { observer, page, tell } = watched();
  const [lookMs, drawMs] = [250, 250];
  const pair = bounded(4, { codec: 'f64' });
  open.push(pair);
  let now = 1000;
  const look = () => {
    observer.look((now += lookMs));
    tell(differences(observer));
    return [...page.all.values()].find((channel) => channel['senders'] === 1);
  };
  expect(look()).toMatchObject({ stalled: false });
  // Planted as unluckily as can be: just after a look.
  const planted = now;
  void pair[1].recv().catch(() => {});
  let channel = look();
  let drawn = channel?.version;
  for (; channel?.['stalled'] !== true; channel = look()) {
    expect(now - planted).toBeLessThan(6000 - drawMs);
    drawn = channel?.version;
  }
  expect(now - planted).toBeGreaterThanOrEqual(5000);
  expect(channel.version, 'it is drawn anew at once').not.toBe(drawn);
});

test('a channel on which nothing happens is not told again, nor drawn', () => {
  const { observer, page, tell } = watched();
  const pairs = [bounded(4, { codec: 'f64' }), bounded(4, { codec: 'f64' })];
  open.push(...pairs);
  observer.look(2000);
  tell(differences(observer));
  const versions = () => [...page.all.values()].map(({ version }) => version);
  const [first, second] = versions();
  pairs[1]![0].trySend(1);
  observer.look(2250);
  const told = differences(observer);
  tell(told);
  const [one, two] = versions();
  expect([one! - first!, two! > second!]).toEqual([0, true]);
  const { rows } = dataOf(told) as { rows: number[] };
  // Its number and which figures follow: sent, queued, their bytes, the highest water and a rate.
  expect(rows).toHaveLength(2 + 5);
});

test('an hour of looks over channels that come and go leaves nothing behind', () => {
  const { observer, page, tell } = watched();
  let [now, most] = [1000, 0];
  for (let second = 0; second < 3600; second += 1) {
    const [tx, rx] = bounded(4, { codec: 'f64', label: `visitor ${second}` });
    if (second % 3 === 0) observer.look((now += 250));
    tx.trySend(second);
    observer.look((now += 750));
    tx.close();
    rx.close();
    const told = differences(observer);
    most = Math.max(most, told.length);
    tell(told);
  }
  observer.look((now += 250));
  tell(differences(observer));
  expect([observer.channels.size, observer.changed.size, observer.gone.length, page.all.size]).toEqual([
    0, 0, 0, 0,
  ]);
  expect(most).toBeLessThan(2000);
});

describe('a number', () => {
  const written = (value: number) => {
    const digits = new Digits();
    digits.text('[');
    digits.number(value);
    digits.close(']');
    return (JSON.parse(digits.take().toString()) as [number | null])[0];
  };
  const edges = [0, 1, 9, 10, 99, 100, 999_999_999, 1e9, 2 ** 31 - 1, 2 ** 31, 1e18, 2 ** 53 - 1].flatMap(
    (edge) => [edge, edge - 1, edge + 1],
  );
  test('is written as JSON has it', () => {
    for (const edge of edges) {
      expect(written(edge)).toBe(Math.abs(edge) > Number.MAX_SAFE_INTEGER ? null : edge);
    }
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => written(value) === value));
  });
  test('has three places', () => {
    for (const value of [0.5, 0.001, 0.0004, 0.9999, 12.3456, -1.5, 1e6 + 0.25]) {
      expect(written(value)).toBeCloseTo(value, 3);
    }
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        expect(Math.abs(written(value)! - value)).toBeLessThanOrEqual(0.000_501);
      }),
    );
  });
  test('that is not finite is null', () => {
    for (const value of [Infinity, -Infinity, NaN]) expect(written(value)).toBeNull();
  });
  test('finds room, however many there are', () => {
    const digits = new Digits();
    digits.text('[');
    const values = Array.from({ length: 50_000 }, (_, index) => index * 1001);
    for (const value of values) digits.number(value);
    digits.close(']');
    expect(JSON.parse(digits.take().toString())).toEqual(values);
  });
});
