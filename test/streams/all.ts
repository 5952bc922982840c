// What an asynchronous iterable gives, to its end.
export async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}

/** What an asynchronous iterable gives, and the error that ends it. */
export async function allUntilError<T>(iterable: AsyncIterable<T>): Promise<[values: T[], error: unknown]> {
  const values: T[] = [];
  try {
    for await (const value of iterable) values.push(value);
  } catch (error) {
    return [values, error];
  }
  throw new Error('it ended without an error');
}
