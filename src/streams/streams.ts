/** Node's streams over the ends of a channel: back-pressure and closing go through them, both ways. */
import { Readable, Writable } from 'node:stream';
import { callbackify } from 'node:util';

import { QueueEnd } from '../ends/handle.js';
import { nullChunk, outOfRange, prematureClose, readKeys, refused, wrongType } from '../errors/misuse.js';
import type { SoleReceiver } from '../ends/receiver.js';
import { ReceivingEnd } from '../ends/receiving/receiving-end.js';
import type { Sender } from '../ends/sender.js';
import type { BroadcastSender } from '../broadcast/broadcast.js';
import { TimerEnd } from '../timers/timer-end.js';

/**
 * What {@link toReadable} takes beside the receiver.
 *
 * @example
 * ```ts
 * import { bounded, toReadable, type ToReadableOptions } from 'millrace';
 *
 * const options: ToReadableOptions = { objectMode: true };
 * const [tx, rx] = bounded(8);
 * tx.trySend(new Uint8Array([1, 2]));
 * tx.close();
 * for await (const message of toReadable(rx, options)) console.log(message.length); // 2
 * ```
 */
export interface ToReadableOptions {
  /** One chunk a message, whatever it is. By default so for every codec but `'bytes'` and `'buffer'`, of which the bytes are read; others cannot have `false`. */
  objectMode?: boolean;
  /** How far to read ahead, as Node counts it: messages in object mode, else bytes. 1 by default, which is one message in either. */
  highWaterMark?: number;
}

/**
 * A stream of a receiver's messages: of their bytes for the codecs `'bytes'` and `'buffer'`, where an empty message
 * vanishes, else (or with `{ objectMode: true }`) of the messages one by one. It receives when it is read, and one
 * message ahead (`highWaterMark`). It ends when the channel is closed, and is destroyed by what a receive throws:
 * `ChannelFailedError` where the channel failed, a `ChannelCodecError`. The receiver is the stream's: when that has ended
 * or is destroyed, it is closed. A destroyed stream loses what it had read ahead, and nothing else; destroyed with an
 * error, it cancels a channel that has no other receiver, and senders get that error as the `cause` of theirs.
 *
 * A `null` message cannot be a chunk: it destroys the stream with `ERR_STREAM_NULL_VALUES`.
 *
 * Throws a `TypeError` for anything but a receiver, for an unknown option or one that the codec cannot honour, a
 * `RangeError` for a `highWaterMark` below 1, and `ChannelStateError` when the receiver is spent.
 *
 * @example
 * ```ts
 * import { createHash } from 'node:crypto';
 * import { pipeline } from 'node:stream/promises';
 * import { bounded, toReadable } from 'millrace';
 *
 * const [tx, rx] = bounded(8);
 * const hash = createHash('sha256');
 * const hashed = pipeline(toReadable(rx), hash);
 * await tx.send(Buffer.from('hello, '));
 * await tx.send(Buffer.from('world'));
 * tx.close();
 * await hashed;
 * console.log(hash.digest('hex').slice(0, 8)); // 09ca7e4e
 * ```
 */
export function toReadable(rx: SoleReceiver<unknown>, options?: ToReadableOptions): Readable {
  const codec = codecOf(rx);
  const { objectMode, highWaterMark } = readOptions(codec, options);
  const messages = rx[Symbol.asyncIterator]();

  const next = async (stream: Readable): Promise<void> => {
    for (;;) {
      const { done, value } = await messages.next();
      if (stream.destroyed) return;
      if (done === true) {
        stream.push(null);
        return;
      }
      if (value === null) throw nullChunk();
      // Pushed, it would count as a read that brought nothing.
      if (!objectMode && (value as Uint8Array).length === 0) continue;
      stream.push(value);
      return;
    }
  };
  return new Readable({
    objectMode,
    highWaterMark,
    read() {
      next(this).catch((error: Error) => this.destroy(error));
    },
    destroy(error, callback) {
      void messages.return?.();
      giveUp(rx, error ?? undefined);
      callback(error);
    },
  });
}

/**
 * A stream into a sender: each chunk is a message. Of a channel of `'bytes'` or `'buffer'` it takes bytes, and strings
 * as UTF-8, and an empty chunk vanishes; of others the values that the sender takes. A chunk is written once the
 * channel has accepted it, and `write` answers false until then. The sender is the stream's: it is closed when that
 * has finished. Destroyed before, it fails the channel with the error that destroyed it, `ERR_STREAM_PREMATURE_CLOSE`
 * where there was none, and what was not accepted by then is not sent: so a `pipeline` that breaks is not taken for the
 * end where it is read. When the channel is closed, the next write destroys the stream with `ChannelClosedError`.
 *
 * Throws a `TypeError` for anything but a sender, and `ChannelStateError` when it is spent.
 *
 * @example
 * ```ts
 * import { Readable } from 'node:stream';
 * import { pipeline } from 'node:stream/promises';
 * import { bounded, toWritable } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'json' });
 * const written = pipeline(Readable.from([{ id: 1 }, { id: 2 }]), toWritable(tx));
 * for await (const message of rx) console.log(message); // { id: 1 }, then { id: 2 }
 * await written;
 * rx.close();
 * ```
 */
export function toWritable(tx: Sender<never> | BroadcastSender<never>): Writable {
  const codec = senderCodecOf(tx);
  const objectMode = !isOfBytes(codec);
  const stopped = new AbortController();
  const send = async (chunk: unknown): Promise<void> => {
    if (!objectMode && (chunk as Uint8Array).length === 0) return;
    await tx.send(chunk as never, { signal: stopped.signal });
  };
  const write = callbackify(send);

  return new Writable({
    objectMode,
    highWaterMark: 1,
    write(chunk: unknown, _encoding, callback) {
      write(chunk, callback);
    },
    final(callback) {
      tx.close();
      callback();
    },
    destroy(error, callback) {
      stopped.abort();
      // Finished, it is closed already.
      failAndClose(tx, error ?? prematureClose());
      callback(error);
    },
  });
}

/** Closes the receiver of a stream that is over; where that is over by an error, whoever sends is told, if nobody else receives. */
export function giveUp(rx: SoleReceiver<unknown>, error: unknown): void {
  if (error !== undefined && !rx.isClosed && rx.stats().receivers === 1) rx.cancel(error);
  rx.close();
}

/** Fails the channel of a stream that is over too early; one whose sender is spent has finished. */
export function failAndClose(tx: Pick<Sender<never>, 'fail' | 'close'>, error: unknown): void {
  if (QueueEnd.stateOf(tx)?.spent !== undefined) return;
  tx.fail(error);
  tx.close();
}

/** The name of a receiver's codec; throws for anything else. */
export function codecOf(rx: unknown): string {
  if (TimerEnd.clockOf(rx) !== undefined) return 'f64';
  const state = QueueEnd.stateOf(rx);
  if (state === undefined || !(rx instanceof ReceivingEnd)) {
    throw wrongType('rx', 'a Receiver or a SoleReceiver', rx);
  }
  if (state.traits.leases === true) {
    throw refused(
      'A LeaseReceiver gives leases, which whoever reads a stream cannot settle: iterate over it, or Readable.from(rx)',
    );
  }
  return state.traits.codec.name;
}

/** The name of a live sender's codec; throws for anything else. */
export function senderCodecOf(tx: unknown): string {
  const state = QueueEnd.stateOf(tx);
  if (state === undefined || !('trySend' in (tx as object))) throw wrongType('tx', 'a Sender', tx);
  state.mustBeLive('toWritable');
  return state.traits.codec.name;
}

function isOfBytes(codec: string): boolean {
  return codec === 'bytes' || codec === 'buffer';
}

function readOptions(codec: string, options: unknown): Required<ToReadableOptions> {
  const given = readKeys('options', options, ['objectMode', 'highWaterMark']);
  const { objectMode = !isOfBytes(codec), highWaterMark = 1 } = given;
  if (typeof objectMode !== 'boolean') throw wrongType('options.objectMode', 'a boolean', objectMode);
  if (!objectMode && !isOfBytes(codec)) {
    throw refused(
      `The option objectMode: false is for channels of bytes or buffer. Received one whose codec is '${codec}'`,
    );
  }
  if (typeof highWaterMark !== 'number') {
    throw wrongType('options.highWaterMark', 'a number', highWaterMark);
  }
  if (!Number.isInteger(highWaterMark) || highWaterMark < 1) {
    throw outOfRange('options.highWaterMark', 'an integer, 1 or more', highWaterMark);
  }
  return { objectMode, highWaterMark };
}
