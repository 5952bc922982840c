/** The fields of a record: what kinds there are, how they are asked for, and where each lies in a message. */
import { refused, wrongType, wrongValue } from '../../errors/misuse.js';

/** Bytes of each kind at its fixed place: a length, for those whose data follows the fixed part. */
export const widths = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f32: 4,
  f64: 8,
  bool: 1,
  text: 4,
  bytes: 4,
  json: 4,
} as const;

/**
 * The kinds of a record's fields: integers and floating-point numbers by their width in bits (`u64` and `i64`
 * are `bigint`), `bool`, `text` (UTF-8), `bytes`, and `json` for anything that `JSON.stringify` carries.
 *
 * @example
 * ```ts
 * import { record, type FieldKind } from 'millrace';
 *
 * const kinds: FieldKind[] = ['u8', 'f64', 'text'];
 * console.log(record({ level: 'u8', at: 'f64', line: 'text' }).name, kinds.length); // record(level:u8,at:f64,line:text) 3
 * ```
 */
export type FieldKind = keyof typeof widths;

/**
 * A field that may be left out, made by {@link optional}.
 *
 * @example
 * ```ts
 * import { optional, record, type Optional } from 'millrace';
 *
 * const note: Optional<'text'> = optional('text');
 * const codec = record({ id: 'u32', note });
 * console.log(codec.decode(codec.encode({ id: 1 }))); // { id: 1 }
 * ```
 */
export interface Optional<F extends FieldKind> {
  /** The kind of the field, where it is there. */
  readonly optional: F;
}

/**
 * The fields of a record, by name.
 *
 * @example
 * ```ts
 * import { optional, record, type Fields } from 'millrace';
 *
 * const fields = { id: 'u32', body: 'bytes', note: optional('text') } satisfies Fields;
 * console.log(record(fields).name); // record(id:u32,body:bytes,note?:text)
 * ```
 */
export type Fields = Record<string, FieldKind | Optional<FieldKind>>;

/**
 * What a field of a kind holds.
 *
 * @example
 * ```ts
 * import type { FieldValue } from 'millrace';
 *
 * const id: FieldValue<'u32'> = 1;
 * const at: FieldValue<'i64'> = 2n;
 * console.log(id, at); // 1 2n
 * ```
 */
export type FieldValue<F> = F extends 'u64' | 'i64'
  ? bigint
  : F extends 'bool'
    ? boolean
    : F extends 'text'
      ? string
      : F extends 'bytes'
        ? Uint8Array
        : F extends 'json'
          ? unknown
          : number;

/**
 * The values that a record of these fields carries.
 *
 * @example
 * ```ts
 * import { record, type RecordOf } from 'millrace';
 *
 * const fields = { id: 'u32', ok: 'bool' } as const;
 * const value: RecordOf<typeof fields> = { id: 7, ok: true };
 * const codec = record(fields);
 * console.log(codec.decode(codec.encode(value))); // { id: 7, ok: true }
 * ```
 */
export type RecordOf<F extends Fields> = {
  -readonly [K in keyof F as F[K] extends FieldKind ? K : never]: FieldValue<F[K]>;
} & {
  -readonly [K in keyof F as F[K] extends FieldKind ? never : K]?: F[K] extends Optional<infer G>
    ? FieldValue<G> | undefined
    : never;
} extends infer R
  ? { [K in keyof R]: R[K] }
  : never;

/** A field at its place. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** Bytes from the message's start to its fixed place. */
  readonly at: number;
  /** Its place among the optional fields; -1 where it must be there. */
  readonly bit: number;
}

/**
 * How a message is laid out, little-endian:
 *
 * ```text
 *   [tag: 1, in a union] [which optional fields are there: 1 bit each] [fixed places] [data of text, bytes, json]
 * ```
 */
export interface Layout {
  readonly fields: readonly Field[];
  /** Where the bits of the optional fields begin. */
  readonly bitsAt: number;
  readonly bitBytes: number;
  /** Bytes before the data that varies in length. */
  readonly fixed: number;
}

/**
 * Makes a field one that may be left out, or be `undefined`.
 *
 * @example
 * ```ts
 * import { bounded, optional, record } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: record({ id: 'u32', retryOf: optional('u32') }) });
 * tx.trySend({ id: 2, retryOf: 1 });
 * console.log(rx.tryRecv()); // { id: 2, retryOf: 1 }
 * tx.close();
 * rx.close();
 * ```
 */
export function optional<F extends FieldKind>(field: F): Optional<F> {
  return { optional: readKind('field', field) as F };
}

/** Lays fields out, after `head` bytes. */
export function layOut(what: string, fields: unknown, head: number): Layout {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw wrongType(what, 'an object of fields', fields);
  }
  const entries = Object.entries(fields);
  const optionals = entries.filter(([, field]) => typeof field === 'object').length;
  const bitBytes = Math.ceil(optionals / 8);
  let at = head + bitBytes;
  let bit = 0;
  const laidOut = entries.map(([name, given]): Field => {
    const isOptional = typeof given === 'object' && given !== null;
    const kind = readKind(`${what}.${name}`, isOptional ? (given as Optional<FieldKind>).optional : given);
    const field = { name, kind, at, bit: isOptional ? bit++ : -1 };
    at += widths[kind];
    return field;
  });
  return { fields: laidOut, bitsAt: head, bitBytes, fixed: at };
}

/** Fields as they stand in a codec's name. */
export function tellFields({ fields }: Layout): string {
  return fields.map(({ name, kind, bit }) => `${name}${bit < 0 ? '' : '?'}:${kind}`).join(',');
}

function readKind(what: string, kind: unknown): FieldKind {
  if (typeof kind !== 'string') throw wrongType(what, 'a kind of field or optional(...)', kind);
  if (!Object.hasOwn(widths, kind))
    throw wrongValue(what, `one of '${Object.keys(widths).join("', '")}'`, kind);
  return kind as FieldKind;
}

/** Throws where a variant has the field that tells variants apart. */
export function mustNotHave(layout: Layout, key: string, variant: string): void {
  if (layout.fields.some(({ name }) => name === key)) {
    throw refused(`The variant '${variant}' must not have a field '${key}': it tells the variants apart`);
  }
}
