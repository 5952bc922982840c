// The border alone, called with what the JavaScript before it refuses: no abort, no hang, nothing written astray.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/direct.cjs', import.meta.url);
const direct = <T>(scenario: string): Promise<T> => answerOf<T>(fixture, { args: [scenario] });

const [nothing, spent, held, tooLong, notBytes, noMemory, unknownTicket] = [-1, -3, -4, -5, -8, -9, -11];

test('a pool that a getter moves away is not written to where it was: the message is held', async () => {
  expect(await direct('poolMovedByGetter')).toEqual({ answer: 0, result: held, length: 64, untouched: true });
});

test('a value that a getter moves away is not read where it was', async () => {
  // The first was copied before the getter beside it ran; read again, it has no bytes.
  expect(await direct('valueMovedByGetter')).toEqual({ sent: 2, selected: 0 });
});

test('a handle that a getter closes, and one that is there twice, are spent', async () => {
  expect(await direct('closedByGetter')).toEqual({ sent: spent, twice: spent, closed: spent });
});

test('an array of four thousand million holes is refused at the first', async () => {
  expect(await direct('sparse')).toEqual({
    trySendMany: notBytes,
    handles: spent,
    values: notBytes,
    order: notBytes,
    makeTickets: spent,
    redeem: unknownTicket,
    describe: unknownTicket,
    revoke: 0,
    left: 1,
  });
});

test('a message longer than the channel can take is no endless loop, whatever the channel loses', async () => {
  expect(await direct('tooLong')).toEqual([tooLong]);
});

test('a rendezvous that would drop the oldest loses the message itself', async () => {
  expect(await direct('rendezvousThatDrops')).toEqual([0, 0]);
});

test('a block of no messages is sent, and there is nothing to receive', async () => {
  expect(await direct('emptyPack')).toEqual({ sent: [0, 0, 0], behind: 3, received: nothing, many: nothing });
});

test('an open that fails leaves no environment behind', async () => {
  expect(await direct('failedOpen')).toEqual({ thrown: 0, left: 0 });
});

test('memory beyond all bounds is refused', async () => {
  expect(await direct('tooMuch')).toEqual([noMemory, noMemory, noMemory, noMemory]);
});

test("memory longer than the engine's longest buffer is freed once, although the failed buffer is let go as well", async () => {
  const { answers, ...after } = await answerOf<{ answers: object }>(fixture, {
    args: ['longerThanAnyBuffer'],
    flags: ['--expose-gc'],
  });
  // Node 20 has no buffers of more than 4 GiB; later ones have, and then there is nothing that fails.
  const each = process.version.startsWith('v20.') ? 'ERR_BUFFER_TOO_LARGE' : 2 ** 32 + 8;
  expect(answers).toEqual({ refs: [each, each], slots: [each, each] });
  expect(after).toEqual({ again: 100_000, left: 0 });
});

test('a pending receive is not thrown away by who asks for the result of a send', async () => {
  expect(await direct('takeSettledOfAReceive')).toEqual({ taken: nothing, told: true, length: 3 });
});

test('a wait that was told before is not taken for another that has its name since', async () => {
  expect(await direct('namesOfWaits')).toEqual({ names: 1024, isAgain: true, told: nothing });
});
