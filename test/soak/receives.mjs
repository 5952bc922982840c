// Every way to receive, for the soak: each hands what came to `take`, message by message, as soon as the call answers.
import { after, ChannelClosedError, select, selectSync, trySelect } from 'millrace';
import { MOST_OF_A_CALL } from './account.mjs';
import { LONGEST } from './message.mjs';

/** Messages of one iteration; then another way is chosen. */
const STRETCH = 32;

const target = new Uint8Array(LONGEST);
const taken = (take, bytes) => bytes !== undefined && take(bytes);
const allTaken = (take, some) => {
  for (const bytes of some) take(bytes);
};
const intoTaken = (take, length) => length >= 0 && take(target.subarray(0, length));
const refTaken = (take, ref) => {
  if (ref === undefined) return;
  try {
    take(ref.bytes);
  } finally {
    ref[Symbol.dispose]();
  }
};
const chosenTaken = (take, { key, closed, value }) => {
  if (key !== 'message') return;
  if (closed) throw new ChannelClosedError('a select found its channel closed');
  take(value);
};

const closed = () => {
  throw new ChannelClosedError('an iteration found its channel closed');
};

/** By name. `rx` is the receiver, `take(bytes)` counts one message, `patience()` is how long to wait at most. */
export const receives = {
  tryRecv: ({ rx, take }) => taken(take, rx.tryRecv()),
  async recv({ rx, take }) {
    take(await rx.recv());
  },
  async 'recv, timeout'({ rx, take, patience }) {
    taken(take, await rx.recv({ timeout: patience() }));
  },
  async 'recv, signal'({ rx, take, patience }) {
    try {
      take(await rx.recv({ signal: AbortSignal.timeout(1 + patience()) }));
    } catch (error) {
      if (error.name !== 'TimeoutError') throw error;
    }
  },
  recvSync: ({ rx, take }) => take(rx.recvSync()),
  'recvSync, timeout': ({ rx, take, patience }) => taken(take, rx.recvSync({ timeout: patience() })),
  tryRecvInto: ({ rx, take }) => intoTaken(take, rx.tryRecvInto(target)),
  async recvInto({ rx, take, patience }) {
    intoTaken(take, await rx.recvInto(target, { timeout: patience() }));
  },
  recvIntoSync: ({ rx, take, patience }) => intoTaken(take, rx.recvIntoSync(target, { timeout: patience() })),
  tryRecvMany: ({ rx, take }) => allTaken(take, rx.tryRecvMany(MOST_OF_A_CALL)),
  async recvMany({ rx, take, patience }) {
    allTaken(take, await rx.recvMany(MOST_OF_A_CALL, { timeout: patience() }));
  },
  recvManySync: ({ rx, take, patience }) =>
    allTaken(take, rx.recvManySync(MOST_OF_A_CALL, { timeout: patience() })),
  async 'for await'({ rx, take }) {
    let count = 0;
    for await (const bytes of rx) {
      take(bytes);
      count += 1;
      if (count === STRETCH) return;
    }
    closed();
  },
  async 'iter, signal'({ rx, take, patience }) {
    const signal = AbortSignal.timeout(1 + patience());
    try {
      for await (const bytes of rx.iter({ signal })) take(bytes);
    } catch (error) {
      if (error.name !== 'TimeoutError') throw error;
      return;
    }
    closed();
  },
  async batches({ rx, take }) {
    let count = 0;
    for await (const some of rx.batches(MOST_OF_A_CALL)) {
      allTaken(take, some);
      count += some.length;
      if (count >= STRETCH) return;
    }
    closed();
  },
  iterSync({ rx, take }) {
    let count = 0;
    for (const bytes of rx.iterSync()) {
      take(bytes);
      count += 1;
      if (count === STRETCH) return;
    }
    closed();
  },
  tryIter: ({ rx, take }) => allTaken(take, rx.tryIter()),
  tryRecvRef: ({ rx, take }) => refTaken(take, rx.tryRecvRef()),
  async recvRef({ rx, take, patience }) {
    refTaken(take, await rx.recvRef({ timeout: patience() }));
  },
  recvRefSync: ({ rx, take, patience }) => refTaken(take, rx.recvRefSync({ timeout: patience() })),
  async keep({ rx, take, patience }) {
    taken(take, (await rx.recvRef({ timeout: patience() }))?.keep());
  },
  async refs({ rx, take }) {
    let count = 0;
    for await (const ref of rx.refs()) {
      take(ref.bytes);
      count += 1;
      if (count === STRETCH) return;
    }
    closed();
  },
  async select({ rx, take, patience }) {
    chosenTaken(take, await select({ message: rx, late: after(patience()) }));
  },
  selectSync: ({ rx, take, patience }) =>
    chosenTaken(take, selectSync({ message: rx, late: after(patience()) })),
  trySelect: ({ rx, take }) => chosenTaken(take, trySelect({ message: rx })),
};
