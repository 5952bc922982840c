// What the benchmarks say of their targets: which medians are compared, and what met and missed mean.
import { expect, test } from 'vitest';

import { causedClaims, causedRows, causeOf } from '../../bench/targets/causes.mjs';
import { barChart } from '../../bench/report/chart.mjs';
import { peers } from '../../bench/who/peers.mjs';
import { median } from '../../bench/report/statistics.mjs';
import { Tally, proveAll } from '../../bench/messages/tally.mjs';
import { stampFrom } from '../../bench/messages/payload.mjs';
import { measureScaling } from '../../bench/further/scaling.mjs';
import { targets as targetsTable } from '../../bench/report/results.mjs';
import { targets } from '../../bench/targets/targets.mjs';
import { nameOf, verdicts } from '../../bench/targets/verdicts.mjs';

const measured = {
  fast: [
    { name: 'ours', values: [50, 20, 30] },
    { name: 'theirs', values: [10, 10, 10] },
    { name: 'others', values: [15, 15, 400] },
  ],
};
const judge = (claim: object) => verdicts([{ row: 'row', claims: [claim] }], measured)[0];
const against = (...names: string[]) => ({ scenario: 'fast', names });

test('rates: the best median of each side, and at least so many times as much', () => {
  const claim = {
    of: against('ours'),
    against: against('theirs', 'others'),
    better: Math.max,
    words: 'them',
  };
  expect(judge({ ...claim, atLeast: 2 })).toMatchObject({
    reached: 2,
    of: 'ours',
    against: 'others',
    target: '>= 2 x them',
    verdict: 'met',
  });
  expect(judge({ ...claim, atLeast: 2.1 })).toMatchObject({ verdict: 'MISSED' });
});

test('times: the least median of each side, and at most so many times as long', () => {
  const claim = {
    of: against('ours'),
    against: against('theirs', 'others'),
    better: Math.min,
    words: 'them',
  };
  expect(judge({ ...claim, atMost: 3 })).toMatchObject({ reached: 3, against: 'theirs', verdict: 'met' });
  expect(judge({ ...claim, atMost: 2.9 })).toMatchObject({ verdict: 'MISSED' });
});

test('a price is that of the one that is best otherwise', () => {
  const costly = {
    job: [
      { name: 'fast', values: [20], costs: [9] },
      { name: 'frugal', values: [10], costs: [1] },
      { name: 'theirs', values: [15], costs: [3] },
    ],
  };
  const claim = {
    of: { scenario: 'job', names: ['fast', 'frugal'], figure: 'costs' },
    against: { scenario: 'job', names: ['theirs'], figure: 'costs' },
    better: Math.max,
    atMost: 1,
    words: 'theirs',
  };
  expect(verdicts([{ row: 'row', claims: [claim] }], costly)[0]).toMatchObject({
    reached: 3,
    of: 'fast',
    verdict: 'MISSED',
  });
});

test('a figure of its own', () => {
  const claim = { of: against('ours'), better: Math.min, unit: 'ns' };
  expect(judge({ ...claim, atMost: 30 })).toMatchObject({ reached: 30, verdict: 'met' });
  expect(judge({ ...claim, atMost: 29 })).toMatchObject({ verdict: 'MISSED' });
});

test('what was not measured is neither met nor missed', () => {
  const claim = {
    of: against('ours'),
    against: against('nobody'),
    better: Math.max,
    atLeast: 1,
    words: 'nobody',
  };
  expect(judge(claim)).toMatchObject({ verdict: 'not measured' });
});

test('beside a miss stands its cause, or that it is not known; beside what is met, nothing', () => {
  const claim = { of: against('ours'), better: Math.min, unit: 'ns' };
  const told = (atMost: number, caused?: string) =>
    verdicts([{ row: 'row', claims: [{ ...claim, atMost }] }], measured, (row: string, name: string) =>
      row === 'row' && name === caused ? 'a copy too many' : undefined,
    )[0].cause;
  expect(told(29, 'row: ours: <= 29 ns')).toBe('a copy too many');
  expect(told(29, 'row: ours: <= 28 ns')).toBe('cause not known yet');
  expect(told(29)).toBe('cause not known yet');
  expect(told(30, 'row: ours: <= 30 ns')).toBeUndefined();
});

test('every cause names a row or a claim, and no two claims have the same name', () => {
  const names: string[] = verdicts(targets, {}).map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(causedClaims));
  const rows: string[] = targets.map(({ row }: { row: string }) => row);
  expect(rows).toEqual(expect.arrayContaining(causedRows));
  expect(causeOf(causedRows[0], '')).toMatch(/\d [un]s/);
});

test('every target names peers that there are', () => {
  const own = new Set([
    'latest',
    'steps',
    'loading',
    'scaling',
    'closing',
    'idle',
    'memory',
    'broadcast-memory',
  ]);
  const claims = targets.flatMap(({ claims }: { claims: Claim[] }) => claims);
  const sides = claims.flatMap(({ of, against }) => [of, against ?? of]);
  expect(claims.length).toBeGreaterThan(30);
  for (const { scenario, names } of sides) {
    if (!own.has(scenario)) expect(Object.keys(peers)).toEqual(expect.arrayContaining(names));
  }
});

test('what is asked to be flat is measured under that name', () => {
  const measured = new Set(measureScaling(1, () => undefined).map(({ name }: { name: string }) => name));
  const asked = targets
    .flatMap(({ claims }: { claims: Claim[] }) => claims)
    .flatMap(({ of, against }: Claim) => [of, against ?? of])
    .filter(({ scenario }: Side) => scenario === 'scaling')
    .flatMap(({ names }: Side) => names);
  expect(asked.length).toBeGreaterThan(0);
  expect([...measured]).toEqual(expect.arrayContaining(asked));
});

interface Side {
  scenario: string;
  names: string[];
}
interface Claim {
  of: Side;
  against?: Side;
}

test('a team proves that every message of every sender came once and in order', () => {
  const message = (number: number, sender: number) => {
    const bytes = new Uint8Array(64);
    stampFrom(bytes, number, sender);
    return bytes;
  };
  const [first, second] = [new Tally(2, 64), new Tally(2, 64)];
  first.take(message(0, 0));
  first.take(message(0, 1));
  second.take(message(1, 0));
  expect(() => proveAll([first.told(), second.told()], 2, 2)).toThrow('Of 2 messages of sender 1 1 were');
  expect(() => second.take(message(1, 0))).toThrow('Message 1 of sender 0 came after 1');
  first.take(message(1, 1));
  expect(() => proveAll([first.told(), second.told()], 2, 2)).not.toThrow();
});

test('a chart has a bar of the right length for every row, on either axis', () => {
  const rows = [
    { label: 'a < b', family: 'ring', values: [100, 100, 100] },
    { label: 'c', family: 'millrace', values: [10_000, 10_000, 1] },
  ];
  const widths = (log: boolean) => {
    const chart = barChart({ title: '', unit: '', note: '', rows, log, show: String, middle: median });
    expect(chart).toContain('a &lt; b');
    return [...chart.matchAll(/width="([\d.]+)" height="16"/g)].map(([, width]) => Number(width));
  };
  const [short = 0, long = 0] = widths(true);
  expect(long / short).toBeCloseTo(2);
  const [shorter = 0, longer = 0] = widths(false);
  expect(longer / shorter).toBeCloseTo(100, 0);
});

test('what was compared and why a target was missed stand below the table, each once', () => {
  const line = { row: 'row', target: '>= 2 x them', reached: '1.00 x', verdict: 'MISSED' };
  const [why, what] = ['a long cause '.repeat(30).trim(), 'ours / theirs'];
  const text = targetsTable([
    { ...line, compared: what, cause: why },
    { ...line, row: 'another row', compared: what, cause: why },
  ]);
  const rows = text.split('\n').filter((each) => each.startsWith('|'));
  expect(rows.filter((each) => each.includes('MISSED [^1] [^2]'))).toHaveLength(2);
  for (const each of rows) expect(each.length).toBeLessThan(120);
  expect(text.split('\n').slice(-2)).toEqual([`[^1]: ${what}`, `[^2]: ${why}`]);
});
