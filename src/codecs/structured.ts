/** The codec `'structured'`: whatever V8's serializer can carry. */
import { deserialize, serialize } from './v8.js';

import { encodeBytes } from '../border/bytes.js';
import type { WireCodec } from './codec.js';
import { wrongType } from '../errors/misuse.js';
import { cannotDecode, cannotEncode } from './codec-error.js';

export const structured: WireCodec = {
  name: 'structured',
  // Typed arrays in the value are views on the message: it must be nobody else's, so that they can be transferred.
  keeps: 'whole buffers',
  encode(value) {
    if (value === undefined) throw wrongType('value', 'anything but undefined', value);
    let encoded: Uint8Array;
    try {
      encoded = serialize(value);
    } catch (cause) {
      throw cannotEncode('structured', cause);
    }
    return encodeBytes(encoded);
  },
  read(memory, offset, length) {
    const message = new Uint8Array(memory.buffer, memory.byteOffset + offset, length);
    try {
      return deserialize(message);
    } catch (cause) {
      throw cannotDecode('structured', cause, message);
    }
  },
};
