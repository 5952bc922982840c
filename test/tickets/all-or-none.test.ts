// A transfer and an attach do all or nothing: where one fails, no handle is spent, no ticket redeemed, and nothing is told later.
import { ChannelStateError, type Transferred, attach, bounded, revoke, transfer } from 'millrace';
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const shouting = {
  name: 'shouting',
  encode: (text: string) => Buffer.from(text.toUpperCase()),
  decode: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
};

test('an attach of a good ticket and a tampered one redeems neither', () => {
  const [tx, rx] = bounded(1, { codec: 'text' });
  const [other] = bounded(1, { codec: shouting });
  const good = transfer(rx);
  // The channel's own codec is another than the ticket says.
  const tampered = { ...transfer(other), codec: 'text' };
  expect(() => attach([good, tampered] as unknown as Transferred<unknown>)).toThrow(ChannelStateError);
  expect(tx.stats()).toMatchObject({ tickets: 1, receivers: 1 });
  tx.trySend('still there');
  const attached = attach(good);
  expect(attached.tryRecv()).toBe('still there');
  expect(revoke(tampered as unknown as Transferred<unknown>)).toBe(1);
  attached.close();
  tx.close();
});

test('a transfer of a good handle and a spent one spends neither', () => {
  const [tx, rx] = bounded(1, { codec: 'text' });
  const [spent] = bounded(1);
  spent.close();
  expect(() => transfer([tx, spent])).toThrow(ChannelStateError);
  expect(tx.trySend('not spent')).toBe(true);
  expect(rx.tryRecv()).toBe('not spent');
  tx.close();
  rx.close();
});

test('nothing throws later from a finalizer', async () => {
  const fixture = new URL('fixtures/all-or-none.cjs', import.meta.url);
  expect(await answerOf(fixture, { flags: ['--expose-gc'] })).toEqual({ refused: true, uncaught: [] });
});
