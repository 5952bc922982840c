/** A record's functions that go through its fields one by one: where code may not be generated from strings. */
import type { FieldKind, Layout } from './fields.js';
import {
  checks,
  define,
  exactBytes,
  mostBytes,
  mustEnd,
  readBytes,
  readText,
  reads,
  take,
  writeBytes,
  writeText,
  writerOf,
  writes,
} from './values.js';

/** What a layout becomes. */
export interface RecordFunctions {
  /**
   * Writes the value to `to[at]`, where there are `room` bytes: its length. Where it takes more, -1, or, if it
   * `grows`, memory of its own that holds it. All code of the caller's has run before the first byte is written.
   */
  write(value: object, to: Uint8Array, at: number, room: number, grows: boolean): number | Uint8Array;
  /** Reads the value of the message from `at` to `end`; the fixed part is there. */
  read(from: Uint8Array, at: number, end: number): object;
}

/** The property that comes first in what is read, and the tag that comes first in what is written. */
export interface Head {
  readonly key: string;
  readonly name: string;
  readonly tag: number;
}

export const isVarying = (kind: FieldKind): kind is 'text' | 'bytes' | 'json' =>
  kind === 'text' || kind === 'bytes' || kind === 'json';

/** The functions of a layout. */
export function interpret(layout: Layout, head: Head | undefined, strangers: Strangers): RecordFunctions {
  const { fields, bitsAt, fixed } = layout;

  function write(value: object, into: Uint8Array, start: number, room: number, grows: boolean) {
    let present = head === undefined ? 0 : 1;
    let size = fixed;
    const gathered = fields.map(({ name, kind, bit }) => {
      const given = (value as Record<string, unknown>)[name];
      if (given === undefined && bit >= 0) return undefined;
      present += 1;
      const checked = checks[kind](given, name);
      if (isVarying(kind)) size += mostBytes(kind, checked);
      return checked;
    });
    strangers(value, present);
    if (size > room) size = exactSize(layout, gathered);
    const fits = size <= room;
    if (!fits && !grows) return -1;
    const to = fits ? into : new Uint8Array(size);
    const base = fits ? start : 0;
    if (head !== undefined) to[base] = head.tag;
    to.fill(0, base + bitsAt, base + fixed);
    let end = base + fixed;
    for (const [index, { kind, at, bit }] of fields.entries()) {
      const given = gathered[index];
      if (given === undefined) continue;
      const bits = base + bitsAt + (bit >> 3);
      if (bit >= 0) to[bits] = (to[bits] as number) | (1 << (bit & 7));
      if (isVarying(kind)) {
        const length =
          kind === 'bytes' ? writeBytes(given as Uint8Array, to, end) : writeText(given as string, to, end);
        writes.u32(length, to, base + at);
        end += length;
      } else {
        writes[writerOf[kind]](given as never, to, base + at);
      }
    }
    return fits ? end - base : to;
  }

  function read(from: Uint8Array, base: number, end: number): object {
    const value: Record<string, unknown> = head === undefined ? {} : { [head.key]: head.name };
    let at = base + fixed;
    for (const { name, kind, at: place, bit } of fields) {
      if (bit >= 0 && ((from[base + bitsAt + (bit >> 3)] as number) & (1 << (bit & 7))) === 0) continue;
      let found: unknown;
      if (isVarying(kind)) {
        const start = at;
        const length = reads.u32(from, base + place);
        at = take(start, length, end);
        if (kind === 'bytes') found = readBytes(from, start, length);
        else found = readText(from, start, length);
        if (kind === 'json') found = JSON.parse(found as string);
      } else {
        found = reads[kind](from, base + place);
      }
      define(value, name, found);
    }
    mustEnd(at, end);
    return value;
  }

  return { write, read };
}

/** Throws where a value has more enumerable properties than `present`, those that were found. */
export type Strangers = (value: object, present: number) => void;

/** The exact size of a message of these values. */
export function exactSize({ fields, fixed }: Layout, gathered: readonly unknown[]): number {
  let size = fixed;
  for (const [index, { kind }] of fields.entries()) {
    const given = gathered[index];
    if (given !== undefined && isVarying(kind)) size += exactBytes(kind, given);
  }
  return size;
}
