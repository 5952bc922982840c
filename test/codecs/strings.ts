// A codec of strings, to be given faults by a test.
import type { Codec } from 'millrace';

export const encoder = new TextEncoder();
export const decoder = new TextDecoder();

/** A codec of strings, with whatever parts a test gives it. */
export function codecOf(parts: object = {}): Codec<string> {
  return {
    name: 'strings',
    encode: (value) => encoder.encode(value),
    decode: (bytes) => decoder.decode(bytes),
    ...parts,
  };
}
