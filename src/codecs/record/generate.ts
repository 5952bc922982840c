/**
 * A record's functions as straight code: each property has a place of its own in the engine's caches, which a loop over
 * fields cannot have, and a value is made by one literal. It calls what `interpret` calls, field by field.
 */
import type { Field, Layout } from './fields.js';
import {
  type Head,
  type RecordFunctions,
  type Strangers,
  exactSize,
  interpret,
  isVarying,
} from './interpret.js';
import * as values from './values.js';

/** The functions of a layout; interpreted where code may not be generated from strings. */
export function functionsOf(layout: Layout, head: Head | undefined): RecordFunctions {
  const strangers = strangersOf(layout, head);
  if (!mayGenerate()) return interpret(layout, head, strangers);
  const helpers = { ...values, strangers, exact: (gathered: unknown[]) => exactSize(layout, gathered) };
  const names = Object.keys(helpers);
  const body = `'use strict';\n${writeSource(layout, head)}\n${readSource(layout, head)}\nreturn { write, read };`;
  return new Function(...names, body)(...Object.values(helpers)) as RecordFunctions;
}

let allowed: boolean | undefined;

function mayGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function('return true')() as boolean;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** Throws where a value has properties that would be left behind. */
function strangersOf({ fields }: Layout, head: Head | undefined): Strangers {
  const known = new Set(fields.map(({ name }) => name));
  if (head !== undefined) known.add(head.key);
  return (value, present) => {
    let left = present;
    // Most values have just their fields: then counting is all, and no key is looked up.
    for (const key in value) {
      left -= 1;
      if (left < 0 && !known.has(key)) break;
    }
    if (left >= 0) return;
    for (const key of Object.keys(value)) {
      if (!known.has(key) && (value as Record<string, unknown>)[key] !== undefined) {
        throw values.stranger(key, [...known]);
      }
    }
  };
}

const quoted = (text: string) => JSON.stringify(text);

function writeSource({ fields, bitsAt, bitBytes, fixed }: Layout, head: Head | undefined): string {
  const gather = fields.map(({ name, kind, bit }, index) => {
    const checked = `v${index} = checks.${kind}(v${index}, ${quoted(name)});`;
    const counted = `present += 1; ${checked}${isVarying(kind) ? ` size += mostBytes('${kind}', v${index});` : ''}`;
    const read = `let v${index} = value[${quoted(name)}];`;
    return bit < 0 ? `${read} ${counted}` : `${read} if (v${index} !== undefined) { ${counted} }`;
  });
  const bits = Array.from({ length: bitBytes }, (_, byte) => {
    const parts = fields.flatMap(({ bit }, index) =>
      bit >> 3 === byte && bit >= 0 ? [`(v${index} === undefined ? 0 : ${1 << (bit & 7)})`] : [],
    );
    return `to[base + ${bitsAt + byte}] = ${parts.join(' | ')};`;
  });
  const gathered = fields.map((_, index) => `v${index}`).join(', ');
  return `function write(value, to, base, room, grows) {
  let present = ${head === undefined ? 0 : 1}, size = ${fixed}, fits = true, length = 0;
  ${gather.join('\n  ')}
  strangers(value, present);
  if (size > room) {
    size = exact([${gathered}]);
    fits = size <= room;
    if (!fits) {
      if (!grows) return -1;
      to = new Uint8Array(size);
      base = 0;
    }
  }
  ${head === undefined ? '' : `to[base] = ${head.tag};`}
  ${bits.join('\n  ')}
  let end = base + ${fixed};
  ${fields.map((field, index) => writeField(field, `v${index}`)).join('\n  ')}
  return fits ? end - base : to;
}`;
}

function writeField({ kind, at, bit }: Field, value: string): string {
  if (isVarying(kind)) {
    const write = `length = ${kind === 'bytes' ? 'writeBytes' : 'writeText'}(${value}, to, end); end += length;`;
    const both = `${write} writes.u32(length, to, base + ${at});`;
    return bit < 0 ? both : `if (${value} === undefined) writes.u32(0, to, base + ${at}); else { ${both} }`;
  }
  const write = `writes.${values.writerOf[kind]}`;
  if (bit < 0) return `${write}(${value}, to, base + ${at});`;
  return `if (${value} === undefined) clear(to, base + ${at}, '${kind}'); else ${write}(${value}, to, base + ${at});`;
}

function readSource(layout: Layout, head: Head | undefined): string {
  const { fields, fixed } = layout;
  const required = fields.filter(({ bit }) => bit < 0);
  // Only where all fields must be there is one literal the value, in the order of the fields.
  const whole = required.length === fields.length;
  const gather = fields.map((field, index) => readField(layout, field, `v${index}`)).join('\n  ');
  const first = head === undefined ? [] : [`${literalKey(head.key)}: ${quoted(head.name)}`];
  const literal = whole ? fields.map(({ name }, index) => `${literalKey(name)}: v${index}`) : [];
  const later = whole
    ? []
    : fields.map(({ name, bit }, index) =>
        name === '__proto__'
          ? `if (v${index} !== undefined) define(value, '__proto__', v${index});`
          : `${bit < 0 ? '' : `if (v${index} !== undefined) `}value[${quoted(name)}] = v${index};`,
      );
  return `function read(from, base, end) {
  let at = base + ${fixed}, start = 0, length = 0;
  ${gather}
  mustEnd(at, end);
  const value = { ${[...first, ...literal].join(', ')} };
  ${later.join('\n  ')}
  return value;
}`;
}

/** A key that is never the prototype. */
function literalKey(name: string): string {
  return name === '__proto__' ? `['__proto__']` : quoted(name);
}

function readField({ bitsAt }: Layout, { kind, at, bit }: Field, value: string): string {
  const absent = `(from[base + ${bitsAt + (bit >> 3)}] & ${1 << (bit & 7)}) === 0`;
  if (!isVarying(kind)) {
    const read = `reads.${kind}(from, base + ${at})`;
    return `const ${value} = ${bit < 0 ? read : `${absent} ? undefined : ${read}`};`;
  }
  const read = kind === 'bytes' ? 'readBytes' : 'readText';
  const found = `${read}(from, start, length)`;
  const taken = `length = reads.u32(from, base + ${at}); start = at; at = take(start, length, end); ${value} = ${
    kind === 'json' ? `JSON.parse(${found})` : found
  };`;
  return `let ${value}; ${bit < 0 ? taken : `if (!(${absent})) { ${taken} }`}`;
}
