// What a row is asked for, and what counts as an answer.

/** In the order of the table's columns. */
export const parts = ['require', 'import', 'hand-over', 'terminate'];

/** The same answer to every part. */
export function all(answer) {
  return Object.fromEntries(parts.map((part) => [part, answer]));
}

/** `'yes'` when a command has ended well and printed what was expected, else what it said of an error. */
export function answerOf({ code, output }, expected) {
  const isDone = expected.test(output);
  if (code === 0 && isDone) return 'yes';
  const lines = output.split('\n').map((line) => line.trim());
  const told = lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '') ?? '';
  const end = isDone ? 'was done, but the process ended badly' : `exit code ${code}`;
  return `no: ${end}${told === '' ? '' : `: ${told}`}`;
}
