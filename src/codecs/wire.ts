/** Which codecs of ours are more to the inside than what their users see. */
import type { Codec, WireCodec } from './codec.js';

const wires = new WeakMap<object, WireCodec>();

/** Makes `codec` one that the inside uses as `wire`. */
export function asWire<C extends Codec<never, unknown>>(codec: C, wire: WireCodec): C {
  wires.set(codec, wire);
  return Object.freeze(codec);
}

/** How the inside uses `codec`, if it is one of ours. */
export function wireOf(codec: object): WireCodec | undefined {
  return wires.get(codec);
}
