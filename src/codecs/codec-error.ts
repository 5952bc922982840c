/** How a codec that fails is told: with what it was about, why, and the bytes at hand. */
import { unnamed } from '../errors/call.js';
import { ChannelCodecError } from '../errors/errors.js';

/** A value could not become bytes. */
export function cannotEncode(codec: string, cause: unknown): ChannelCodecError {
  const text = `the codec '${codec}' could not encode a value: ${reason(cause)}`;
  return unnamed(text, (text) => new ChannelCodecError(text, { cause }));
}

/** Bytes could not become a value; `bytes` are the caller's to keep. */
export function cannotDecode(codec: string, cause: unknown, bytes: Uint8Array): ChannelCodecError {
  const text = `the codec '${codec}' could not decode a message of ${bytes.byteLength} bytes: ${reason(cause)}`;
  return unnamed(text, (text) => new ChannelCodecError(text, { cause, bytes }));
}

/** A copy of bytes that lie in memory which is used again. */
export function kept(memory: Uint8Array, offset: number, length: number): Uint8Array {
  return Uint8Array.prototype.slice.call(new Uint8Array(memory.buffer, memory.byteOffset + offset, length));
}

function reason(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return 'it threw something that cannot be shown';
  }
}
