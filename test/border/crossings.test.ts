// What a verb costs whose answer is ready: one border crossing, nothing thrown, no promise made natively.
import { describe, expect, test } from 'vitest';
import { answerOf } from '../process/child';

interface Found {
  /** Native calls by name. */
  readonly crossings: Readonly<Record<string, number>>;
  readonly thrown: number;
  readonly promises: number;
  readonly rings: number;
}

const messages = 64;
const fixture = new URL('fixtures/crossings.cjs', import.meta.url);
const cross = (size: number): Promise<Record<string, Found>> => answerOf(fixture, { args: [String(size)] });
const sum = (crossings: Found['crossings']): number =>
  Object.values(crossings).reduce((sum, count) => sum + count, 0);

const single = ['trySend', 'tryRecv', 'send', 'recv', 'sendSync', 'recvSync', 'tryRecvInto', 'forAwait'];
const many = ['trySendMany', 'sendMany', 'sendManySync', 'recvMany'];

describe.each([8, 64, 1024])('messages of %i bytes', (size) => {
  test('one crossing a message, and nothing else, whatever the verb', async () => {
    const found = await cross(size);
    for (const verb of single) expect([verb, sum(found[verb]!.crossings)]).toEqual([verb, messages]);
    for (const told of Object.values(found)) expect(told).toMatchObject({ thrown: 0, promises: 0, rings: 0 });
  });

  test('one crossing for many, and for as many as fit a pool', async () => {
    const found = await cross(size);
    for (const verb of many) {
      const most = verb === 'recvMany' && size === 1024 ? 2 : 1;
      expect(sum(found[verb]!.crossings), verb).toBeLessThanOrEqual(most);
    }
  });

  test('full and empty are told in one crossing', async () => {
    const { full, empty } = await cross(size);
    expect([sum(full!.crossings), sum(empty!.crossings)]).toEqual([messages, messages]);
    expect([full!.thrown, empty!.thrown]).toEqual([0, 0]);
  });
});

test('long messages: one crossing to send and to receive into given memory, a second one for memory of their own', async () => {
  const found = await cross(65_536);
  for (const verb of ['trySend', 'send', 'sendSync', 'tryRecvInto'])
    expect([verb, sum(found[verb]!.crossings)]).toEqual([verb, messages]);
  for (const verb of ['tryRecv', 'recv', 'recvSync', 'forAwait'])
    expect(sum(found[verb]!.crossings), verb).toBeLessThanOrEqual(2 * messages);
  for (const told of Object.values(found)) expect(told).toMatchObject({ thrown: 0, promises: 0 });
});
