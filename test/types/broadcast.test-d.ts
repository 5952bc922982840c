// The overloads of broadcast and watch infer both ends; what their ends lack, and a value of the wrong type, does not compile.
import {
  type BroadcastReceiver,
  type BroadcastSender,
  type BytesLike,
  type Codec,
  type Handle,
  type SoleReceiver,
  type WatchReceiver,
  type WatchSender,
  attach,
  broadcast,
  select,
  sending,
  toReadable,
  toWritable,
  transfer,
  watch,
} from 'millrace';

import { same } from './expect.js';

interface Level {
  level: string;
}
declare const dates: Codec<Date, number>;

const bytes = broadcast(4);
same<
  typeof bytes,
  [BroadcastSender<BytesLike, Uint8Array<ArrayBuffer>>, BroadcastReceiver<Uint8Array<ArrayBuffer>>]
>(true);
const buffers = broadcast(4, { codec: 'buffer', lag: 'skip' });
same<typeof buffers, [BroadcastSender<BytesLike, Buffer>, BroadcastReceiver<Buffer>]>(true);
const texts = broadcast(4, { codec: 'text', replay: 1 });
same<typeof texts, [BroadcastSender<string, string>, BroadcastReceiver<string>]>(true);
const numbers = broadcast(4, { codec: 'f64', label: 'prices' });
same<typeof numbers, [BroadcastSender<number, number>, BroadcastReceiver<number>]>(true);
const levels = broadcast<Level>(4, { codec: 'json' });
same<typeof levels, [BroadcastSender<Level, Level>, BroadcastReceiver<Level>]>(true);
const anything = broadcast(4, { codec: 'structured' });
same<typeof anything, [BroadcastSender<unknown, unknown>, BroadcastReceiver<unknown>]>(true);
const own = broadcast(4, { codec: dates });
same<typeof own, [BroadcastSender<Date, number>, BroadcastReceiver<number>]>(true);

const [tx, rx] = levels;
same<ReturnType<typeof tx.subscribe>, BroadcastReceiver<Level>>(true);
same<ReturnType<typeof rx.clone>, BroadcastReceiver<Level>>(true);
same<typeof rx.skipped, number>(true);
const receiver: SoleReceiver<Level> = rx;
const general: BroadcastSender<Level> = tx;
const wider: BroadcastSender<Level & { more: 1 }> = general;
void [receiver, wider];
tx.trySend({ level: 'info' });
void tx.send({ level: 'info' }, { timeout: 1 }).then((accepted) => same<typeof accepted, boolean>(true));
same<ReturnType<(typeof bytes)[0]['sendRef']>['bytes'], Uint8Array>(true);
bytes[0].sendRef(8).trySend();
bytes[1].tryRecvRef()?.tryForward(bytes[0]);
toReadable(rx);
toWritable(tx);
async function choose() {
  const op = await select({ rx, out: sending(tx, { level: 'info' }) });
  if (op.key === 'rx' && !op.closed) same<typeof op.value, Level>(true);
}
void choose();
const carried = attach(transfer({ tx, rx }));
same<typeof carried, { tx: typeof tx; rx: typeof rx }>(true);

// @ts-expect-error there is no capacity without a number
broadcast();
// @ts-expect-error a type argument needs a codec that carries it
broadcast<Level>(4);
// @ts-expect-error a broadcast has no overflow: it has lag
broadcast(4, { overflow: 'drop-oldest' });
// @ts-expect-error lag waits or skips
broadcast(4, { lag: 'drop' });
// @ts-expect-error a broadcast has no batches
tx.batch();
// @ts-expect-error the value is of another type
tx.trySend({ level: 1 });
// @ts-expect-error undefined is how "nothing" is said
broadcast<undefined>(4, { codec: 'json' });
// @ts-expect-error it is read, not set
rx.skipped = 0;
// @ts-expect-error refs are for bytes
tx.sendRef(8);

const watched = watch();
same<
  typeof watched,
  [WatchSender<BytesLike, Uint8Array<ArrayBuffer>>, WatchReceiver<Uint8Array<ArrayBuffer>>]
>(true);
const watchedText = watch({ codec: 'text', initial: 'info' });
same<typeof watchedText, [WatchSender<string, string>, WatchReceiver<string>]>(true);
const settings = watch<Level>({ codec: 'json', initial: { level: 'info' }, label: 'settings' });
same<typeof settings, [WatchSender<Level, Level>, WatchReceiver<Level>]>(true);
const watchedOwn = watch({ codec: dates, initial: new Date() });
same<typeof watchedOwn, [WatchSender<Date, number>, WatchReceiver<number>]>(true);

const [set, seen] = settings;
same<ReturnType<typeof seen.get>, Level | undefined>(true);
same<ReturnType<typeof set.set>, void>(true);
same<ReturnType<typeof set.subscribe>, WatchReceiver<Level>>(true);
same<typeof seen.hasChanged, boolean>(true);
void seen.changed().then((changed) => same<typeof changed, void>(true));
void seen.changed({ timeout: 1 }).then((changed) => same<typeof changed, boolean>(true));
const readable: WatchReceiver<{ level: unknown }> = seen;
const handles: Handle[] = [set, seen, tx, rx];
void [readable, handles];
async function follow() {
  for await (const value of seen) same<typeof value, Level>(true);
  const chosen = await select({ seen });
  same<typeof chosen, { key: 'seen'; closed: boolean; value?: undefined; error?: unknown }>(true);
}
void follow();

// @ts-expect-error a type argument needs a codec that carries it
watch<Level>();
// @ts-expect-error the initial value is of another type
watch<Level>({ codec: 'json', initial: { level: 1 } });
// @ts-expect-error a watch needs no length
watch({ byteLength: 8 });
// @ts-expect-error a watch queues nothing that could be received
seen.recv();
// @ts-expect-error the value is of another type
set.set('info');
// @ts-expect-error a reader does not set
seen.set({ level: 'info' });
// @ts-expect-error it is read, not set
seen.hasChanged = false;
