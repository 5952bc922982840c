/**
 * Many messages in one crossing: all values are encoded first, short ones into one array, one behind the other.
 * Nothing is sent where one of them cannot be encoded.
 */
import { SenderWait } from '../../event-loop/pending-wait.js';
import { type Parts, outcome, staging } from '../../border/binding.js';
import { lengthOf } from '../../border/bytes.js';
import type { WireCodec } from '../../codecs/codec.js';
import { wrongType } from '../../errors/misuse.js';

/** The longest message that is packed. */
const longestPacked = 4096;
/** Bytes of a new pack, and of the longest that is kept for the next call. */
const packBytes = 65_536;

/** The first bytes of the staging array, by how many: made once, so that packing a message makes none. */
const staged: Uint8Array[] = [];

/** Encoded messages, as native code takes them. */
export class Pack {
  #packed = new Uint8Array(new ArrayBuffer(packBytes));
  #lengths = new Uint32Array(256);
  #count = 0;
  #end = 0;
  /** Every message by itself, once there is a long one. */
  #parts: Uint8Array[] | undefined;

  /** What is packed, or each message by itself where there are long ones. */
  get parts(): Parts {
    return this.#parts ?? this.#packed;
  }

  /** How long the packed messages are; `undefined` where each lies by itself. */
  get lengths(): Uint32Array | undefined {
    return this.#parts === undefined ? this.#lengths.subarray(0, this.#count) : undefined;
  }

  /** Adds a message, which no later encoding can change. */
  add(value: unknown, codec: WireCodec): void {
    const encoded = codec.encode(value);
    const length = typeof encoded === 'number' ? encoded : lengthOf(encoded);
    if (length <= longestPacked)
      this.#pack(typeof encoded === 'number' ? stagedBytes(encoded) : encoded, length);
    else if (typeof encoded === 'number') this.#unpack().push(staging.slice(0, encoded));
    // Who wrote a codec may write to its bytes later on; nobody else can.
    else this.#unpack().push(codec.isCustom === true ? new Uint8Array(encoded) : encoded);
  }

  /** Makes it empty again; whether it is worth keeping. */
  clear(): boolean {
    this.#count = 0;
    this.#end = 0;
    this.#parts = undefined;
    return this.#packed.length === packBytes && this.#lengths.length <= packBytes;
  }

  #pack(message: Uint8Array, length: number): void {
    this.#makeRoom(length);
    this.#packed.set(message, this.#end);
    this.#lengths[this.#count] = length;
    this.#count += 1;
    this.#end += length;
    this.#parts?.push(this.#packed.subarray(this.#end - length, this.#end));
  }

  /** From here on each message lies by itself, the packed ones as views. */
  #unpack(): Uint8Array[] {
    if (this.#parts !== undefined) return this.#parts;
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const length of this.#lengths.subarray(0, this.#count)) {
      parts.push(this.#packed.subarray(at, at + length));
      at += length;
    }
    this.#parts = parts;
    return parts;
  }

  #makeRoom(length: number): void {
    if (this.#count === this.#lengths.length) {
      const lengths = new Uint32Array(2 * this.#count);
      lengths.set(this.#lengths);
      this.#lengths = lengths;
    }
    if (this.#end + length <= this.#packed.length) return;
    // Views on the former one stay good.
    const packed = new Uint8Array(new ArrayBuffer(2 * this.#packed.length));
    packed.set(this.#packed.subarray(0, this.#end));
    this.#packed = packed;
  }
}

/** Absent while in use, because encoding may send too. */
let sparePack: Pack | undefined;

/** Encodes `values`, then hands them to `send`. */
export function withPack<R>(values: readonly unknown[], codec: WireCodec, send: (pack: Pack) => R): R {
  const pack = sparePack ?? new Pack();
  sparePack = undefined;
  try {
    for (const value of values) pack.add(value, codec);
    return send(pack);
  } finally {
    if (pack.clear()) sparePack = pack;
  }
}

/** The values of a Many verb, as they are now: what encoding them does to the caller's array does not matter. */
export function readValues(values: unknown): unknown[] {
  if (!Array.isArray(values)) throw wrongType('values', 'an array', values);
  return Array.from(values);
}

/** A pending `sendMany`. What it has sent counts, however it ends. */
export class PendingSendMany extends SenderWait {
  protected get verb(): string {
    return 'sendMany';
  }

  override get outlivesHandle(): boolean {
    return true;
  }
  /** How many were accepted before it was given up. */
  #accepted = 0;

  protected answer(result: number): void {
    this.resolve(result);
  }

  protected override withdraw(): boolean {
    const withdrawn = super.withdraw();
    if (withdrawn) this.#accepted = outcome[0] as number;
    return withdrawn;
  }

  protected nothing(): number {
    return this.#accepted;
  }

  protected override abort(reason: unknown): void {
    if (this.#accepted > 0) this.resolve(this.#accepted);
    else super.abort(reason);
  }
}

function stagedBytes(length: number): Uint8Array {
  return (staged[length] ??= staging.subarray(0, length));
}
