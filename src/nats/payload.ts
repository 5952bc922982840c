/** Values as payloads of their own, and payloads as values. */
import { staging } from '../border/binding.js';
import type { WireCodec } from '../codecs/codec.js';

/** The value's bytes, which nobody else has. */
export function encodeAlone(codec: WireCodec, value: unknown): Uint8Array {
  const encoded = codec.encode(value);
  return typeof encoded === 'number' ? staging.slice(0, encoded) : new Uint8Array(encoded);
}

/** The value of a payload. What the client gave lies in memory that it shares with other messages. */
export function decodeAlone(codec: WireCodec, payload: Uint8Array): unknown {
  const bytes = new Uint8Array(payload);
  return codec.read(bytes, 0, bytes.length);
}
