// The laws of order: per sender, per handle, and nothing lost or doubled on the way.
import { expect } from 'vitest';

import {
  drain,
  fill,
  type FormLaw,
  forms,
  type Law,
  receive,
  some,
  upTo,
  whenFull,
  whenShared,
  withRoom,
} from './rows';

export const inEveryForm: Record<string, FormLaw> = {
  'messages of one sender arrive in the order in which they were sent': withRoom(
    async ({ open }, { give, take }) => {
      const [tx, rx] = open();
      const arrived: number[] = [];
      for (let next = 0; arrived.length < 300;) {
        for (let burst = 0; burst < 7 && next < 300 && (await give(tx, next)); burst += 1) next += 1;
        const value = await take(rx);
        if (value !== undefined) arrived.push(value);
      }
      expect(arrived).toEqual(upTo(300));
    },
  ),

  'messages of several senders keep the order of each': withRoom(async ({ open }, { give, take }) => {
    const [tx, rx] = open();
    const senders = [tx, tx.clone(), tx.clone()];
    const sent = senders.map(() => 0);
    const arrived: number[][] = senders.map(() => []);
    for (const round of upTo(300)) {
      const index = round % senders.length;
      if (await give(senders[index]!, index * 1000 + sent[index]!)) sent[index]! += 1;
      const value = round % 7 === 0 ? undefined : await take(rx);
      if (value !== undefined) arrived[Math.floor(value / 1000)]!.push(value % 1000);
    }
    for (const value of drain(rx)) arrived[Math.floor(value / 1000)]!.push(value % 1000);
    expect(arrived).toEqual(sent.map(upTo));
    for (const sender of senders) sender.close();
  }),

  'each message goes to exactly one of the receivers': whenShared(
    withRoom(async ({ open }, { give, take }) => {
      const [tx, rx] = open();
      const receivers = [rx, rx.clone(), rx.clone()];
      const arrived: number[] = [];
      let sent = 0;
      while (arrived.length < 300) {
        while (sent < 300 && sent - arrived.length < 40 && (await give(tx, sent))) sent += 1;
        for (const receiver of receivers) {
          const value = await take(receiver);
          if (value !== undefined) arrived.push(value);
        }
      }
      expect(arrived).toEqual(upTo(300));
      expect(await take(rx)).toBeUndefined();
      for (const receiver of receivers) receiver.close();
    }),
  ),
};

export const inEveryRow: Record<string, Law> = {
  'messages given by different verbs arrive in one order, whichever verbs take them': withRoom(
    async ({ open }) => {
      const [tx, rx] = open();
      const arrived: (number | undefined)[] = [];
      for (let next = 0; next < 90; next += 1) {
        expect(await forms[next % 3]!.give(tx, next)).toBe(true);
        arrived.push(await forms[Math.floor(next / 3) % 3]!.take(rx));
      }
      expect(arrived).toEqual(upTo(90));
    },
  ),

  async 'pending receives of one handle get their messages in call order'({ open }) {
    const [tx, rx] = open();
    const settled: number[] = [];
    const receives = upTo(20).map(() => rx.recv().then((value) => settled.push(value)));
    expect(rx.stats().waitingReceivers).toBe(20);
    for (const value of upTo(20)) await tx.send(value);
    await Promise.all(receives);
    expect(settled).toEqual(upTo(20));
  },

  async 'receives that find a message do not overtake receives that wait'(row) {
    const [tx, rx] = row.open();
    const receives = [rx.recv(), rx.recv()];
    const sends: Promise<void>[] = [];
    for (const value of upTo(6)) {
      sends.push(tx.send(value));
      receives.push(rx.recv());
    }
    sends.push(tx.send(6), tx.send(7));
    expect(await Promise.all(receives)).toEqual(upTo(8));
    await Promise.all(sends);
  },

  async 'more ready receives than one turn settles still resolve in call order'({ open }) {
    const [tx, rx] = open();
    const settled: number[] = [];
    const sends = upTo(1000).map((value) => tx.send(value));
    const receives = upTo(1000).map(() => rx.recv().then((value) => settled.push(value)));
    await Promise.all([...receives, ...sends]);
    expect(settled).toEqual(upTo(1000));
  },

  async 'sends of one handle are accepted in call order, pending ones included'(row) {
    const [tx, rx] = row.open();
    const accepted: number[] = [];
    const sends = upTo(200).map((value) => tx.send(value).then(() => accepted.push(value)));
    const arrived: number[] = [];
    while (arrived.length < 200) arrived.push(await rx.recv());
    await Promise.all(sends);
    expect(arrived).toEqual(upTo(200));
    expect(accepted).toEqual(upTo(200));
  },

  'a blocking send does not overtake the pending sends of its handle': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    const pending = tx.send(count);
    expect(tx.sendSync(-1, { timeout: 0 })).toBe(false);
    expect(await receive(rx, count + 1)).toEqual(upTo(count + 1));
    await pending;
    expect(tx.sendSync(-1, { timeout: 0 })).toBe(true);
  }),

  'trySend behind a pending send of its own handle is false': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    const pending = tx.send(count);
    expect(tx.trySend(-1)).toBe(false);
    expect(rx.tryRecv()).toBe(0);
    expect(tx.trySend(-1)).toBe(false);
    await pending;
    expect(drain(rx)).toEqual(upTo(count + 1).slice(1));
    expect(tx.trySend(-1)).toBe(true);
  }),

  'a pending receive is served before a later one that blocks': withRoom(async (row) => {
    const [tx, rx] = row.open();
    const pending = rx.recv();
    expect(rx.recvSync({ timeout: 0 })).toBeUndefined();
    await tx.send(1);
    await tx.send(2);
    const blocked = rx.recvSync({ timeout: 60_000 });
    expect([await pending, blocked]).toEqual([1, 2]);
  }),

  'what is sent while nobody receives is all there, once': withRoom(async (row) => {
    const [tx, rx] = row.open();
    const count = some(row, 10_000);
    for (const value of upTo(count)) expect(tx.trySend(value)).toBe(true);
    expect(drain(rx)).toEqual(upTo(count));
    expect(rx.tryRecv()).toBeUndefined();
  }),
};
