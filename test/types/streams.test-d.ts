// Streams of ends: which end each takes, and what chunks a web stream has.
import {
  after,
  bounded,
  syncChannel,
  toReadable,
  toReadableStream,
  toWritable,
  toWritableStream,
  tripleBuffer,
} from 'millrace';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';

import { same } from './expect.js';

type Job = { id: number };
const [tx, rx] = bounded<Job>(1, { codec: 'json' });
const [, bytes] = syncChannel(1);
const [input, output] = tripleBuffer({ byteLength: 8 });

same<ReturnType<typeof toReadable>, Readable>(true);
same<ReturnType<typeof toWritable>, Writable>(true);
toReadable(rx, { objectMode: true, highWaterMark: 2 });
toReadable(bytes);
toReadable(after(5));
toWritable(tx);
// @ts-expect-error a sender is not read
toReadable(tx);
// @ts-expect-error a receiver is not written
toWritable(rx);
// @ts-expect-error an unknown option
toReadable(rx, { encoding: 'utf8' });
// @ts-expect-error the latest value is no queue
toReadable(output);
// @ts-expect-error nor is its input
toWritable(input);

const readable = toReadableStream(rx);
same<typeof readable, ReadableStream<Job>>(true);
const writable = toWritableStream(tx);
same<typeof writable, WritableStream<Job>>(true);
void readable.pipeTo(writable);
// @ts-expect-error the chunks are bytes, not jobs
void toReadableStream(bytes).pipeTo(writable);
// @ts-expect-error a sender is not read
toReadableStream(tx);
