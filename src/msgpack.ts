/** `millrace/msgpack`: MessagePack as a codec, by `msgpackr`, which is a peer to install beside millrace. */
import type * as msgpackr from 'msgpackr';

import type { Codec } from './codecs/codec.js';
import { ChannelLoadError } from './errors/errors.js';

type Msgpackr = typeof msgpackr;

function load(): Msgpackr {
  try {
    return require('msgpackr') as Msgpackr;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw cause;
    const text =
      "millrace/msgpack needs the package 'msgpackr', which is not installed: npm install msgpackr";
    throw new ChannelLoadError(text, { cause });
  }
}

const { Packr } = load();

const packr = Object.assign(
  new Packr({ useRecords: false, moreTypes: true, variableMapSize: true, useToJSON: false }),
  {
    writeFunction(value: { name: string }): never {
      throw new TypeError(`MessagePack cannot carry a function (${value.name || 'anonymous'})`);
    },
  },
);

const codec: Codec<never, unknown> = Object.freeze({
  name: 'msgpack',
  encode: (value: unknown) => packr.pack(value),
  decode: (bytes: Uint8Array) => packr.unpack(bytes) as unknown,
});

/**
 * The codec of MessagePack: plain data, `bigint`, `Date`, `Set`, `Error`, `RegExp` and typed arrays, smaller than JSON and
 * quicker than `'structured'`. A `Map` arrives as an object; bytes in a value are views on the message; a function,
 * or a handle, is refused. One codec serves all values, so `attach(value, { codecs: [msgpack()] })` finds it in the
 * other thread. It needs `npm install msgpackr`.
 *
 * @example
 * ```ts
 * import { bounded } from 'millrace';
 * import { msgpack } from 'millrace/msgpack';
 *
 * const [tx, rx] = bounded(8, { codec: msgpack<{ id: bigint; body: Uint8Array }>() });
 * tx.trySend({ id: 1n, body: new Uint8Array(3) });
 * console.log(rx.tryRecv()!.body.length); // 3
 * tx.close();
 * rx.close();
 * ```
 */
export function msgpack<T extends {} | null>(): Codec<T> {
  return codec as unknown as Codec<T>;
}
