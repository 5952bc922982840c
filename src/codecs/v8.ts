/** V8's serializer, which is loaded when it is first used: most threads never use it, and it takes a millisecond. */
import type * as V8 from 'node:v8';

import { refused } from '../errors/misuse.js';
import { hasModule } from './modules.js';

let loaded: typeof V8 | undefined;

function v8(): typeof V8 {
  loaded ??= require('node:v8') as typeof V8;
  return loaded;
}

/** As `serialize` of `node:v8`, which would leave out a `WebAssembly.Module`: that is refused. */
export function serialize(value: unknown): Buffer {
  const bytes = v8().serialize(value);
  if (hasModule(value, bytes.length)) {
    throw refused('a WebAssembly.Module cannot be carried: send the bytes that it is compiled from');
  }
  return bytes;
}

/** As `deserialize` of `node:v8`. */
export function deserialize(bytes: Uint8Array): unknown {
  return v8().deserialize(bytes);
}
