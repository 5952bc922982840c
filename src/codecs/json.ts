/** The codec `'json'`: whatever `JSON.stringify` can carry. */
import type { WireCodec } from './codec.js';
import { wrongType } from '../errors/misuse.js';
import { cannotDecode, cannotEncode, kept } from './codec-error.js';
import { refusingHandles } from './handles.js';
import { layText, readText } from './text.js';

export const json: WireCodec = {
  name: 'json',
  keeps: 'nothing',
  encode(value) {
    if (value === undefined) throw wrongType('value', 'anything but undefined', value);
    return layText(stringify(value));
  },
  read(memory, offset, length) {
    try {
      return JSON.parse(readText(memory, offset, length));
    } catch (cause) {
      throw cannotDecode('json', cause, kept(memory, offset, length));
    }
  },
};

function stringify(value: unknown): string {
  let encoded: string | undefined;
  try {
    encoded = refusingHandles(() => JSON.stringify(value));
    if (encoded === undefined) throw new TypeError(`JSON cannot carry a ${typeof value}`);
  } catch (cause) {
    throw cannotEncode('json', cause);
  }
  return encoded;
}
