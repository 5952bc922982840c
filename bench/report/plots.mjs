// Which plots are drawn of a run, and where they go.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barChart } from './chart.mjs';
import { titleOf } from '../who/peers.mjs';
import { median } from './statistics.mjs';

const more = 'medians of the repetitions, whiskers from the least to the most; longer bars are better';
const less = 'medians of the repetitions, whiskers from the least to the most; shorter bars are better';

const rate = (scenario, title) => ({ scenario, title, unit: 'messages a second', note: more, log: true });
const trip = (scenario, title) => ({
  scenario,
  title,
  unit: 'p50 of a round trip, microseconds',
  note: less,
  log: true,
  scale: 1000,
  rising: true,
});

const plots = [
  {
    scenario: '64KiB-chunks',
    title: 'A file in chunks of 64 KiB, to a worker and back',
    unit: 'chunks a second',
    note: more,
  },
  rate('64B-one-way', '64 bytes, one thread to another'),
  rate('1KiB-one-way', '1 KiB, one thread to another'),
  rate('64KiB-one-way', '64 KiB, one thread to another'),
  rate('1MiB-one-way', '1 MiB, one thread to another'),
  rate('6.2MB-one-way', 'A frame of 6.2 MB, one thread to another'),
  rate('4-to-4', '64 bytes, four threads to four'),
  trip('64B-ping-pong', 'Ping-pong of 64 bytes, one after the other'),
  trip('64B-ping-pong-cold', 'Ping-pong of 64 bytes, both sides asleep before each'),
  {
    scenario: 'memory',
    title: 'Memory that a fast producer takes: 200,000 messages of 1 KiB',
    unit: 'MB that the process grew at most',
    note: less,
    rising: true,
  },
];

/** Draws what was measured; answers the paths. */
export function drawPlots(measured, folder) {
  mkdirSync(folder, { recursive: true });
  return plots
    .filter(({ scenario }) => (measured[scenario] ?? []).length > 0)
    .map(({ scenario, title, unit, note, log = false, scale = 1, rising = false }) => {
      const rows = measured[scenario].map(({ name, family, values }) => ({
        label: titleOf(name),
        family,
        values: values.map((value) => value * scale),
      }));
      rows.sort((one, other) => (median(one.values) - median(other.values)) * (rising ? 1 : -1));
      const path = join(folder, `${scenario}.svg`);
      writeFileSync(path, barChart({ title, unit, note, rows, log, show, middle: median }));
      return path;
    });
}

/** A figure as short as it can be read: 12 M, 3.4 k, 0.5. */
function show(value) {
  const [factor, letter] = value >= 999_500 ? [1e6, ' M'] : value >= 9995 ? [1e3, ' k'] : [1, ''];
  const figure = Number((value / factor).toPrecision(3));
  return `${figure.toLocaleString('en-US')}${letter}`;
}
