// Selects tell their cases apart, sole receivers are not cloned, and "nothing" is only where there is a timeout.
import {
  after,
  bounded,
  channel,
  type never,
  select,
  selectSync,
  sending,
  syncChannel,
  tick,
  trySelect,
  type NothingSelected,
  type Receiver,
  type Selected,
  type Sender,
  type SoleReceiver,
} from 'millrace';

import { same } from './expect.js';

interface Job {
  id: number;
}
declare const jobs: Receiver<Job>;
declare const quit: SoleReceiver<string>;
declare const results: Sender<number>;

// The flavors with one receiver give one that has no clone.
const [, sole] = syncChannel(1, { codec: 'text' });
same<typeof sole, SoleReceiver<string>>(true);
// @ts-expect-error there is one receiver
sole.clone();
const [jobTx, jobRx] = channel<Job>({ codec: 'json' });
same<typeof jobTx, Sender<Job>>(true);
same<typeof jobRx, SoleReceiver<Job>>(true);
// @ts-expect-error there is one receiver
jobRx.clone();
bounded(1, { slotBytes: 4096, prefault: true });
// @ts-expect-error slotBytes is for bounded channels
syncChannel(1, { slotBytes: 4096 });
// @ts-expect-error prefault is for bounded channels
channel({ prefault: true });
// @ts-expect-error slotBytes is a number
bounded(1, { slotBytes: '4096' });
// @ts-expect-error overflow is for bounded channels
syncChannel(1, { overflow: 'drop-oldest' });
bounded(1, { overflow: 'drop-oldest', maxBytes: 5 });
// @ts-expect-error no such policy
bounded(1, { overflow: 'drop' });

async function selects(): Promise<void> {
  // The union narrows by key, and then by closed.
  const op = await select({ job: jobs, quit, out: sending(results, 1), idle: after(5), 7: tick(5) });
  switch (op.key) {
    case 'job':
      if (op.closed) same<typeof op.value, undefined>(true);
      else same<typeof op.value, Job>(true);
      break;
    case 'quit':
      // @ts-expect-error it may be closed
      void op.value.length;
      if (!op.closed) void op.value.length;
      break;
    case 'out':
      same<typeof op.value, undefined>(true);
      break;
    default:
      same<typeof op.key, 'idle' | '7'>(true);
      if (!op.closed) same<typeof op.value, number>(true);
  }
  // @ts-expect-error there is no such case
  if (op.key === 'other') void op.value;

  // Without a timeout there is always a case; with one, or trying, there may be none.
  same<typeof op.key, 'job' | 'quit' | 'out' | 'idle' | '7'>(true);
  const timed = await select({ quit }, { timeout: 5 });
  same<typeof timed, Selected<{ quit: typeof quit }> | NothingSelected>(true);
  const blocked = selectSync({ quit }, { biased: true });
  same<typeof blocked.key, 'quit'>(true);
  // @ts-expect-error a timeout may run out
  const surely: 'quit' = selectSync({ quit }, { timeout: 5 }).key;
  // @ts-expect-error nothing may be ready
  const ready: 'quit' = trySelect({ quit }).key;
  void [surely, ready];
  const maybe = await select({ quit }, {} as { timeout?: number });
  same<typeof maybe.key, 'quit' | undefined>(true);
}
void selects;

// @ts-expect-error a sender is no case by itself
void select({ results });
// @ts-expect-error the value is not what the sender takes
sending(results, 'one');
// @ts-expect-error a blocking select has no signal
selectSync({ quit }, { signal: new AbortController().signal });

// Many at once are arrays of the same.
same<ReturnType<typeof jobs.tryRecvMany>, Job[]>(true);
same<ReturnType<typeof jobs.recvMany>, Promise<Job[]>>(true);
results.trySendMany([1, 2] as const);
// @ts-expect-error not what the sender takes
results.trySendMany(['one']);
same<ReturnType<typeof never<Job>>, SoleReceiver<Job>>(true);
