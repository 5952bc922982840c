// The tracing channels `millrace:send` and `millrace:recv`: what they tell, to whom, and what a subscriber adds.
import { tracingChannel } from 'node:diagnostics_channel';

import { type TraceEvent, bounded, messageContexts, rpc } from 'millrace';
import { afterEach, expect, test } from 'vitest';

const phases = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
const names = ['millrace:send', 'millrace:recv'] as const;
const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const text = { codec: 'text', label: 'jobs', context: true } as const;

let heard: string[] = [];
let events: TraceEvent[] = [];
const listeners = names.flatMap((name) =>
  phases.map((phase) => ({
    channel: tracingChannel(name)[phase],
    listen: (event: unknown) => {
      heard.push(`${name.slice(9)} ${phase}`);
      if (phase === 'start') events.push(event as TraceEvent);
      if (phase === 'start' && name === 'millrace:send') (event as TraceEvent).traceparent = parent;
    },
  })),
);
const listen = () => listeners.forEach(({ channel, listen }) => channel.subscribe(listen));
afterEach(() => {
  listeners.forEach(({ channel, listen }) => channel.unsubscribe(listen));
  [heard, events] = [[], []];
});

test('what a subscriber of a send sets goes with its messages, and a receive is told of it', async () => {
  listen();
  const [tx, rx] = bounded(8, text);
  tx.trySendMany(['one', 'two']);
  expect(await rx.recv()).toBe('one');
  expect(messageContexts()[0]?.traceparent).toBe(parent);
  expect(rx.tryRecv()).toBe('two');
  expect(heard).toEqual([
    'send start',
    'send end',
    'recv start',
    'recv end',
    'recv asyncStart',
    'recv asyncEnd',
    'recv start',
    'recv end',
  ]);
  expect(events.map(({ verb }) => verb)).toEqual(['trySendMany', 'recv', 'tryRecv']);
  for (const event of events)
    expect(event).toMatchObject({ flavor: 'bounded', label: 'jobs', traceparent: parent });
  tx.close();
  rx.close();
});

test('a step that waits is told when it began and when its message came; the end too', async () => {
  listen();
  const [tx, rx] = bounded(8, text);
  const steps = rx[Symbol.asyncIterator]();
  const step = steps.next();
  expect(heard).toEqual(['recv start', 'recv end']);
  await tx.send('one');
  expect((await step).value).toBe('one');
  expect(events[0]).toMatchObject({ verb: 'next', traceparent: parent });
  tx.close();
  await steps.next();
  expect(events.map(({ verb }) => verb)).toEqual(['next', 'send', 'next']);
  rx.close();
});

test('what fails is told as an error', async () => {
  listen();
  const [tx, rx] = bounded(8, text);
  rx.close();
  expect(() => tx.trySend('one')).toThrow();
  await expect(tx.send('two')).rejects.toThrow();
  expect(heard.filter((what) => what === 'send error')).toHaveLength(2);
  expect(events[0]?.error).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  tx.close();
});

test('a handler is told with the trace parent of its request, from the start', async () => {
  listen();
  const [caller, responder] = rpc<string, string>(8, { label: 'questions', context: true });
  const served = responder.serve(async (value) => value.toUpperCase());
  expect(await caller.call('hello')).toBe('HELLO');
  caller.close();
  await served;
  expect(events.map(({ verb }) => verb)).toEqual(['call', 'serve']);
  expect(events[1]).toMatchObject({
    flavor: 'rpc',
    label: 'questions',
    traceparent: parent,
    result: 'HELLO',
  });
});

test('nothing is told of channels without the option', async () => {
  listen();
  const [tx, rx] = bounded(8, { codec: 'text' });
  await tx.send('one');
  await rx.recv();
  expect(heard).toEqual([]);
  tx.close();
  rx.close();
});
