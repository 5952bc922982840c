/** `union`: a codec of a discriminated union of records. */
import { outOfRange, refused, wrongType } from '../../errors/misuse.js';
import type { Codec } from '../codec.js';
import { type Fields, type RecordOf, layOut, mustNotHave, tellFields } from './fields.js';
import { functionsOf } from './generate.js';
import { makeCodec } from './make-codec.js';
import { mustHoldFixed, readTag } from './record.js';

/** What one byte tells apart. */
const mostVariants = 256;

/**
 * The values that a union of these variants carries.
 *
 * @example
 * ```ts
 * import { union, type UnionOf } from 'millrace';
 *
 * type Message = UnionOf<'kind', { frame: { id: 'u32' }; flush: {} }>;
 * const flush: Message = { kind: 'flush' };
 * const codec = union('kind', { frame: { id: 'u32' }, flush: {} });
 * console.log(codec.decode(codec.encode(flush))); // { kind: 'flush' }
 * ```
 */
export type UnionOf<K extends string, V extends Record<string, Fields>> = {
  [N in keyof V & string]: { [P in K]: N } & RecordOf<V[N]> extends infer R
    ? { [P in keyof R]: R[P] }
    : never;
}[keyof V & string];

/**
 * A codec for a discriminated union: `key` is the property that tells the variants apart, each of which is a
 * {@link record}. One byte is sent for it.
 *
 * @throws {TypeError} (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) for fields of no known kind, and for a variant
 * that has a field named `key`; {RangeError} (`ERR_OUT_OF_RANGE`) for no variants, or more than 256.
 *
 * @example
 * ```ts
 * import { bounded, union } from 'millrace';
 *
 * const messages = union('kind', { frame: { id: 'u32', pixels: 'bytes' }, flush: {} });
 * const [tx, rx] = bounded(8, { codec: messages });
 * tx.trySend({ kind: 'frame', id: 7, pixels: new Uint8Array(64) });
 * tx.trySend({ kind: 'flush' });
 * tx.close();
 * for (const message of rx.tryIter()) {
 *   console.log(message.kind === 'frame' ? message.pixels.length : 'flushed'); // 64, then flushed
 * }
 * rx.close();
 * ```
 */
export function union<const K extends string, const V extends Record<string, Fields>>(
  key: K,
  variants: V,
): Codec<UnionOf<K, V>> {
  if (typeof key !== 'string') throw wrongType('key', 'a string', key);
  if (typeof variants !== 'object' || variants === null) throw wrongType('variants', 'an object', variants);
  const names = Object.keys(variants);
  if (names.length === 0 || names.length > mostVariants) {
    throw outOfRange('variants', `an object of 1 to ${mostVariants} variants`, names.length);
  }
  const parts = names.map((name, tag) => {
    const layout = layOut(`variants.${name}`, variants[name], 1);
    mustNotHave(layout, key, name);
    return { name, layout, ...functionsOf(layout, { key, name, tag }) };
  });
  const byName = new Map(parts.map((part) => [part.name, part]));
  const told = parts.map(({ name, layout }) => `${name}(${tellFields(layout)})`).join('|');
  const layouts = parts.map(({ layout }) => layout);
  return makeCodec<UnionOf<K, V>>(`union(${key}:${told})`, layouts, {
    write(value, to, at, room, grows) {
      if (typeof value !== 'object' || value === null) throw wrongType('value', 'an object', value);
      const name = (value as Record<string, unknown>)[key];
      const part = byName.get(name as string);
      if (part === undefined) throw wrongType(`value.${key}`, `one of '${names.join("', '")}'`, name);
      return part.write(value, to, at, room, grows);
    },
    read(from, at, end) {
      mustHoldFixed(1, at, end);
      const tag = readTag(from, at);
      const part = parts[tag];
      if (part === undefined) throw refused(`the message is of variant ${tag}, there are ${parts.length}`);
      mustHoldFixed(part.layout.fixed, at, end);
      return part.read(from, at, end);
    },
  });
}
