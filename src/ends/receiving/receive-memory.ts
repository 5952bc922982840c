/**
 * Where received messages land, and how they become values.
 *
 * ```text
 *   up to 4 KiB: native copies into `memory` at `offset`      longer: native holds it, and asks
 *     bytes: a pool chunk, advanced, never used again           up to 64 KiB: copied to memory of its own
 *     other codecs: the scratch, used again at once             longer, or from 4 KiB where the thread moves messages on: lent
 * ```
 */
import { markAsUntransferable } from 'node:worker_threads';

import { alignment, binding, longestCopied } from '../../border/binding.js';
import { bufferOfBytes, isUint8Array } from '../../border/bytes.js';
import type { WireCodec } from '../../codecs/codec.js';
import { copies } from '../../border/external-memory.js';
import { lend } from '../../border/homes.js';
import { noMemory } from '../../errors/misuse.js';

/** Bytes of a pool chunk, and of the scratch. */
const chunkBytes = 65_536;

/** Memory for messages of which nothing is kept, and for those on their way into a pool. */
export const scratch = new Uint8Array(new ArrayBuffer(chunkBytes));

/** Where messages lie that were received together. */
export interface Kept {
  readonly memory: Uint8Array;
  readonly offset: number;
}

/** The place after `length` bytes at `offset`, where the next message begins. */
export function after(offset: number, length: number): number {
  return (offset + length + alignment - 1) & -alignment;
}

/** A receiver's memory. Its `memory` and `offset` go to the native receive, its answer to `take` or `takeHeld`. */
export abstract class ReceiveMemory {
  memory: Uint8Array = scratch;
  offset = 0;

  constructor(protected readonly codec: WireCodec) {}

  /** Makes sure that there is memory, before a receive. */
  abstract ready(): void;
  /** The message of `length` bytes that lies at `memory[offset]`. */
  abstract take(length: number): unknown;
  /** The message of `length` bytes that lies in the scratch, at its start or at an `offset`. */
  abstract takeSettled(length: number, offset?: number): unknown;

  /** Keeps `bytes` bytes of messages that lie at `memory[offset]`, and says where they are then. They are read with `read`, before the next receive unless the codec keeps its bytes. */
  abstract keep(bytes: number): Kept;
  /** The message of `length` bytes at `memory[at]`, which `keep` has answered. */
  abstract read(memory: Uint8Array, at: number, length: number): unknown;
  /** Adds the first `count` of them to `into` at once, if the codec can; whether it did. */
  readAll?(kept: Kept, lengths: Uint32Array, count: number, into: unknown[]): boolean;

  /** The message of `length` bytes that native code holds. */
  takeHeld(length: number): unknown {
    return this.codec.read(heldMessage(length), 0, length);
  }
}

/** The memory that suits a codec. */
export function receiveMemoryFor(codec: WireCodec, ownBuffers: boolean): ReceiveMemory {
  if (codec.keeps === 'nothing') return new ScratchBuffers(codec);
  return ownBuffers || codec.keeps === 'whole buffers' ? new OwnBuffers(codec) : new PooledBuffers(codec);
}

/** For values that keep nothing of their message: numbers, strings, what is parsed from them. */
class ScratchBuffers extends ReceiveMemory {
  ready(): void {}

  take(length: number): unknown {
    return this.codec.read(scratch, 0, length);
  }

  takeSettled(length: number, offset = 0): unknown {
    return this.codec.read(scratch, offset, length);
  }

  keep(): Kept {
    return { memory: scratch, offset: 0 };
  }

  read(memory: Uint8Array, at: number, length: number): unknown {
    return this.codec.read(memory, at, length);
  }

  override takeHeld(length: number): unknown {
    if (length > scratch.length) return super.takeHeld(length);
    binding.copyHeld(scratch);
    return this.take(length);
  }
}

/** For values that keep their message, each in a buffer of its own. */
class OwnBuffers extends ReceiveMemory {
  ready(): void {}

  take(length: number): unknown {
    return this.codec.read(scratch.slice(0, length), 0, length);
  }

  takeSettled(length: number, offset = 0): unknown {
    return this.codec.read(scratch.slice(offset, offset + length), 0, length);
  }

  keep(bytes: number): Kept {
    return { memory: scratch.slice(0, bytes), offset: 0 };
  }

  read(memory: Uint8Array, at: number, length: number): unknown {
    return this.codec.read(memory.slice(at, at + length), 0, length);
  }
}

/** For values that keep their message: many short ones share a chunk, which lives as long as any of them. */
class PooledBuffers extends ReceiveMemory {
  override memory = none;

  ready(): void {
    // Length 0: none yet, or the user detached it by way of a message.
    if (this.memory.length === 0) this.#renew();
  }

  take(length: number): unknown {
    if (length === 0) return this.codec.read(new Uint8Array(0), 0, 0);
    const { memory, offset } = this;
    this.#advance(length);
    return this.codec.read(memory, offset, length);
  }

  takeSettled(length: number, offset = 0): unknown {
    this.ready();
    this.memory.set(scratch.subarray(offset, offset + length), this.offset);
    return this.take(length);
  }

  keep(bytes: number): Kept {
    const { memory, offset } = this;
    this.#advance(bytes);
    return { memory, offset };
  }

  read(memory: Uint8Array, at: number, length: number): unknown {
    // An empty message needs no memory, so it keeps none from being freed.
    return length === 0 ? this.codec.read(new Uint8Array(0), 0, 0) : this.codec.read(memory, at, length);
  }

  override readAll({ memory, offset }: Kept, lengths: Uint32Array, count: number, into: unknown[]): boolean {
    if (this.codec.readAll === undefined) return false;
    this.codec.readAll(memory.buffer, memory.byteOffset + offset, lengths, count, into);
    return true;
  }

  #advance(bytes: number): void {
    this.offset = after(this.offset, bytes);
    // An empty memory is renewed before the next receive, which may be long from now.
    if (this.memory.length - this.offset < longestCopied) this.memory = none;
  }

  #renew(): void {
    const chunk = new ArrayBuffer(chunkBytes);
    this.memory = new Uint8Array(chunk);
    this.offset = 0;
    markAsUntransferable?.(chunk);
    chunks.add(chunk);
  }
}

const none = new Uint8Array(0);
/** Every chunk of a pool. */
const chunks = new WeakSet<ArrayBufferLike>();

/** Whether short messages share this buffer. */
export function isChunk(buffer: ArrayBufferLike): boolean {
  return chunks.has(buffer);
}

/** What was received, in a buffer that it shares with no other message: who takes that away takes nothing else. */
export function apart(value: unknown): unknown {
  if (!isUint8Array(value) || !isChunk(bufferOfBytes(value))) return value;
  const copy = new Uint8Array(value);
  return Buffer.isBuffer(value) ? Buffer.from(copy.buffer) : copy;
}

/** Messages from this length on are lent, not copied. */
let longestCopiedOut = chunkBytes;

/** The thread moves messages on: from here on it is lent all that do not share a chunk. */
export function lendMore(): void {
  longestCopiedOut = longestCopied;
}

/** The held message, in memory of its own. Where there is not enough memory it goes back to be the next message. */
export function heldMessage(length: number): Uint8Array {
  if (length > longestCopiedOut && !copies) {
    const lent = binding.takeHeld();
    if (typeof lent !== 'number' || lent >= 0) return new Uint8Array(lend(lent).buffer);
  }
  let target: Uint8Array;
  try {
    target = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  } catch {
    binding.returnHeld();
    const text = `there is not enough memory to receive a message of ${length} bytes; it is still the next one`;
    throw noMemory(text);
  }
  binding.copyHeld(target);
  return target;
}
