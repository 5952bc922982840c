/** A codec that writes the context of the sender before the bytes of another, and reads it in the receiver. */
import { staging } from '../border/binding.js';
import { lengthOf } from '../border/bytes.js';
import { cannotDecode, kept } from '../codecs/codec-error.js';
import type { WireCodec } from '../codecs/codec.js';
import { noMemory } from '../errors/misuse.js';
import { reading } from './delivery.js';
import { headerHere, headerLength, readHeader } from './header.js';

class Envelope implements WireCodec {
  readonly name: string;
  readonly keeps: WireCodec['keeps'];
  /** Values are read in the context of the call, in which their own is put. */
  readonly isCustom = true;

  constructor(private readonly inner: WireCodec) {
    this.name = inner.name;
    this.keeps = inner.keeps;
  }

  encode(value: unknown): number | Uint8Array {
    // First, because it may run code of the caller's, as `encode` may: nothing runs between the last line and the call.
    const header = headerHere();
    return together(header, this.inner.encode(value));
  }

  read(memory: Uint8Array, offset: number, length: number): unknown {
    const tell = reading();
    const header = headerLength(memory, offset, length);
    if (header < 0) {
      const cause = new TypeError('it does not begin with a context');
      throw cannotDecode(this.name, cause, kept(memory, offset, length));
    }
    let carried;
    try {
      carried = readHeader(memory, offset);
      tell(carried);
    } catch (cause) {
      throw cannotDecode('context', cause, kept(memory, offset + header, length - header));
    }
    return this.inner.read(memory, offset + header, length - header);
  }
}

/** The header and the message behind it, as native code takes them. */
function together(header: Uint8Array, encoded: number | Uint8Array): number | Uint8Array {
  const begin = header.length;
  if (typeof encoded === 'number' && begin + encoded <= staging.length) {
    staging.copyWithin(begin, 0, encoded);
    staging.set(header);
    return begin + encoded;
  }
  const bytes = typeof encoded === 'number' ? staging.subarray(0, encoded) : encoded;
  const length = begin + lengthOf(bytes);
  const target = length <= staging.length ? staging : allocate(length);
  target.set(bytes, begin);
  target.set(header);
  return target === staging ? length : target;
}

function allocate(length: number): Uint8Array {
  try {
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  } catch {
    throw noMemory(`there is not enough memory for a message of ${length} bytes, its context with it`);
  }
}

const envelopes = new WeakMap<WireCodec, Envelope>();

/** The codec, with the context before its bytes. */
export function withContext(codec: WireCodec): WireCodec {
  let envelope = envelopes.get(codec);
  if (envelope === undefined) envelopes.set(codec, (envelope = new Envelope(codec)));
  return envelope;
}
