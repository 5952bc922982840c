// What all rounds of a soak came to, by lane, by verb and by manner of ending, as lines and tables.
import { table } from '../../bench/report/tables.mjs';
import { verbNames, verbs as ways } from './verbs.mjs';

const figures = ['sent', 'received', 'dropped', 'skipped', 'discarded', 'length'];
const sideNames = Object.keys(ways);
const whole = (number) => number.toLocaleString('en-US');
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

export class Ledger {
  faults = [];
  #lanes = new Map();
  #manners = new Map();

  enter({ name }, { stats, seen, ended, faults }) {
    const row = this.#lanes.get(name) ?? {
      rounds: 0,
      unseen: 0,
      ...Object.fromEntries(figures.map((key) => [key, 0])),
    };
    row.rounds += 1;
    for (const figure of figures) row[figure] += stats[figure];
    row.unseen += stats.received - seen.seen;
    this.#lanes.set(name, row);
    for (const { side, manner } of ended) {
      const sides = this.#manners.get(manner) ?? Object.fromEntries(sideNames.map((side) => [side, 0]));
      sides[side] += 1;
      this.#manners.set(manner, sides);
    }
    this.faults.push(
      ...faults.map((fault) => `${name}: ${fault}\n${JSON.stringify({ ...stats, ...seen, ended })}`),
    );
  }

  /** Verbs that nobody called and manners in which nobody ended: a soak of minutes has none. */
  unused(books, manners) {
    const calls = (index) => books.reduce((sum, { verbs }) => sum + verbs[index], 0);
    return [
      ...verbNames.filter((_, index) => calls(index) === 0),
      ...manners.filter((manner) => !this.#manners.has(manner)),
    ];
  }

  /** How far it has come. */
  line({ at, rss, external }) {
    const sum = (figure) => [...this.#lanes.values()].reduce((sum, row) => sum + row[figure], 0);
    const workers = [...this.#manners.values()]
      .flatMap((sides) => Object.values(sides))
      .reduce((sum, count) => sum + count, 0);
    return [
      `${String(Math.round(at)).padStart(4)} s`,
      `${whole(sum('rounds'))} rounds`,
      `${whole(workers)} workers`,
      `${whole(sum('sent'))} messages`,
      `rss ${mebibytes(rss)}`,
      `external ${mebibytes(external)}`,
    ].join(', ');
  }

  tables(books) {
    const columns = ['rounds', ...figures, 'unseen'];
    const lanes = [...this.#lanes].map(([name, row]) =>
      [name].concat(columns.map((figure) => whole(row[figure]))),
    );
    const manners = [...this.#manners].map(([name, sides]) =>
      [name].concat(sideNames.map((side) => whole(sides[side]))),
    );
    const verbs = verbNames.map((name, index) => [
      name,
      whole(books.reduce((sum, { verbs }) => sum + verbs[index], 0)),
    ]);
    return [
      table([['channel', 'rounds', ...figures, 'died with their receiver'], ...lanes]),
      table([['workers ended', ...sideNames], ...manners]),
      table([['verb', 'calls'], ...verbs]),
    ].join('\n\n');
  }
}

/** Memory at first and at last. */
export function growthTable(growths) {
  const rows = growths.map(({ figure, growth }) =>
    growth === undefined
      ? [figure, '', '', 'too short to judge']
      : [figure, mebibytes(growth.before), mebibytes(growth.after), growth.hasGrown ? 'GROWN' : 'level'],
  );
  return table([['memory', 'first third', 'last third', ''], ...rows]);
}
