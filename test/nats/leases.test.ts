// Leases over NATS: a message is the channel's until it is acknowledged.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { ChannelClosedError, ChannelCodecError, type Codec, unbounded } from 'millrace';
import { natsChannel } from 'millrace/nats';
import { describe, expect, test } from 'vitest';

import { rejection } from '../pipe/rejection';
import { program, rig } from './rig';

describe.skipIf(program === undefined)('leases', () => {
  const here = rig();
  const leased = { capacity: 8, ack: true, codec: 'text' } as const;

  test('a lease is settled once, and what goes back is given out again, with one attempt more', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), leased));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.sendMany(['one', 'two']);
    const [first, second] = [await rx.recv(), await rx.recv()];
    expect([first.value, first.attempt]).toEqual(['one', 1]);
    expect([first.nack(), first.nack(), first.ack()]).toEqual([true, false, false]);
    const again = await rx.recv();
    expect([again.value, again.attempt]).toEqual(['one', 2]);
    expect([again.ack(), again.ack(), again.nack()]).toEqual([true, false, false]);
    expect([second.value, second.attempt]).toEqual(['two', 1]);
    second[Symbol.dispose]();
    const disposed = await rx.recv();
    expect([disposed.value, disposed.attempt]).toEqual(['two', 2]);
    expect(second.ack()).toBe(false);
  });

  test('the capacity bounds queued and leased together, and drained means processed', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), { ...leased, capacity: 1 }));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.send('one');
    const lease = await rx.recv();
    expect(await tx.send('two', { timeout: 5 })).toBe(false);
    expect(await tx.drained({ timeout: 5 })).toBe(false);
    const drained = tx.drained();
    lease.ack();
    await drained;
    expect(await tx.send('two', { timeout: 60_000 })).toBe(true);
  });

  test('receivers are closed only when nothing is leased, and a lease can be settled after the end', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), leased));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.send('one');
    const lease = await rx.recv();
    tx.end();
    const next = rx.recv();
    expect(await rx.recv({ timeout: 20 })).toBeUndefined();
    lease.nack();
    const again = await next;
    expect([again.value, again.attempt]).toEqual(['one', 2]);
    again.ack();
    expect(await rejection(rx.recv())).toBeInstanceOf(ChannelClosedError);
  });

  test('after maxAttempts a message goes to the dead letters', async () => {
    const [deadLetter, dead] = unbounded({ codec: 'text' });
    const options = { ...leased, maxAttempts: 2, deadLetter };
    const jobs = here.kept(await natsChannel(here.connection, here.name(), options));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.send('bad');
    for (const attempt of [1, 2]) {
      const lease = await rx.recv();
      expect([lease.value, lease.attempt]).toEqual(['bad', attempt]);
      lease.nack();
    }
    expect(await dead.recv()).toBe('bad');
    tx.end();
    expect(await rejection(rx.recv())).toBeInstanceOf(ChannelClosedError);
    deadLetter.close();
    dead.close();
  });

  test('without dead letters it is thrown away then', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), { ...leased, maxAttempts: 1 }));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.send('bad');
    (await rx.recv()).nack();
    tx.end();
    expect(await rejection(rx.recv())).toBeInstanceOf(ChannelClosedError);
  });

  test('a message that cannot be decoded is told, and goes back', async () => {
    let refuses = 1;
    const picky: Codec<number> = {
      name: 'picky',
      encode: (value) => Uint8Array.of(value),
      decode(bytes) {
        if (bytes[0] === 2 && refuses-- > 0) throw new RangeError('two');
        return bytes[0]!;
      },
    };
    const jobs = here.kept(await natsChannel(here.connection, here.name(), { ...leased, codec: picky }));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.sendMany([1, 2]);
    expect((await rx.recvMany(8)).map(({ value }) => value)).toEqual([1]);
    const error = await rejection(rx.recv());
    expect(error).toBeInstanceOf(ChannelCodecError);
    expect([...(error as ChannelCodecError).bytes!]).toEqual([2]);
    expect((await rx.recv()).attempt).toBe(2);
  });

  test('a lease is kept while its process lives, however long, and comes back when it is killed', async () => {
    const name = here.name();
    const options = { ...leased, ackWait: 3000 };
    const jobs = here.kept(await natsChannel(here.connection, name, options));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    const holder = fork(fileURLToPath(new URL('fixtures/holder.mjs', import.meta.url)), [
      here.server.url,
      name,
    ]);
    await tx.send('one');
    expect((await once(holder, 'message'))[0]).toBe('one');
    expect(await rx.recv({ timeout: 7000 })).toBeUndefined();
    holder.kill('SIGKILL');
    const lease = await rx.recv();
    expect([lease.value, lease.attempt]).toEqual(['one', 2]);
    lease.ack();
  });

  test('a lease that is collected goes back, with a warning', async () => {
    const name = here.name();
    here.kept(await natsChannel(here.connection, name, leased));
    const collected = fileURLToPath(new URL('fixtures/collected.mjs', import.meta.url));
    const child = fork(collected, [here.server.url, name], { execArgv: ['--expose-gc'] });
    expect((await once(child, 'message'))[0]).toEqual(['MILLRACE_LEASE_COLLECTED', 'one', 2]);
  });

  test('leases that are not settled go back when the channel is closed', async () => {
    const name = here.name();
    const jobs = await natsChannel(here.connection, name, leased);
    await jobs.sender().send('one');
    const lease = await jobs.receiver().recv();
    await jobs.close();
    expect(lease.ack()).toBe(false);
    const again = here.kept(await natsChannel(here.connection, name, leased));
    expect((await again.receiver().recv()).attempt).toBe(2);
  });
});
