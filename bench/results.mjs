// The results as Markdown: one table a scenario, targets beside what was reached.
import { peers, targetsOf } from './scenarios.mjs';

/** The most of a core that an idle blocked worker may take. */
const IDLE_TARGET = 0.005;

/** A baseline's name at the head of its column, and in a target. */
const headings = { copy: 'copied', transfer: 'transferred' };
/** What a scenario counts, and what is told of one of them. */
const units = {
  'ping-pong': ['round trips/s', 'one round trip'],
  'hand-over': ['messages/s', 'one hand-over'],
};
const titleOf = (name) => headings[name] ?? peers.find((peer) => peer.name === name).title;

export function scenarioSection(scenario, results) {
  const rateOf = (name) => median(results.find(({ peer }) => peer.name === name)?.rates ?? []);
  const rows = results.map(({ peer, rates }) => {
    const rate = median(rates);
    const each =
      scenario.shape === 'ping-pong' || scenario.shape === 'hand-over'
        ? `${(1e6 / rate).toFixed(1)} us`
        : `${amount((rate * scenario.size) / 1e6)} MB/s`;
    return [
      peer.title,
      amount(rate),
      `${amount(Math.min(...rates))} - ${amount(Math.max(...rates))}`,
      each,
      ...scenario.baselines.map((name) => times(rate / rateOf(name))),
      targetsOf(scenario, peer)
        .map((target) => verdict(rate / rateOf(target.against), target))
        .join('; '),
    ];
  });
  const [unit, each] = units[scenario.shape] ?? ['messages/s', 'bytes'];
  const ratios = scenario.baselines.map((name) => `to ${titleOf(name)}`);
  const head = ['peer', unit, 'min - max', each, ...ratios, 'target'];
  return `## ${scenario.name}\n\n${table([head, ...rows])}`;
}

export function idleSection(seconds, rows) {
  const cells = rows.map(({ name, share }, index) => {
    const reached = `${share < IDLE_TARGET ? 'met' : 'MISSED'}: under ${percent(IDLE_TARGET)}`;
    return [name, percent(share), index === 0 ? reached : ''];
  });
  return `## idle\n\nOne worker, watched for ${seconds} s.\n\n${table([['worker', 'of one core', 'target'], ...cells])}`;
}

export function report(sections, { machine, options, seconds }) {
  const facts = Object.entries(machine).map(([name, value]) => [name, value]);
  const { repetitions, seconds: length } = options;
  return `# Results

Written by \`npm run bench\`, not by hand. What each scenario means, and what it does not, is in README.md beside this
file. Figures are medians of ${repetitions} interleaved repetitions of about ${length} s after warming up; every payload
was checked at the other end. The whole run took ${seconds} s.

${table([['', ''], ...facts])}

${sections.join('\n\n')}
`;
}

function verdict(ratio, { against, atLeast }) {
  return `${ratio >= atLeast ? 'met' : 'MISSED'}: ${atLeast} x ${titleOf(against)}`;
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three figures are as many as the spread allows. */
function amount(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

function times(ratio) {
  return `${ratio.toFixed(2)} x`;
}

function percent(share) {
  return `${(share * 100).toFixed(2)} %`;
}

/** A Markdown table; the first row is its head. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
