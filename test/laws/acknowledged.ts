// A receiver of leases as the laws see any receiver: each lease is acknowledged as it is had, and stands for its value.
import type { Lease, LeaseReceiver, Receiver } from 'millrace';

const had = <T>(lease: Lease<T>): T => {
  if (!lease.ack()) throw new Error('a lease that was just had is settled');
  return lease.value;
};
const maybe = <T>(lease: Lease<T> | undefined): T | undefined =>
  lease === undefined ? undefined : had(lease);

/** The end itself, whose verbs acknowledge what they lease; those that iterate without waiting go by way of the others. */
export function acknowledged<T>(rx: LeaseReceiver<T>): Receiver<T> {
  const verbs = {
    tryRecv: rx.tryRecv.bind(rx),
    recv: rx.recv.bind(rx),
    recvSync: rx.recvSync.bind(rx),
    tryRecvMany: rx.tryRecvMany.bind(rx),
    recvMany: rx.recvMany.bind(rx),
    recvManySync: rx.recvManySync.bind(rx),
    latest: rx.latest.bind(rx),
    batches: rx.batches.bind(rx),
    iter: rx.iter.bind(rx),
    iterator: rx[Symbol.asyncIterator].bind(rx),
    clone: rx.clone.bind(rx),
  };
  const acknowledging = {
    tryRecv: () => maybe(verbs.tryRecv()),
    recv: (...wait: [never]) => verbs.recv(...wait).then(maybe),
    recvSync: (...wait: [never]) => maybe(verbs.recvSync(...wait)),
    tryRecvMany: (max: number) => verbs.tryRecvMany(max).map(had),
    recvMany: (...rest: [never]) => verbs.recvMany(...rest).then((leases) => leases.map(had)),
    recvManySync: (...rest: [never]) => verbs.recvManySync(...rest).map(had),
    latest: () => maybe(verbs.latest()),
    batches: (...rest: [never]) => mapped(verbs.batches(...rest), (all) => all.map(had)),
    iter: (...rest: [never]) => mapped(verbs.iter(...rest), had),
    [Symbol.asyncIterator]: () => awaited(verbs.iterator(), had),
    clone: () => acknowledged(verbs.clone()),
  };
  for (const key of Reflect.ownKeys(acknowledging) as (keyof typeof acknowledging)[]) {
    Object.defineProperty(rx, key, { value: acknowledging[key] });
  }
  return rx as unknown as Receiver<T>;
}

function awaited<L, T>(iterator: AsyncIterator<L>, value: (leased: L) => T): AsyncIterableIterator<T> {
  const valued = (step: IteratorResult<L>): IteratorResult<T> =>
    step.done === true ? step : { value: value(step.value), done: false };
  return {
    next: () => iterator.next().then(valued),
    return: (last?: unknown) => iterator.return!(last).then(valued),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function mapped<L, T>(leased: AsyncIterable<L>, value: (leased: L) => T): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => awaited(leased[Symbol.asyncIterator](), value) };
}
