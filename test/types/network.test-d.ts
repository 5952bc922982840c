// Ends of this process are ends as those over a network are; `pipe` joins those whose messages fit.
import {
  type AsyncReceiver,
  type AsyncSender,
  type BroadcastReceiver,
  type BroadcastSender,
  pipe,
  type Receiver,
  type Sender,
  type Settling,
  type SoleReceiver,
} from 'millrace';

import { same } from './expect.js';

type A = { kind: 'a' };
type B = { kind: 'b' };

declare const sendsAB: Sender<A | B>;
declare const sendsA: Sender<A>;
declare const tells: BroadcastSender<A>;
declare const gives: Receiver<A>;
declare const sole: SoleReceiver<A>;
declare const hears: BroadcastReceiver<A>;

const senders: AsyncSender<A>[] = [sendsA, sendsAB, tells];
const receivers: AsyncReceiver<A | B>[] = [gives, sole, hears];
// @ts-expect-error it could be asked to send a B
const wider: AsyncSender<A | B> = sendsA;
// @ts-expect-error it could give an A
const narrower: AsyncReceiver<B> = gives;
// @ts-expect-error a sender is no receiver
const crossed: AsyncReceiver<A> = sendsA;
void [senders, receivers, wider, narrower, crossed];

declare const out: AsyncSender<A>;
declare const from: AsyncReceiver<A>;
declare const a: A;
const verbs = {
  send: () => out.send(a),
  sendTimed: () => out.send(a, { timeout: 5 }),
  sendMany: () => out.sendMany([a]),
  drained: () => out.drained(),
  drainedTimed: () => out.drained({ timeout: 5 }),
  recv: () => from.recv(),
  recvTimed: () => from.recv({ timeout: 5 }),
  recvMany: () => from.recvMany(5),
};
same<Awaited<ReturnType<typeof verbs.send>>, void>(true);
same<Awaited<ReturnType<typeof verbs.sendTimed>>, boolean>(true);
same<Awaited<ReturnType<typeof verbs.sendMany>>, number>(true);
same<Awaited<ReturnType<typeof verbs.drained>>, void>(true);
same<Awaited<ReturnType<typeof verbs.drainedTimed>>, boolean>(true);
same<Awaited<ReturnType<typeof verbs.recv>>, A>(true);
same<Awaited<ReturnType<typeof verbs.recvTimed>>, A | undefined>(true);
same<Awaited<ReturnType<typeof verbs.recvMany>>, A[]>(true);
// @ts-expect-error blocking verbs are for ends of this process
out.sendSync(a);
// @ts-expect-error and so is what never waits
from.tryRecv();

same<ReturnType<typeof pipeFits>, Promise<number>>(true);
const pipeFits = () => pipe(gives, sendsAB, { max: 5, end: false });
void (() => pipe(hears, out));
declare const leases: AsyncReceiver<Settling<A>>;
void (() => pipe(leases, sendsAB));
declare const givesAB: Receiver<A | B>;
// @ts-expect-error it gives a B, which cannot be sent
void (() => pipe(givesAB, sendsA));
// @ts-expect-error they are the other way round
void (() => pipe(sendsA, gives));
// @ts-expect-error no such option
void (() => pipe(gives, sendsA, { batch: 5 }));
