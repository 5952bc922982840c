/** V8's serializer, which is loaded when it is first used: most threads never use it, and it takes a millisecond. */
import type * as V8 from 'node:v8';

let loaded: typeof V8 | undefined;

function v8(): typeof V8 {
  loaded ??= require('node:v8') as typeof V8;
  return loaded;
}

/** As `serialize` of `node:v8`. */
export function serialize(value: unknown): Buffer {
  return v8().serialize(value);
}

/** As `deserialize` of `node:v8`. */
export function deserialize(bytes: Uint8Array): unknown {
  return v8().deserialize(bytes);
}
