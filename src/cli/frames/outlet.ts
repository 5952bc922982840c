/** The camera's end, whatever the form: memory for the next frame, and handing it over without waiting. */
import type { BytesLike, Input, Sender } from '../../index';
import type { Entry } from './forms';

export interface Outlet {
  /** Where the next message is to be written. */
  readonly message: Uint8Array;
  /** Hands the message over; false where a frame is lost by it: this one, or one that nobody has read. */
  give(): boolean;
  /** Bytes that lie between the threads. */
  readonly queued: number;
  close(): void;
}

export function outletOf(entry: Entry, byteLength: number): Outlet {
  return entry.kind === 'queue'
    ? new QueueOutlet(entry.sender, byteLength)
    : new SlotOutlet(entry.input, byteLength);
}

/** A send copies, so that the same memory is written again. */
class QueueOutlet implements Outlet {
  readonly message: Uint8Array;
  readonly #sender: Sender<BytesLike>;

  constructor(sender: Sender<BytesLike>, byteLength: number) {
    this.#sender = sender;
    this.message = new Uint8Array(byteLength);
  }

  get queued(): number {
    return this.#sender.stats().bytes;
  }

  give(): boolean {
    return this.#sender.trySend(this.message);
  }

  close(): void {
    this.#sender.close();
  }
}

/** Frames are written in place. */
class SlotOutlet implements Outlet {
  readonly queued: number;
  readonly #input: Input<BytesLike>;

  constructor(input: Input<BytesLike>, byteLength: number) {
    this.#input = input;
    // Three slots, however many frames there are.
    this.queued = 3 * byteLength;
  }

  get message(): Uint8Array {
    return this.#input.buffer;
  }

  give(): boolean {
    return !this.#input.publish();
  }

  close(): void {
    this.#input.close();
  }
}
