// The results as Markdown: the targets first, then one section a scenario.
import { titleOf } from '../who/peers.mjs';
import { median } from './statistics.mjs';
import { amount, micros, percent, spread, table, times } from './tables.mjs';

export function scenarioSection(scenario, entries) {
  const rows = { 'ping-pong': pingRows, job: jobRows }[scenario.shape] ?? rateRows;
  return `### ${scenario.name}\n\n${table(rows(scenario, entries))}`;
}

function jobRows({ unit, size, figure }, entries) {
  const timed = figure === 'p50';
  const showBytes = size !== undefined;
  const best = median(entries.find(({ family }) => family === 'postMessage')?.values ?? [NaN]);
  const rows = entries.map(({ name, values, rates, costs, peaks, samples }) => {
    const rate = median(rates);
    return [
      titleOf(name),
      ...(samples.count === 0 ? [] : [micros(samples.quantile(0.5)), micros(samples.quantile(0.99))]),
      amount(rate),
      timed ? spread(values, micros) : spread(rates),
      ...(showBytes ? [`${amount((rate * size) / 1e6)} MB/s`] : []),
      `${amount(median(costs))} us`,
      `${amount(median(peaks))} MB`,
      times(median(values) / best),
    ];
  });
  const quantiles = entries.some(({ samples }) => samples.count > 0) ? ['p50', 'p99'] : [];
  const head = ['who', ...quantiles, `${unit}/s`, timed ? 'p50, min - max' : 'min - max'];
  const bytes = showBytes ? ['bytes'] : [];
  return [[...head, ...bytes, 'CPU each', 'peak memory', 'to `postMessage`'], ...rows];
}

function rateRows({ size }, entries) {
  const baselines = [
    ['to `postMessage`', 'postMessage'],
    ['to a JS ring', 'ring'],
  ]
    .map(([heading, family]) => ({ heading, rate: bestRate(entries, family) }))
    .filter(({ rate }) => rate > 0);
  const rows = entries.map(({ name, values, backoff }) => {
    const rate = median(values);
    return [
      titleOf(name),
      amount(rate),
      spread(values),
      `${amount((rate * size) / 1e6)} MB/s`,
      ...baselines.map((baseline) => times(rate / baseline.rate)),
      backoff ?? '',
    ];
  });
  const headings = baselines.map(({ heading }) => heading);
  return [['peer', 'messages/s', 'min - max', 'bytes', ...headings, 'backoff'], ...rows];
}

function bestRate(entries, family) {
  return Math.max(
    0,
    ...entries.filter((entry) => entry.family === family).map(({ values }) => median(values)),
  );
}

function pingRows({ gap = 0 }, entries) {
  const rows = entries.map(({ name, family, values, samples, backoff }) => [
    titleOf(name),
    micros(median(values)),
    spread(values, micros),
    micros(samples.quantile(0.99)),
    micros(samples.quantile(0.999)),
    family === 'limit' ? '' : percent(median(samples.shares)),
    `${gap} ms`,
    amount(samples.count),
    backoff ?? '',
  ]);
  return [['peer', 'p50', 'min - max', 'p99', 'p99.9', 'of one core', 'gap', 'samples', 'backoff'], ...rows];
}

/** A section of figures in one unit; `title` of an entry is its name where it has none. */
export function figuresSection(name, words, unit, entries) {
  const rows = entries.map((entry) => [
    entry.title ?? entry.name,
    amount(median(entry.values)),
    spread(entry.values),
  ]);
  return `### ${name}\n\n${words}\n\n${table([['', unit, 'min - max'], ...rows])}`;
}

/** The targets beside what was reached; what was compared, and why a target was missed, stands below. */
export function targetsSection(lines) {
  const count = (word) => lines.filter(({ verdict }) => verdict === word).length;
  const sums = ['met', 'MISSED', 'not measured'].map((word) => `${count(word)} ${word}`).join(', ');
  return `### Targets\n\nOf ${lines.length}: ${sums}. Where several peers stand for a side, the best one counts.\n\n${targets(
    lines.map((line) => ({
      ...line,
      reached: reachedOf(line),
      compared: line.of === undefined ? undefined : `${titleOf(line.of)} / ${titleOf(line.against)}`,
    })),
  )}`;
}

/** A table in which each scenario is a row above its targets, and its footnotes: no row is wider than a screen. */
export function targets(lines) {
  const notes = new Map();
  const noted = (text) => {
    if (!notes.has(text)) notes.set(text, `[^${notes.size + 1}]`);
    return notes.get(text);
  };
  const rows = lines.flatMap(({ row, target, reached, verdict, compared, cause }, index) => {
    const marks = [compared, cause].filter((text) => text !== undefined).map(noted);
    const line = [target, reached, [verdict, ...marks].join(' ')];
    return index > 0 && lines[index - 1].row === row ? [line] : [[`**${row}**`, '', ''], line];
  });
  const below = [...notes].map(([text, mark]) => `${mark}: ${text}`).join('\n');
  return `${table([['target', 'reached', ''], ...rows])}\n\n${below}`;
}

function reachedOf({ reached, unit }) {
  if (reached === undefined) return '';
  return unit === undefined ? times(reached) : `${amount(reached)} ${unit}`;
}

export function report(sections, { machine, options, seconds, failed }) {
  const { repetitions, seconds: length, samples } = options;
  return `## Node ${process.versions.node}

Figures are medians of ${repetitions} interleaved repetitions of about ${length} s after warming up, at most ${samples} samples for a
ping-pong. ${failed === undefined ? `The whole run took ${seconds} s.` : `**The run is not whole**: it ended after ${seconds} s, because ${failed}`}

${table([['', ''], ...Object.entries(machine)])}

${sections.join('\n\n')}`;
}
