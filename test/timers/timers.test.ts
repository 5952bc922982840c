// Timers are receivers: after, tick and never.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import {
  after,
  bounded,
  ChannelClosedError,
  ChannelStateError,
  never,
  select,
  selectSync,
  type SoleReceiver,
  tick,
  transfer,
  trySelect,
} from 'millrace';
import { describe, expect, test } from 'vitest';

import { came, refusedKey, refusedRange, refusedText, refusedType } from '../misuse';

describe('after', () => {
  test('gives the instant at which it was due, once, and then stays silent', async () => {
    const start = performance.now();
    const timer = after(5);
    const at = await timer.recv();
    expect(at).toBeGreaterThanOrEqual(start + 5);
    expect(at).toBeLessThanOrEqual(performance.now());
    expect(timer.tryRecv()).toBeUndefined();
    expect(await timer.recv({ timeout: 2 })).toBeUndefined();
    expect([timer.isClosed, timer.stats().received]).toEqual([false, 1]);
  });

  test('a blocking receive sleeps until it is due, and one that could never return throws', () => {
    const early = after(1e6);
    expect(early.recvSync({ timeout: 1 })).toBeUndefined();
    early.close();
    const start = performance.now();
    const timer = after(20);
    expect(timer.recvSync()).toBeGreaterThanOrEqual(start + 20);
    expect(() => timer.recvSync()).toThrow(ChannelStateError);
    expect(timer.recvSync({ timeout: 1 })).toBeUndefined();
  });

  test('its waits are served in the order in which they began, a later one not at all', async () => {
    const timer = after(2);
    const [first, second] = [timer.recv(), timer.recv({ timeout: 10 })];
    expect(timer.recvSync({ timeout: 5 })).toBeUndefined();
    expect(typeof (await first)).toBe('number');
    expect(await second).toBeUndefined();
  });

  test('of Infinity it never fires', async () => {
    for (const timer of [after(Infinity), never<number>()]) {
      expect(await timer.recv({ timeout: 1 })).toBeUndefined();
      expect(() => timer.recvSync()).toThrow(ChannelStateError);
      expect([timer.isEmpty, timer.isClosed]).toEqual([true, false]);
    }
  });

  test('an abort leaves the beat to the next', async () => {
    const timer = after(1000);
    const abort = new AbortController();
    const aborted = timer.recv({ signal: abort.signal });
    const next = timer.recv();
    abort.abort();
    await expect(aborted).rejects.toBe(abort.signal.reason);
    expect(typeof (await next)).toBe('number');
  });
});

describe('tick', () => {
  test('beats in step, and drops what nobody took', () => {
    const timer = tick(2);
    const first = timer.recvSync();
    // A loaded machine may miss beats: those that come are whole periods apart all the same.
    const periods = (at: number) => (at - first) / 2;
    const second = timer.recvSync();
    expect(periods(second)).toBeCloseTo(Math.round(periods(second)));
    expect(second).toBeGreaterThan(first);
    while (performance.now() < second + 9);
    const late = timer.recvSync();
    expect(periods(late)).toBeCloseTo(Math.round(periods(late)));
    const { sent, received, dropped, length } = timer.stats();
    expect(dropped).toBeGreaterThanOrEqual(3);
    expect(sent).toBe(received + dropped + length);
    const next = timer.recvSync();
    expect(next).toBeGreaterThan(second + 9);
    expect(periods(next)).toBeCloseTo(Math.round(periods(next)));
  });

  test('for await ends when the loop closes it, and leaving it loses no beat', async () => {
    const timer = tick(1);
    let count = 0;
    for await (const at of timer) {
      expect(at).toBeGreaterThan(0);
      count += 1;
      if (count === 3) break;
    }
    for await (const [at] of timer.batches(8)) {
      expect(at).toBeGreaterThan(0);
      timer.close();
    }
    expect(() => timer.tryRecv()).toThrow(ChannelStateError);
  });
});

test('a signal ends a loop over a timer: the step that waits, or the next one, rejects with its reason', async () => {
  for (const loop of ['iter', 'batches'] as const) {
    const steps = (timer: SoleReceiver<number>, signal: AbortSignal): AsyncIterator<unknown> =>
      (loop === 'iter' ? timer.iter({ signal }) : timer.batches(8, { signal }))[Symbol.asyncIterator]();
    const stop = new AbortController();
    const idle = steps(never(), stop.signal);
    const pending = [idle.next(), idle.next()];
    stop.abort(new Error('enough'));
    await expect(pending[0]).rejects.toThrow('enough');
    expect(await pending[1]).toEqual({ done: true, value: undefined });
    expect(await idle.next()).toEqual({ done: true, value: undefined });

    const due = after(0);
    await expect(steps(due, AbortSignal.abort('before')).next()).rejects.toBe('before');
    expect(await due.recv()).toEqual(expect.any(Number));
    due.close();

    const left = steps(never(), new AbortController().signal);
    const waits = left.next();
    await left.return?.();
    expect(await waits).toEqual({ done: true, value: undefined });
  }
});

test('every verb of a receiver works on a timer', async () => {
  const beat = expect.any(Number);
  const due = (): SoleReceiver<number> => after(0);
  expect(due().tryRecv()).toEqual(beat);
  expect(due().tryRecvMany(4)).toEqual([beat]);
  expect(await due().recvMany(4)).toEqual([beat]);
  expect(due().recvManySync(4)).toEqual([beat]);
  expect(due().latest()).toEqual(beat);
  expect([...due().tryIter()]).toEqual([beat]);
  expect([due().length, due().isEmpty, due().capacity]).toEqual([1, false, 1]);
  for (const at of due().iterSync()) {
    expect(at).toEqual(beat);
    break;
  }
  expect(() => (due() as never as SoleReceiver<Uint8Array>).tryRecvInto(new Uint8Array(8))).toThrow(
    TypeError,
  );
  const cancelled = due();
  expect(cancelled.cancel()).toBe(1);
  expect(() => cancelled.tryRecv()).toThrow(ChannelClosedError);
  const waiting = never();
  const received = waiting.recv();
  waiting.close();
  await expect(received).rejects.toThrow(ChannelStateError);
});

describe('select with timers', () => {
  test('a beat that lost to a message is not consumed', async () => {
    const [tx, rx] = bounded(1, { codec: 'f64' });
    const timer = after(1000);
    const selected = select({ rx, timer });
    tx.trySend(1);
    expect(await selected).toMatchObject({ key: 'rx', value: 1 });
    expect(await timer.recv()).toEqual(expect.any(Number));
    tx.close();
    rx.close();
  });

  test('two selects share the beats of one timer', async () => {
    const beats = tick(2);
    const [one, other] = [await select({ beats }), selectSync({ beats })];
    expect([one.key, other.key]).toEqual(['beats', 'beats']);
    expect(other.value).toBeGreaterThan(one.value!);
    expect(trySelect({ never: never() }).key).toBeUndefined();
  });

  test('closing the timer rejects the select', async () => {
    const timer = never();
    const selected = select({ timer });
    timer.close();
    await expect(selected).rejects.toThrow(ChannelStateError);
  });
});

describe('misuse', () => {
  test('of numbers', () => {
    const type = refusedType('ms', 'a number of milliseconds', came('5'));
    for (const make of [after, tick]) {
      expect(() => make('5' as never)).toThrow(expect.objectContaining(type));
    }
    for (const ms of [-1, NaN]) {
      const range = refusedRange('ms', '0 or more milliseconds', String(ms));
      expect(() => after(ms)).toThrow(expect.objectContaining(range));
    }
    for (const ms of [0, -1, NaN]) {
      const range = refusedRange('ms', 'more than 0 milliseconds', String(ms));
      expect(() => tick(ms)).toThrow(expect.objectContaining(range));
    }
  });

  test('a timer cannot leave its thread', () => {
    expect(() => transfer({ timer: after(1) })).toThrow(
      expect.objectContaining(
        refusedText('A timer cannot be transferred: it lives in the thread that made it'),
      ),
    );
    expect(() => structuredClone(after(1))).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  });

  test('a select without cases, or of something else', async () => {
    const notCases = (value: unknown): [unknown, object] => [
      value,
      refusedType('cases', 'an object of receivers and sending(sender, value)', came(value)),
    ];
    const notCase = (a: unknown): [unknown, object] => [
      { a },
      refusedType(
        'cases.a',
        'a receiver, a Responder, an Output, a WatchReceiver or sending(sender, value)',
        came(a),
      ),
    ];
    const none = refusedText('The "cases" argument must have at least one case. Received none');
    const wrong: [unknown, object][] = [
      [{}, none],
      ...[undefined, null, 5, bounded(1)[1], after(1)].map(notCases),
      ...[5, bounded(1)[0]].map(notCase),
    ];
    for (const [cases, refused] of wrong) {
      await expect(select(cases as never)).rejects.toThrow(expect.objectContaining(refused));
      expect(() => trySelect(cases as never)).toThrow(expect.objectContaining(refused));
      expect(() => selectSync(cases as never)).toThrow(expect.objectContaining(refused));
    }
    expect(() => trySelect({ a: after(1) }, { timeout: 5 } as never)).toThrow(
      expect.objectContaining(refusedKey('wait', 'biased', 'timeout')),
    );
    expect(() => selectSync({ a: after(1) }, { biased: 1 } as never)).toThrow(
      expect.objectContaining(refusedType('wait.biased', 'a boolean', came(1))),
    );
  });
});

test('an idle timer does not keep a thread alive, a wait for one does', async () => {
  const script = (last: string) =>
    new Worker(`const { after, never, tick } = require('millrace'); after(1e6); tick(1e6); ${last}`, {
      eval: true,
    });
  expect(await once(script(''), 'exit')).toEqual([0]);
  expect(
    await once(
      script(
        'never().recv().then(() => 0); process.exitCode = 7; after(5).recv().then(() => process.exit(3))',
      ),
      'exit',
    ),
  ).toEqual([3]);
  expect(await once(script('const t = never(); t.unref(); t.recv()'), 'exit')).toEqual([0]);
});
