// A ticket's life beside its maker's: it outlives the thread by five seconds, unless it is reusable.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ChannelStateError, type Sender, type Transferred, attach, bounded, transfer } from 'millrace';
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';
import { exitOf, registry, until } from '../threads/handshakes';

const text = { codec: 'text' } as const;

/** A worker that makes a ticket of the end it is given, and ends. */
async function ticketOfTheDead(end: Sender<string>, options = {}): Promise<Transferred<Sender<string>>> {
  const worker = new Worker(new URL('fixtures/ticket-maker.cjs', import.meta.url), {
    workerData: { ticket: transfer(end), options },
  });
  const exited = exitOf(worker);
  const [ticket] = (await once(worker, 'message')) as [Transferred<Sender<string>>];
  await exited;
  return ticket;
}

test('a ticket made in worker A is redeemed in worker B after A has ended, only workers having the addon', async () => {
  const answer = await answerOf(new URL('fixtures/workers-only.cjs', import.meta.url));
  expect(answer).toEqual({ heard: ['from A', 'and from B'], ended: 'ERR_CHANNEL_CLOSED', loadedByMain: [] });
});

test('a ticket never redeemed is released five seconds after its maker ended, and its channel closes', async () => {
  const [forgotten, receiver] = bounded(1, text);
  const [redeemed, otherReceiver] = bounded(1, text);
  const start = performance.now();
  const late = await ticketOfTheDead(forgotten);
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 1 });
  const inTime = attach(await ticketOfTheDead(redeemed));
  await expect(receiver.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  expect(performance.now() - start).toBeGreaterThanOrEqual(5000);
  expect(() => attach(late)).toThrow(ChannelStateError);
  // The one that was redeemed in time is an end like any other.
  expect(inTime.trySend('still here')).toBe(true);
  expect(otherReceiver.tryRecv()).toBe('still here');
  for (const end of [inTime, receiver, otherReceiver]) end.close();
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});

test('a reusable ticket ends with its maker', async () => {
  const [sender, receiver] = bounded(1, text);
  const ticket = await ticketOfTheDead(sender, { reusable: true });
  await until(() => receiver.isClosed, 'the channel closes');
  expect(() => attach(ticket)).toThrow(ChannelStateError);
  receiver.close();
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});
