// Tests that take minutes at the length that is promised are shorter by default; `npm run test:long` runs them whole.

/** `whole` where tests run at full length, else `short`. */
export function fullLength<T>(whole: T, short: T): T {
  return process.env['MILLRACE_TEST_LONG'] === '1' ? whole : short;
}
