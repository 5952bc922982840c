/** `record`: a codec of typed fields at fixed places. */
import type { Codec } from '../codec.js';
import { type Fields, type RecordOf, layOut, tellFields } from './fields.js';
import { functionsOf } from './generate.js';
import { makeCodec } from './make-codec.js';
import { reads } from './values.js';
import { refused, wrongType } from '../../errors/misuse.js';

/**
 * A codec for objects of typed fields: a header and bytes, without writing one by hand. Fields lie at fixed places,
 * little-endian, the data of `text`, `bytes` and `json` behind them; values are written straight into the channel's
 * memory, and `bytes` are views on the message. The types follow from the fields. What does not fit a field (a number
 * out of range, a missing or unknown property) is refused when it is sent, and bytes that are no such record throw
 * when they are received, both as `ChannelCodecError`. The codec's name tells its fields, so `attach` finds the
 * same one when the other thread makes it from the same fields.
 *
 * @throws {TypeError} (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) for fields of no known kind.
 *
 * @example
 * ```ts
 * import { bounded, record } from 'millrace';
 *
 * const chunk = record({ id: 'u32', at: 'f64', name: 'text', body: 'bytes' });
 * const [tx, rx] = bounded(8, { codec: chunk });
 * tx.trySend({ id: 1, at: 0.5, name: 'first', body: new Uint8Array([1, 2, 3]) });
 * const { id, name, body } = rx.tryRecv()!;
 * console.log(id, name, body.length); // 1 first 3
 * tx.close();
 * rx.close();
 * ```
 */
export function record<const F extends Fields>(fields: F): Codec<RecordOf<F>> {
  const layout = layOut('fields', fields, 0);
  const { write, read } = functionsOf(layout, undefined);
  return makeCodec<RecordOf<F>>(`record(${tellFields(layout)})`, [layout], {
    write(value, to, at, room, grows) {
      if (typeof value !== 'object' || value === null) throw wrongType('value', 'an object', value);
      return write(value, to, at, room, grows);
    },
    read(from, at, end) {
      mustHoldFixed(layout.fixed, at, end);
      return read(from, at, end);
    },
  });
}

/** A byte that tells which variant follows. */
export const readTag = reads.u8;

/** Throws where the fixed part of a message is not there. */
export function mustHoldFixed(fixed: number, at: number, end: number): void {
  if (end - at < fixed) throw refused(`the message has ${end - at} bytes, its fields alone take ${fixed}`);
}
