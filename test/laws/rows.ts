// What the laws run over: one row per flavor, one form per way of waiting.
import {
  bounded,
  type BoundedOptions,
  broadcast,
  channel,
  type Options,
  syncChannel,
  unbounded,
} from 'millrace';
import type { LeaseReceiver, Receiver, Sender, SoleReceiver } from 'millrace';

import { acknowledged } from './acknowledged';

export type Ends = [Sender<number>, Receiver<number>];

/** A flavor: what it can do, and how a channel of it is made. */
export interface Row {
  readonly name: string;
  /** What `stats()` calls it. */
  readonly flavor: string;
  readonly capacity: number;
  /** How many bytes a number takes in its queue. */
  readonly bytes: number;
  /** Whether it may have several receivers, each message for one of them; else those of `open` have no `clone`. */
  readonly shared: boolean;
  /** Whether every receiver gets every message, and the channel stays open without any. The laws see one receiver. */
  readonly broadcast: boolean;
  /** Whether it leases its messages: its verbs acknowledge what they have. */
  readonly leased: boolean;
  open(options?: Options): Ends;
}

/** A way to give and take one message that does not wait: `false` and `undefined` say "not now". */
export interface Form {
  readonly name: string;
  give(tx: Sender<number>, value: number): Promise<boolean>;
  take(rx: Receiver<number>): Promise<number | undefined>;
}

/** Which rows a law speaks of; all of them where it does not say. */
interface Scope {
  readonly applies?: (row: Row) => boolean;
}
/** A law: its name is the sentence, and it rejects where it is broken. */
export type Law = Scope & ((row: Row) => Promise<void> | void);
/** A law that holds whichever verbs are used. */
export type FormLaw = Scope & ((row: Row, form: Form) => Promise<void> | void);

function only<L extends Law | FormLaw>(law: L, needs: (row: Row) => boolean): L {
  const before = law.applies;
  return Object.assign(law, { applies: (row: Row) => needs(row) && (before?.(row) ?? true) });
}

/** A law about channels that can be full. */
export function whenFull<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => row.capacity !== Infinity && row.capacity > 0);
}

/** A law about channels that are never full. */
export function whenEndless<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => row.capacity === Infinity);
}

/** A law that queues messages: a rendezvous cannot. */
export function withRoom<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => row.capacity > 0);
}

/** A law about channels that queue nothing. */
export function whenMeeting<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => row.capacity === 0);
}

/** A law about blocks that gather several messages: on a shorter channel each goes at once. */
export function whenGathering<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => row.capacity >= 4);
}

/** A law about several receivers. */
export function whenShared<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => row.shared);
}

/** A law about messages that go to one receiver, and channels that are closed when there is none. */
export function whenForOne<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => !row.broadcast);
}

/** A law about receivers that give values as they are. */
export function whenNotLeased<L extends Law | FormLaw>(law: L): L {
  return only(law, (row) => !row.leased);
}

const opened: Ends[] = [];

/** The same flavor after a batch of its sender, which keeps messages in another queue from then on. */
function batched(plain: Row): Row {
  return {
    ...plain,
    name: `${plain.name}, batched`,
    open(options) {
      const ends = plain.open(options);
      const before = ends[0].batch();
      before.close();
      return ends;
    },
  };
}

/** The same flavor with an option that changes how it does what it does, and nothing of what it promises. */
function asked(name: string, option: Options, plain: Row): Row {
  return {
    ...plain,
    name: `${plain.name}, ${name}`,
    bytes: option.context === true ? 16 : plain.bytes,
    open: (options) => plain.open({ ...options, ...option }),
  };
}

type Made = [Sender<number>, SoleReceiver<number>];

function row(
  flavor: string,
  capacity: number | undefined,
  make: (options: BoundedOptions & { codec: 'f64' }) => Made,
): Row {
  return {
    name: capacity === undefined ? flavor : `${flavor}(${capacity})`,
    flavor,
    capacity: capacity ?? Infinity,
    bytes: 8,
    shared: flavor === 'bounded' || flavor === 'unbounded',
    broadcast: flavor === 'broadcast',
    leased: false,
    open(options = {}) {
      return opens(make({ ...options, codec: 'f64' }) as Ends);
    },
  };
}

/** A row whose channel leases its messages. */
function leased(
  plain: Row,
  make: (options: Options & { codec: 'f64' }) => [Sender<number>, LeaseReceiver<number>],
): Row {
  return {
    ...plain,
    name: `${plain.name}, leased`,
    leased: true,
    open(options = {}) {
      const [tx, rx] = make({ ...options, codec: 'f64' });
      return opens([tx, acknowledged(rx)]);
    },
  };
}

/** The first two ends of a channel, which `closeAll` closes. */
export function opens(ends: Ends): Ends {
  opened.push(ends);
  return ends;
}

const plainRows: readonly Row[] = [
  row('bounded', 0, (options) => bounded(0, options)),
  row('bounded', 1, (options) => bounded(1, options)),
  row('bounded', 64, (options) => bounded(64, options)),
  row('unbounded', undefined, (options) => unbounded(options)),
  row('sync', 0, (options) => syncChannel(0, options)),
  row('sync', 16, (options) => syncChannel(16, options)),
  row('channel', undefined, (options) => channel(options)),
  asked(
    'timed',
    { timing: true },
    row('bounded', 64, (options) => bounded(64, options)),
  ),
  asked(
    'timed',
    { timing: true },
    row('channel', undefined, (options) => channel(options)),
  ),
  asked(
    'carrying contexts',
    { context: true },
    row('bounded', 64, (options) => bounded(64, options)),
  ),
  asked(
    'carrying contexts',
    { context: true },
    row('sync', 0, (options) => syncChannel(0, options)),
  ),
  asked(
    'carrying contexts',
    { context: true },
    row('broadcast', 64, (options) => broadcast(64, options) as unknown as Made),
  ),
  row('broadcast', 1, (options) => broadcast(1, options) as unknown as Made),
  row('broadcast', 64, (options) => broadcast(64, options) as unknown as Made),
].flatMap((plain) => (plain.broadcast ? [plain] : [plain, batched(plain)]));

const named = (name: string): Row => plainRows.find((row) => row.name === name) as Row;

export const rows: readonly Row[] = [
  ...plainRows,
  leased(named('bounded(1)'), (options) => bounded(1, { ...options, ack: true })),
  leased(named('bounded(64)'), (options) => bounded(64, { ...options, ack: true })),
  leased(named('unbounded'), (options) => unbounded({ ...options, ack: true })),
];

export const forms: readonly Form[] = [
  { name: 'try', give: async (tx, value) => tx.trySend(value), take: async (rx) => rx.tryRecv() },
  {
    name: 'awaited',
    give: (tx, value) => tx.send(value, { timeout: 0 }),
    take: (rx) => rx.recv({ timeout: 0 }),
  },
  {
    name: 'blocking',
    give: async (tx, value) => tx.sendSync(value, { timeout: 0 }),
    take: async (rx) => rx.recvSync({ timeout: 0 }),
  },
];

/** Has sends refused: the receiver goes or, where the channel stays open then, the senders end it. */
export function refuse({ broadcast }: Row, [tx, rx]: Ends): void {
  if (broadcast) tx.end();
  else rx.close();
}

/** Closes the first two ends of every channel that a law has opened. */
export function closeAll(): void {
  for (const [tx, rx] of opened.splice(0)) {
    rx.close();
    tx.close();
  }
}

/** How many messages a law queues where any number will do: as many as fit, a few at most. */
export function some(row: Row, atMost = 5): number {
  return Math.min(row.capacity, atMost);
}

/** Fills a channel with 0, 1, 2, ... and says how many it took; only where it can be full. */
export function fill(tx: Sender<number>): number {
  let count = 0;
  while (tx.trySend(count)) count += 1;
  return count;
}

/** Everything that is queued now. */
export function drain(rx: Receiver<number>): number[] {
  const values: number[] = [];
  for (let value = rx.tryRecv(); value !== undefined; value = rx.tryRecv()) values.push(value);
  return values;
}

/** The next `count` messages, waited for. */
export async function receive(rx: Receiver<number>, count: number): Promise<number[]> {
  const values: number[] = [];
  while (values.length < count) values.push(await rx.recv());
  return values;
}

/** 0, 1, 2, ... `count - 1`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
