// Handles become tickets and handles again: deep in a value, once each, all of them or none.
import {
  type Codec,
  ChannelClosedError,
  ChannelStateError,
  type Transferred,
  attach,
  bounded,
  channel,
  revoke,
  syncChannel,
  transfer,
  unbounded,
} from 'millrace';
import { afterEach, expect, test } from 'vitest';
import { registry } from '../threads/handshakes';

const text = { codec: 'text' } as const;

// Every test closes what it opened, and leaves no ticket.
afterEach(() => expect(registry()).toEqual({ channels: 0, ends: 0, tickets: 0, environments: 1 }));

test('a ticket is plain data, counts as a live end, and becomes an end of the same channel', () => {
  const [sender, receiver] = bounded(3, { codec: 'text', label: 'jobs' });
  const ticket = structuredClone(transfer(sender));
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 1 });
  expect(receiver.isClosed).toBe(false);
  const attached = attach(ticket);
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 0 });
  expect(attached.sameChannel(receiver)).toBe(true);
  expect(attached.stats()).toMatchObject({ flavor: 'bounded', capacity: 3, label: 'jobs' });
  expect(attached.trySend('hello')).toBe(true);
  expect(receiver.tryRecv()).toBe('hello');
  attached.close();
  receiver.close();
});

test('a transferred handle is spent: its verbs throw, close does nothing, properties answer', () => {
  const [sender, receiver] = bounded(3, text);
  sender.trySend('queued');
  const ticket = transfer(sender);
  for (const verb of [
    () => sender.trySend('late'),
    () => sender.sendSync('late'),
    () => sender.clone(),
    () => sender.end(),
  ]) {
    expect(verb).toThrow(ChannelStateError);
  }
  expect(() => transfer(sender)).toThrow(ChannelStateError);
  sender.close();
  expect(sender.isClosed).toBe(true);
  expect(sender.capacity).toBe(3);
  expect(sender.stats()).toMatchObject({ flavor: 'bounded', sent: 1 });
  expect(receiver.tryRecv()).toBe('queued');
  expect(receiver.isClosed).toBe(false);
  attach(ticket).close();
  expect(receiver.isClosed).toBe(true);
  receiver.close();
});

test.each([
  ['syncChannel', () => syncChannel(3, text)],
  ['channel', () => channel(text)],
])('%s: the receiver is the only one where it is attached, too', (_, make) => {
  const [sender, receiver] = make();
  sender.trySend('queued');
  const attached = attach(transfer(receiver));
  expect(['clone' in attached, attached.tryRecv()]).toEqual([false, 'queued']);
  attached.close();
  sender.close();
});

test('a ticket is redeemed once', () => {
  const [sender, receiver] = unbounded(text);
  const ticket = transfer(receiver);
  const attached = attach(structuredClone(ticket));
  expect(() => attach(ticket)).toThrow(ChannelStateError);
  expect(() => attach([ticket] as unknown as Transferred<unknown>)).toThrow(ChannelStateError);
  expect(attached.stats()).toMatchObject({ receivers: 1 });
  attached.close();
  sender.close();
});

test('handles are found in objects, arrays, Map keys and values, and Sets; the rest is as it was', () => {
  const [sender, receiver] = bounded(8, text);
  const date = new Date(0);
  const bare = Object.assign(Object.create(null) as { end: typeof sender }, { end: sender.clone() });
  const value = {
    list: [sender.clone(), [receiver.clone()]],
    map: new Map<unknown, unknown>([
      [sender.clone(), 'key'],
      ['value', receiver.clone()],
    ]),
    set: new Set([sender.clone()]),
    bare,
    rest: { date, text: 'text', nothing: null, absent: undefined, big: 1n, bytes: Uint8Array.of(1, 2) },
  };
  const attached = attach(structuredClone(transfer(value)));
  expect(attached.rest).toEqual(value.rest);
  const [[key, keyed], [, inMap]] = [...attached.map] as [[typeof sender, string], [string, typeof receiver]];
  const senders = [attached.list[0], key, ...attached.set, attached.bare.end] as (typeof sender)[];
  expect(keyed).toBe('key');
  for (const [i, end] of senders.entries()) {
    end.trySend(`message ${i}`);
    expect(inMap.tryRecv()).toBe(`message ${i}`);
    end.close();
  }
  inMap.close();
  (attached.list[1] as [typeof receiver])[0].close();
  sender.close();
  receiver.close();
});

test('one handle in two places, cycles included, stays one handle', () => {
  const [sender, receiver] = bounded(8, text);
  interface Ring {
    first: typeof sender;
    again: Set<typeof sender>;
    self?: Ring;
  }
  const value: Ring = { first: sender, again: new Set([sender]) };
  value.self = value;
  const attached = attach(structuredClone(transfer(value)));
  expect(attached.self).toBe(attached);
  expect([...attached.again][0]).toBe(attached.first);
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 0 });
  attached.first.close();
  expect(receiver.isClosed).toBe(true);
  receiver.close();
});

test('transfer with one spent handle spends none', () => {
  const [sender, receiver] = bounded(8, text);
  const spent = sender.clone();
  spent.close();
  expect(() => transfer({ sender, deep: [{ spent }] })).toThrow(ChannelStateError);
  expect(() => transfer([spent, sender])).toThrow(ChannelStateError);
  expect(sender.trySend('still here')).toBe(true);
  expect(receiver.tryRecv()).toBe('still here');
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 0 });
  sender.close();
  receiver.close();
});

test('attach with one bad ticket redeems none', () => {
  const [sender, receiver] = bounded(8, text);
  const good = transfer(sender);
  const redeemed = transfer(receiver.clone());
  attach(redeemed).close();
  expect(() => attach({ good, redeemed } as unknown as Transferred<unknown>)).toThrow(ChannelStateError);
  expect(() => attach([redeemed, good] as unknown as Transferred<unknown>)).toThrow(ChannelStateError);
  expect(receiver.stats()).toMatchObject({ senders: 1, tickets: 1 });
  const attached = attach(good);
  expect(attached.trySend('still good')).toBe(true);
  expect(receiver.tryRecv()).toBe('still good');
  attached.close();
  receiver.close();
});

test('attach without the codec that a ticket asks for is a TypeError, and redeems none', () => {
  const upper: Codec<string> = {
    name: 'upper',
    encode: (value) => Buffer.from(value.toUpperCase()),
    decode: (bytes) => Buffer.from(bytes).toString(),
  };
  const [sender, receiver] = bounded(8, { codec: upper });
  const [plain, plainReceiver] = bounded(8, text);
  const ticket = transfer({ plain, sender });
  expect(() => attach(ticket)).toThrow(TypeError);
  expect(() => attach(ticket)).toThrow(/upper/);
  expect(plainReceiver.stats()).toMatchObject({ tickets: 1 });
  const attached = attach(ticket, { codecs: [upper] });
  attached.sender.trySend('loud');
  expect(receiver.tryRecv()).toBe('LOUD');
  for (const end of [attached.sender, attached.plain, receiver, plainReceiver]) end.close();
});

test('a handle with a pending wait or an open iterator is not transferred, and not spent', async () => {
  const [sender, receiver] = bounded(1, text);
  const stop = new AbortController();
  const wait = { signal: stop.signal };
  const received = receiver.recv(wait);
  expect(() => transfer({ sender, receiver })).toThrow(ChannelStateError);
  stop.abort(new Error('stopped'));
  await expect(received).rejects.toThrow('stopped');

  const iterator = receiver[Symbol.asyncIterator]();
  expect(() => transfer(receiver)).toThrow(ChannelStateError);
  await iterator.return?.();

  sender.trySend('fills it');
  const waits = [sender.send('waits'), sender.drained()];
  expect(() => transfer(sender)).toThrow(ChannelStateError);
  expect([await receiver.recv(), await receiver.recv()]).toEqual(['fills it', 'waits']);
  await Promise.all(waits);

  const attached = attach(transfer({ sender, receiver }));
  attached.sender.trySend('carried');
  expect(attached.receiver.tryRecv()).toBe('carried');
  attached.sender.close();
  attached.receiver.close();
});

test('revoke releases what is not redeemed, says how many, and closes', () => {
  const [sender, receiver] = bounded(8, text);
  const [otherSender, otherReceiver] = bounded(8, text);
  const both = transfer({ sender, otherReceiver });
  expect(revoke(both)).toBe(2);
  expect(revoke(both)).toBe(0);
  expect(() => receiver.tryRecv()).toThrow(ChannelClosedError);
  expect(() => otherSender.trySend('late')).toThrow(ChannelClosedError);
  expect(() => attach(both)).toThrow(ChannelStateError);
  receiver.close();
  otherSender.close();

  const [third, thirdReceiver] = bounded(8, text);
  const [one, other] = [transfer(third.clone()), transfer(third)];
  const attached = attach(one);
  expect(revoke([one, other] as unknown as Transferred<unknown>)).toBe(1);
  expect(attached.trySend('still here')).toBe(true);
  attached.close();
  thirdReceiver.close();
});

test('a reusable ticket is cloned at each attach, and counts as an end until it is revoked', () => {
  const [sender, receiver] = bounded(8, text);
  const ticket = transfer({ sender }, { reusable: true });
  const copies = [attach(ticket), attach(structuredClone(ticket)), attach(ticket)];
  expect(receiver.stats()).toMatchObject({ senders: 4, tickets: 1 });
  for (const copy of copies) {
    expect(copy.sender.trySend('hello')).toBe(true);
    expect(receiver.tryRecv()).toBe('hello');
    copy.sender.close();
  }
  expect(receiver.isClosed).toBe(false);
  expect(revoke(ticket)).toBe(1);
  expect(receiver.isClosed).toBe(true);
  expect(() => attach(ticket)).toThrow(ChannelStateError);
  receiver.close();
});
