// Select is fair: cases that stay ready share alike, and none is passed over for long. A round is one select that finds them ready.
import {
  type SelectCases,
  after,
  bounded,
  select,
  selectSync,
  sending,
  trySelect,
  tripleBuffer,
  unbounded,
} from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

const f64 = { codec: 'f64' } as const;
/** Rounds of a test that looks for the longest wait. */
const many = 20_000;
/** What `select` promises of n cases that stay ready: each is chosen at least once in so many rounds. */
const promised = (cases: number): number => 6 + cases;

/** A case that stays ready: `again` makes it so once it was chosen. */
interface Ready {
  readonly one: SelectCases[string];
  again(): void;
}

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const end of opened.splice(0)) end.close();
});

function receiving(make = () => bounded(1, f64)): Ready {
  const [tx, rx] = make();
  opened.push(tx, rx);
  const again = () => void tx.trySend(1);
  again();
  return { one: rx, again };
}

function givingRoom(): Ready {
  const [tx, rx] = bounded(1, f64);
  opened.push(tx, rx);
  return { one: sending(tx, 1), again: () => void rx.tryRecv() };
}

function unread(): Ready {
  const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  opened.push(input, output);
  const again = () => void input.write(1);
  again();
  return { one: output, again };
}

/** Puts the ready ones under keys of their own. */
function casesOf(ready: Record<string, Ready>): SelectCases {
  return Object.fromEntries(Object.entries(ready).map(([key, { one }]) => [key, one]));
}

describe.each([
  ['trySelect', (cases: SelectCases) => trySelect(cases)],
  ['selectSync', (cases: SelectCases) => selectSync(cases)],
  ['select', (cases: SelectCases) => select(cases)],
])('%s', (_, choose) => {
  /** How often each is chosen, and the most rounds that each had to wait for that. */
  async function play(
    ready: Record<string, Ready>,
    rounds: number,
  ): Promise<Record<string, { taken: number; longest: number }>> {
    const cases = casesOf(ready);
    const seen = Object.fromEntries(
      Object.keys(ready).map((key) => [key, { taken: 0, longest: 0, last: 0 }]),
    );
    for (let round = 1; round <= rounds; round += 1) {
      const { key, closed } = await choose(cases);
      if (key === undefined || closed === true) throw new Error(`${key} was chosen, closed: ${closed}`);
      const one = seen[key]!;
      one.taken += 1;
      one.longest = Math.max(one.longest, round - one.last);
      one.last = round;
      ready[key]!.again();
    }
    return seen;
  }

  test('each of 4 ready cases is taken at least 15 % of 100,000 times', async () => {
    const rounds = 100_000;
    const ready = {
      bounded: receiving(),
      unbounded: receiving(() => unbounded(f64)),
      room: givingRoom(),
      value: unread(),
    };
    const seen = await play(ready, rounds);
    const shares = Object.values(seen).map(({ taken }) => taken / rounds);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1);
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(0.15);
  });

  test('beside a hot channel a cold one is served within 8 rounds, always', async () => {
    const seen = await play({ hot: receiving(() => unbounded(f64)), cold: receiving() }, many);
    expect(promised(2)).toBe(8);
    for (const { longest } of Object.values(seen)) expect(longest).toBeLessThanOrEqual(8);
    // And not in turns: which one it is cannot be foretold.
    expect(Math.max(...Object.values(seen).map(({ longest }) => longest))).toBeGreaterThan(2);
  });

  test('beside 8 hot channels too it is served as soon as was promised', async () => {
    const hot = Object.fromEntries(
      Array.from({ length: 8 }, (_each, index) => [`hot ${index}`, receiving()]),
    );
    const seen = await play({ ...hot, cold: receiving() }, many);
    for (const { longest } of Object.values(seen)) expect(longest).toBeLessThanOrEqual(promised(9));
  });

  test('a channel that was silent for long is served at once', async () => {
    const [hot, [tx, cold]] = [receiving(), unbounded(f64)];
    opened.push(tx, cold);
    for (let time = 0; time < 100; time += 1) {
      for (let round = 0; round < 8; round += 1) {
        expect((await choose({ hot: hot.one, cold })).key).toBe('hot');
        hot.again();
      }
      tx.trySend(time);
      expect(await choose({ hot: hot.one, cold })).toEqual({ key: 'cold', closed: false, value: time });
    }
  });

  test('a timer made anew for each round has its share, and no more than that', async () => {
    const hot = receiving();
    const taken = { hot: 0, due: 0 };
    for (let round = 0; round < 10_000; round += 1) {
      const { key } = await choose({ hot: hot.one, due: after(0) });
      taken[key as keyof typeof taken] += 1;
      hot.again();
    }
    for (const times of Object.values(taken)) expect(times).toBeGreaterThanOrEqual(1_500);
  });
});
