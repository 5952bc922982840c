// The types of leases: ack: true makes a receiver of leases, and what is not for leases does not compile.
import {
  type BytesLike,
  type Lease,
  type LeaseOptions,
  type LeaseReceiver,
  type Receiver,
  type Sender,
  attach,
  bounded,
  channel,
  select,
  transfer,
  unbounded,
} from 'millrace';

import { same } from './expect.js';

interface Job {
  id: number;
}

const [tx, rx] = bounded<Job>(8, { codec: 'json', ack: true, maxAttempts: 3 });
same<[typeof tx, typeof rx], [Sender<Job>, LeaseReceiver<Job>]>(true);
const bytes = unbounded({ ack: true });
same<typeof bytes, [Sender<BytesLike>, LeaseReceiver<Uint8Array<ArrayBuffer>>]>(true);
const text = bounded(8, { codec: 'text', ack: true, maxBytes: 100, slotBytes: 10 });
same<typeof text, [Sender<string>, LeaseReceiver<string>]>(true);
const plain = bounded(8, { codec: 'text' });
same<typeof plain, [Sender<string>, Receiver<string>]>(true);

const options: LeaseOptions = { ack: true, maxAttempts: 2, deadLetter: plain[0] };
const leased = unbounded({ ...options, codec: 'text' });
same<typeof leased, [Sender<string>, LeaseReceiver<string>]>(true);

const tried = rx.tryRecv();
same<typeof tried, Lease<Job> | undefined>(true);
const awaited = rx.recv();
same<typeof awaited, Promise<Lease<Job>>>(true);
const timed = rx.recv({ timeout: 1 });
same<typeof timed, Promise<Lease<Job> | undefined>>(true);
const blocked = rx.recvSync();
same<typeof blocked, Lease<Job>>(true);
const many = rx.tryRecvMany(2);
same<typeof many, Lease<Job>[]>(true);
const newest = rx.latest();
same<typeof newest, Lease<Job> | undefined>(true);
const twin = rx.clone();
same<typeof twin, LeaseReceiver<Job>>(true);
const value: Job = blocked.value;
const done: boolean = blocked.ack() || blocked.nack() || value.id > blocked.attempt;
void done;
blocked[Symbol.dispose]();
void (async () => {
  for await (const lease of rx) same<typeof lease, Lease<Job>>(true);
  for await (const lease of rx.iter({ signal: AbortSignal.abort() })) same<typeof lease, Lease<Job>>(true);
  for await (const leases of rx.batches(2)) same<typeof leases, Lease<Job>[]>(true);
});
void select({ rx }).then((op) => {
  if (!op.closed) same<typeof op.value, Lease<Job>>(true);
});
const attached = attach(transfer(rx));
same<typeof attached, LeaseReceiver<Job>>(true);
const count: number | undefined = rx.stats().leased;
void count;
const wider: Lease<{ id: number } | string> = blocked;
void wider;

// @ts-expect-error: a lease is settled, not changed
blocked.attempt = 2;
// @ts-expect-error: a rendezvous of leases is refused at run time; a capacity that is none, here
bounded('8', { ack: true });
// @ts-expect-error: what drops does not lease
bounded(8, { ack: true, overflow: 'drop-newest' });
// @ts-expect-error: nor does an overflow that waits go with it
bounded(8, { ack: true, overflow: 'wait' });
// @ts-expect-error: ack is asked for, or left out
bounded(8, { ack: false });
// @ts-expect-error: attempts are those of leases
bounded(8, { maxAttempts: 3 });
// @ts-expect-error: and so are dead letters
unbounded({ deadLetter: plain[0] });
// @ts-expect-error: a receiver takes no letters
bounded(8, { codec: 'text', ack: true, maxAttempts: 1, deadLetter: plain[1] });
// @ts-expect-error: one sole receiver leases nothing
channel({ ack: true });
// @ts-expect-error: slots are for bounded channels
unbounded({ ack: true, slotBytes: 8 });
// @ts-expect-error: a lease is received whole
bytes[1].tryRecvInto(new Uint8Array(8));
// @ts-expect-error: awaited too
void bytes[1].recvInto(new Uint8Array(8));
// @ts-expect-error: and lent to nobody
bytes[1].refs();
// @ts-expect-error: and copied out of its memory
bytes[1].tryRecvRef();
// @ts-expect-error: a receiver of leases is none of values
const values: Receiver<Job> = rx;
void values;
