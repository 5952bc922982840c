/** Web streams over the ends of a channel: back-pressure and closing go through them, both ways. */
import type * as web from 'node:stream/web';

import { apart } from '../ends/receiving/receive-memory.js';
import type { SoleReceiver } from '../ends/receiver.js';
import type { Sender } from '../ends/sender.js';
import type { BroadcastSender } from '../broadcast/broadcast.js';
import { codecOf, failAndClose, giveUp, senderCodecOf } from './streams.js';

/** Loaded when they are first used: that takes milliseconds. */
const streams = () => require('node:stream/web') as typeof web;

/**
 * A web stream of a receiver's messages, one chunk each, whatever they are; bytes have a buffer of their own. It reads one message ahead, from the
 * beginning. It closes when the channel is closed, and errors with what a receive throws, `ChannelFailedError` where the
 * channel failed. The receiver is the stream's: it is closed when that is, and `cancel()` closes it, losing what was
 * read ahead and nothing else; with a reason, it cancels a channel that has no other receiver, and senders get that as
 * the `cause` of their error.
 *
 * Throws a `TypeError` for anything but a receiver, and `ChannelStateError` when it is spent.
 *
 * @example
 * ```ts
 * import { bounded, toReadableStream } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * tx.trySendMany(['one', 'two']);
 * tx.close();
 * for await (const message of toReadableStream(rx)) console.log(message); // one, then two
 * ```
 */
export function toReadableStream<T>(rx: SoleReceiver<T>): web.ReadableStream<T> {
  codecOf(rx);
  const messages = rx[Symbol.asyncIterator]();

  const { ReadableStream } = streams();
  return new ReadableStream<T>({
    // What it throws once the stream is cancelled, for want of anybody to enqueue for, the stream ignores.
    async pull(controller) {
      try {
        const { done, value } = await messages.next();
        if (done !== true) {
          // Streams of bytes move a chunk's buffer away.
          controller.enqueue(apart(value) as T);
          return;
        }
      } catch (error) {
        rx.close();
        throw error;
      }
      rx.close();
      controller.close();
    },
    cancel(reason: unknown) {
      void messages.return?.();
      giveUp(rx, reason);
    },
  });
}

/**
 * A web stream into a sender: each chunk is a message, and must be what the sender takes. A chunk is written once the
 * channel has accepted it, and the writer's `desiredSize` is 0 until then. The sender is the stream's: it is closed
 * when that is closed, and fails the channel when that is aborted, with the reason, or errored; what was not accepted by
 * then is not sent. When the channel is closed, the next write errors the stream with `ChannelClosedError`.
 *
 * Throws a `TypeError` for anything but a sender, and `ChannelStateError` when it is spent.
 *
 * @example
 * ```ts
 * import { bounded, toReadableStream, toWritableStream } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const [shouted, heard] = bounded(1, { codec: 'text' });
 * const shout = new TransformStream<string, string>({
 *   transform: (text, controller) => controller.enqueue(text.toUpperCase()),
 * });
 * const piped = toReadableStream(rx).pipeThrough(shout).pipeTo(toWritableStream(shouted));
 * await tx.send('hello');
 * tx.close();
 * for await (const message of heard) console.log(message); // HELLO
 * await piped;
 * heard.close();
 * ```
 */
export function toWritableStream<T>(tx: Sender<T> | BroadcastSender<T>): web.WritableStream<T> {
  senderCodecOf(tx);
  const { WritableStream } = streams();
  return new WritableStream<T>({
    async write(chunk, { signal }) {
      try {
        await tx.send(chunk, { signal });
      } catch (error) {
        failAndClose(tx, error);
        throw error;
      }
    },
    close() {
      tx.close();
    },
    abort(reason: unknown) {
      failAndClose(tx, reason);
    },
  });
}
