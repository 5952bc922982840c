// What the laws ask of vitest, for a Node that has nothing but itself: describe, test, afterEach, expect.
export { expect } from './matchers.mjs';

/** The tests of the files imported so far, in their order. */
const collected = [];
const titles = [];
let afterEachOfFile = [];

export function describe(title, body) {
  titles.push(title);
  body();
  titles.pop();
}
describe.each = (rows) => (title, body) => {
  for (const row of rows) describe(filled(title, row), () => body(row));
};

export function test(title, body) {
  collected.push({ name: [...titles, title].join(' > '), body, after: afterEachOfFile });
}
test.each = (rows) => (title, body) => {
  for (const row of rows) test(filled(title, row), () => body(row));
};

export function afterEach(hook) {
  afterEachOfFile.push(hook);
}

/** Imports a file of tests, and answers them. */
export async function collect(url) {
  afterEachOfFile = [];
  await import(url);
  return collected.splice(0);
}

/** `$name` in a title is the row's. */
function filled(title, row) {
  return title.replaceAll(/\$(\w+)/g, (_, key) => String(row[key]));
}
