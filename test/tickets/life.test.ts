// A ticket's life beside its maker's: it outlives the thread by five seconds, unless it is reusable.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ChannelStateError, type Sender, type Transferred, attach, bounded, transfer } from 'millrace';
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';
import { exitOf, registry, until } from '../threads/handshakes';

const text = { codec: 'text' } as const;

interface Legacy {
  readonly ticket: Transferred<Sender<string>>;
  /** When its maker was told to end, and when it had, by `performance.now()`. */
  readonly ending: number;
  readonly ended: number;
}

/** A worker that makes a ticket of the end it is given, and ends. */
async function ticketOfTheDead(end: Sender<string>, options = {}): Promise<Legacy> {
  const worker = new Worker(new URL('fixtures/ticket-maker.cjs', import.meta.url), {
    workerData: { ticket: transfer(end), options },
  });
  const exited = exitOf(worker);
  const [ticket] = (await once(worker, 'message')) as [Transferred<Sender<string>>];
  const ending = performance.now();
  worker.postMessage('end');
  await exited;
  return { ticket, ending, ended: performance.now() };
}

test('a ticket made in worker A is redeemed in worker B after A has ended, only workers having the addon', async () => {
  const answer = await answerOf(new URL('fixtures/workers-only.cjs', import.meta.url));
  expect(answer).toEqual({ heard: ['from A', 'and from B'], ended: 'ERR_CHANNEL_CLOSED', loadedByMain: [] });
});

test('a ticket never redeemed is released five seconds after its maker ended, and its channel closes', async () => {
  const [forgotten, receiver] = bounded(1, text);
  const [redeemed, otherReceiver] = bounded(1, text);
  const inTime = attach((await ticketOfTheDead(redeemed)).ticket);
  const { ticket: late, ending, ended } = await ticketOfTheDead(forgotten);
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 1 });
  // The control: a timer of this loop that is set when the maker has ended.
  const timer = setTimeout(5000).then(() => performance.now());
  await expect(receiver.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  const released = performance.now();
  expect(released - ending).toBeGreaterThanOrEqual(5000);
  // As long again only where the machine leaves out the thread that releases it.
  expect(released - ended).toBeLessThanOrEqual((await timer) - ended + 4000);
  expect(() => attach(late)).toThrow(ChannelStateError);
  // The one that was redeemed in time is an end like any other.
  expect(inTime.trySend('still here')).toBe(true);
  expect(otherReceiver.tryRecv()).toBe('still here');
  for (const end of [inTime, receiver, otherReceiver]) end.close();
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});

test('a reusable ticket ends with its maker, at once', async () => {
  // The control: a ticket for one use, whose five seconds have begun before.
  const [single, singleReceiver] = bounded(1, text);
  const control = await ticketOfTheDead(single);
  const [sender, receiver] = bounded(1, text);
  const { ticket } = await ticketOfTheDead(sender, { reusable: true });
  await until(() => receiver.isClosed, 'the channel closes');
  expect(singleReceiver.stats()).toMatchObject({ senders: 1, tickets: 1 });
  expect(() => attach(ticket)).toThrow(ChannelStateError);
  attach(control.ticket).close();
  singleReceiver.close();
  receiver.close();
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});
