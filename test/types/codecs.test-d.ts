// Each codec's overload infers both ends; a value of the wrong type, or a type argument without a codec, does not compile.
import {
  bounded,
  type BytesLike,
  type Codec,
  optional,
  type Optional,
  type Receiver,
  record,
  type RecordOf,
  type Sender,
  unbounded,
  union,
  type UnionOf,
} from 'millrace';
import { msgpack } from 'millrace/msgpack';

import { same } from './expect.js';

interface Job {
  id: number;
}
declare const codec: string;

// bytes: by default, and by name
const bytes = bounded(1);
same<typeof bytes, [Sender<BytesLike>, Receiver<Uint8Array<ArrayBuffer>>]>(true);
const named = unbounded({ codec: 'bytes', label: 'x', ownBuffers: true, spin: 0, poll: 5 });
same<typeof named, typeof bytes>(true);
bytes[0].trySend(new Uint8Array(1));
bytes[0].trySend(new DataView(new ArrayBuffer(1)));
bytes[0].trySend(new ArrayBuffer(1));
bytes[0].trySend(new SharedArrayBuffer(1));
bytes[0].trySend(Buffer.alloc(1));
// @ts-expect-error a string is not bytes
bytes[0].trySend('x');
// @ts-expect-error neither is an array of numbers
bytes[0].trySend([1]);
// @ts-expect-error undefined is how "nothing" is said
bytes[0].trySend(undefined);

// buffer
const buffers = unbounded({ codec: 'buffer' });
same<typeof buffers, [Sender<BytesLike>, Receiver<Buffer>]>(true);
// @ts-expect-error a number is not bytes
buffers[0].trySend(5);

// text
const texts = bounded(1, { codec: 'text' });
same<typeof texts, [Sender<string>, Receiver<string>]>(true);
// @ts-expect-error bytes are not text
texts[0].trySend(new Uint8Array(1));

// f64
const numbers = unbounded({ codec: 'f64' });
same<typeof numbers, [Sender<number>, Receiver<number>]>(true);
// @ts-expect-error a string is not a number
numbers[0].trySend('5');
// @ts-expect-error neither is a bigint
numbers[0].sendSync(5n);

// json and structured: of the type given, unknown without
const jobs = bounded<Job>(64, { codec: 'json' });
same<typeof jobs, [Sender<Job>, Receiver<Job>]>(true);
const structured = unbounded<Job | null>({ codec: 'structured' });
same<typeof structured, [Sender<Job | null>, Receiver<Job | null>]>(true);
const anything = bounded(1, { codec: 'json' });
same<typeof anything, [Sender<unknown>, Receiver<unknown>]>(true);
jobs[0].trySend({ id: 1 });
// @ts-expect-error the key is missing
jobs[0].trySend({});
// @ts-expect-error the key is of another type
void jobs[0].send({ id: '1' });
// @ts-expect-error what is received is not known
const guessed: Job = anything[1].recvSync();
void guessed;

// a codec of one's own
declare const dates: Codec<Date | number, Date>;
const times = bounded(1, { codec: dates });
same<typeof times, [Sender<Date | number>, Receiver<Date>]>(true);
declare const both: Codec<Job>;
const customJobs = unbounded({ codec: both });
same<typeof customJobs, [Sender<Job>, Receiver<Job>]>(true);
// @ts-expect-error the codec does not take strings
times[0].trySend('2020-01-01');

// a type argument without a codec that carries it
// @ts-expect-error
bounded<Job>(1);
// @ts-expect-error
bounded<Job>(1, {});
// @ts-expect-error
unbounded<Job>({ codec: 'bytes' });
// @ts-expect-error
unbounded<string>({ codec: 'text' });
// @ts-expect-error
bounded<Job>(1, { label: 'x' });
// @ts-expect-error undefined cannot be carried
unbounded<Job | undefined>({ codec: 'json' });

// options
// @ts-expect-error an unknown codec
bounded(1, { codec: 'protobuf' });
// @ts-expect-error of a type argument, too
bounded<Job>(1, { codec: 'protobuf' });
// @ts-expect-error neither are the words of the error about one
bounded<Job>(1, { codec: "a Codec or one of 'bytes', 'buffer', 'text', 'f64', 'json', 'structured'" });
// @ts-expect-error a codec that is not known before it runs
bounded(1, { codec });
// @ts-expect-error an unknown option
bounded(1, { capacity: 5 });
// @ts-expect-error bounded needs a capacity
bounded();
// @ts-expect-error which is a number
bounded('64');
// @ts-expect-error unbounded has none
unbounded(64);

// record and union infer what they carry
const chunk = record({
  id: 'u32',
  big: 'i64',
  ok: 'bool',
  name: 'text',
  body: 'bytes',
  any: 'json',
  note: optional('text'),
});
type Chunk = RecordOf<{
  id: 'u32';
  big: 'i64';
  ok: 'bool';
  name: 'text';
  body: 'bytes';
  any: 'json';
  note: Optional<'text'>;
}>;
same<
  Chunk,
  {
    id: number;
    big: bigint;
    ok: boolean;
    name: string;
    body: Uint8Array;
    any: unknown;
    note?: string | undefined;
  }
>(true);
same<typeof chunk, Codec<Chunk>>(true);
const chunks = bounded(1, { codec: chunk });
same<typeof chunks, [Sender<Chunk>, Receiver<Chunk>]>(true);
chunks[0].trySend({ id: 1, big: 1n, ok: true, name: '', body: new Uint8Array(1), any: [] });
// @ts-expect-error a field is missing
chunks[0].trySend({ id: 1, big: 1n, ok: true, name: '', body: new Uint8Array(1) });
// @ts-expect-error a u32 is a number
chunks[0].trySend({ id: 1n, big: 1n, ok: true, name: '', body: new Uint8Array(1), any: [] });
// @ts-expect-error there is no such kind
record({ id: 'u7' });
// @ts-expect-error nor here
optional('u7');

const messages = union('kind', { frame: { id: 'u32' }, flush: {} });
type Message = UnionOf<'kind', { frame: { id: 'u32' }; flush: {} }>;
same<typeof messages, Codec<Message>>(true);
const [messageTx, messageRx] = bounded(1, { codec: messages });
messageTx.trySend({ kind: 'flush' });
// @ts-expect-error a frame has an id
messageTx.trySend({ kind: 'frame' });
// @ts-expect-error there is no such variant
messageTx.trySend({ kind: 'other' });
const message = messageRx.tryRecv();
if (message?.kind === 'frame') same<typeof message.id, number>(true);
// @ts-expect-error a flush has no id
if (message?.kind === 'flush') void message.id;

const packed = bounded(1, { codec: msgpack<Job>() });
same<typeof packed, [Sender<Job>, Receiver<Job>]>(true);
