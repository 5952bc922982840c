/** The last words: what became of the frames in each form, and what one sees in it. */
import { layOut, megabytes } from '../../dist/cli/columns.js';
import { titles } from './forms.mjs';

const columns = [
  ['', ({ form }) => titles[form]],
  ['made', ({ made }) => `${made}`],
  ['processed', ({ processed }) => `${processed}`],
  ['dropped', ({ dropped }) => `${dropped}`],
  ['left', ({ left }) => `${left}`],
  ['age p50', ({ ages }) => milliseconds(ages?.p50)],
  ['p99', ({ ages }) => milliseconds(ages?.p99)],
  ['max', ({ ages }) => milliseconds(ages?.max)],
  ['peak queued', ({ queued }) => megabytes(queued)],
  ['peak memory', ({ memory }) => megabytes(memory)],
];

/** A row for every form. */
export function table(outcomes) {
  return layOut([
    columns.map(([name]) => name),
    ...outcomes.map((outcome) => columns.map(([, tell]) => tell(outcome))),
  ]);
}

/** How the table's figures were had. */
export const legend = `dropped: refused, replaced by a newer frame or passed over; left: on their way when the time was up; age: from
the moment a frame was whole until the consumer took it; queued: bytes between the two threads; memory:
resident, the whole process, the camera's and the consumer's own included`;

/** What is about to be shown. */
export function announcement(options, source) {
  const { width, height, rate, work, seconds } = options;
  const frames = `${width}x${height}x3, ${megabytes(width * height * 3)} a frame, ${rate} frames/s (${source})`;
  return `${frames}; the consumer takes ${work} ms a frame; ${seconds} s a form`;
}

/** What one sees. */
export function lesson(outcomes) {
  const naive = outcomes.find(({ form }) => form === 'unbounded');
  const others = outcomes.filter(({ form }) => form !== 'unbounded');
  const oldest = Math.max(...others.map(({ ages }) => ages?.max ?? 0));
  if (naive?.ages === undefined || naive.left < 2 || naive.ages.max <= oldest) {
    return 'The consumer kept up, so that the forms differ little: try more --work, or a higher --rate.';
  }
  return `A queue without a bound keeps every frame: its consumer saw the world as it was ${milliseconds(naive.ages.max)} ago, later and
later the longer it runs. Where only the latest value counts, the others drop what nobody has time for: none of
their frames was older than ${milliseconds(oldest)}, and running longer does not change that.`;
}

/** The forms that ended before their time. */
export function notes(outcomes, { memory }) {
  return outcomes
    .filter(({ full }) => full)
    .map(({ form }) => `${titles[form]} was stopped early: ${megabytes(memory)} were queued (--memory).`);
}

/** What does not add up, a sentence for each. */
export function complaints(outcomes) {
  return outcomes
    .filter(({ made, processed, dropped, left }) => made !== processed + dropped + left)
    .map(
      ({ form, made, processed, dropped, left }) =>
        `${titles[form]}: ${made} frames were made, but ${processed} processed, ${dropped} dropped and ${left} left`,
    );
}

function milliseconds(age) {
  if (age === undefined) return '-';
  return `${age.toFixed(age < 100 ? 1 : 0)} ms`;
}
