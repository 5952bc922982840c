// What is not a ticket, and what is not one of ours, is refused; a handle is never cloned in its place.
import { randomBytes } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { ChannelStateError, type Transferred, attach, bounded, revoke, transfer } from 'millrace';
import { expect, test } from 'vitest';
import { registry } from '../threads/handshakes';

const text = { codec: 'text' } as const;

/** The strings of a ticket, each with a way to make the ticket again with another string in its place. */
function strings(ticket: object): [string, (other: string) => Transferred<unknown>][] {
  return Object.entries(ticket)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .map(([key, value]) => [
      value,
      (other) => ({ ...ticket, [key]: other }) as unknown as Transferred<unknown>,
    ]);
}

test('a ticket cannot be guessed: another string in its place is refused, and redeems nothing', () => {
  const [sender, receiver] = bounded(1, text);
  const ticket = transfer(sender) as Transferred<typeof sender>;
  const [name, again] = strings(ticket).reduce((one, other) =>
    one[0].length > other[0].length ? one : other,
  );
  const guesses = [
    '',
    name.slice(0, -1),
    `${name}0`,
    name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase(),
    `${name.slice(0, -1)}${name.endsWith('0') ? '1' : '0'}`,
    `${name.slice(0, -32)}${'0'.repeat(32)}`,
    ...Array.from({ length: 1000 }, () => `${name.slice(0, -32)}${randomBytes(16).toString('hex')}`),
    `${name}\0`,
    ` ${name}`,
  ];
  for (const guess of guesses) {
    if (guess !== name) expect(() => attach(again(guess)), guess).toThrow(ChannelStateError);
  }
  expect(receiver.stats()).toMatchObject({ tickets: 1 });
  const attached = attach(ticket);
  attached.close();
  receiver.close();
});

test('tickets differ in at least 96 bits', () => {
  const [sender, receiver] = bounded(1, text);
  const tickets = Array.from({ length: 500 }, () => transfer(sender.clone()));
  const names = tickets.map((ticket) =>
    strings(ticket)
      .map(([value]) => value)
      .join(' '),
  );
  expect(new Set(names).size).toBe(500);
  const columns = Array.from(
    { length: names[0]?.length ?? 0 },
    (_, i) => new Set(names.map((name) => name[i])).size,
  );
  // A hexadecimal digit that takes most of its sixteen values in 500 names carries four bits.
  expect(columns.filter((values) => values >= 14).length * 4).toBeGreaterThanOrEqual(96);
  expect(tickets.reduce((sum, ticket) => sum + revoke(ticket), 0)).toBe(500);
  sender.close();
  receiver.close();
});

test('a malformed ticket is refused with an error of ours, never a crash', () => {
  const [sender, receiver] = bounded(1, text);
  const ticket = transfer(sender);
  const key = Object.keys(ticket).find((name) => name.startsWith('millrace')) as string;
  for (const other of [
    undefined,
    null,
    0,
    Number.NaN,
    2 ** 53,
    1n,
    {},
    [],
    () => 1,
    'x'.repeat(1e6),
    '\ud800',
  ]) {
    expect(() => attach({ ...ticket, [key]: other } as unknown as Transferred<unknown>)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_(CHANNEL_STATE|INVALID_ARG)/) }),
    );
  }
  expect(revoke(ticket)).toBe(1);
  receiver.close();
});

test('what holds no ticket is attached, and revoked, as it is', () => {
  for (const value of [undefined, null, 1, 'text', { deep: [new Map([[1, new Set([2])]])] }]) {
    expect(attach(transfer(value))).toEqual(value);
    expect(revoke(transfer(value))).toBe(0);
  }
});

test('wrong options are refused with expected and received', () => {
  const [sender, receiver] = bounded(1, text);
  const wrong = { code: expect.stringMatching(/^ERR_INVALID_ARG/) };
  for (const options of [1, 'reusable', null, { reusable: 1 }, { reuseable: true }]) {
    expect(() => transfer(sender, options as never)).toThrow(expect.objectContaining(wrong));
  }
  const ticket = transfer(sender);
  for (const options of [1, null, { codecs: 1 }, { codecs: [1] }, { codec: [] }]) {
    expect(() => attach(ticket, options as never)).toThrow(expect.objectContaining(wrong));
  }
  attach(ticket).close();
  receiver.close();
});

test('postMessage of a handle without transfer throws DataCloneError, and spends nothing', () => {
  const { port1, port2 } = new MessageChannel();
  const [sender, receiver] = bounded(1, text);
  for (const value of [
    sender,
    receiver,
    { sender },
    [receiver],
    new Map([[1, sender]]),
    new Set([receiver]),
  ]) {
    expect(() => port1.postMessage(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
    expect(() => structuredClone(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  }
  expect(sender.trySend('still here')).toBe(true);
  expect(receiver.tryRecv()).toBe('still here');
  for (const end of [sender, receiver]) end.close();
  port1.close();
  port2.close();
});

test('nothing is left open', () => {
  expect(registry()).toEqual({ channels: 0, ends: 0, tickets: 0, environments: 1 });
});
