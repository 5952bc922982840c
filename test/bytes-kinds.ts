// Every kind of bytes that a caller may hold, made around a given payload with secret neighbours on both sides.
import { runInNewContext } from 'node:vm';
import v8 from 'node:v8';

/** What lies beside the payload in its block, and is never to be seen by a receiver. */
export const secret = 0xa5;

export interface Kind {
  readonly name: string;
  /** Element size: payload lengths are multiples of it. */
  readonly unit: number;
  /** The payload as the caller holds it, and the memory below, for later writes. */
  make(payload: Uint8Array): { value: ArrayBufferView | ArrayBufferLike; memory: Uint8Array };
}

type ViewMaker = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;

const margin = 64;

/** The payload amid neighbours, in memory that `allocate` gives. */
function amid(payload: Uint8Array, allocate: (bytes: number) => ArrayBufferLike): Uint8Array {
  const whole = new Uint8Array(allocate(payload.length + 2 * margin)).fill(secret);
  const memory = whole.subarray(margin, margin + payload.length);
  memory.set(payload);
  return memory;
}

function view(View: ViewMaker & { BYTES_PER_ELEMENT?: number }, name = View.name): Kind {
  const unit = View.BYTES_PER_ELEMENT ?? 1;
  return {
    name,
    unit,
    make(payload) {
      const memory = amid(payload, (bytes) => new ArrayBuffer(bytes));
      return { value: new View(memory.buffer as ArrayBuffer, margin, payload.length / unit), memory };
    },
  };
}

/** A buffer of the payload's own length, without neighbours. */
function whole(name: string, allocate: (bytes: number) => ArrayBufferLike): Kind {
  return {
    name,
    unit: 1,
    make(payload) {
      const value = allocate(payload.length);
      const memory = new Uint8Array(value);
      memory.set(payload);
      return { value, memory };
    },
  };
}

function inMemory(
  name: string,
  allocate: (bytes: number) => ArrayBufferLike,
  wrap: (memory: Uint8Array) => Uint8Array = (memory) => memory,
): Kind {
  return {
    name,
    unit: 1,
    make(payload) {
      const memory = amid(payload, allocate);
      return { value: wrap(memory), memory };
    },
  };
}

/** A subclass whose every property lies. */
export class Liar extends Uint8Array<ArrayBufferLike> {
  override get byteLength(): never {
    throw new Error('byteLength was asked');
  }
  override get byteOffset(): number {
    return 0;
  }
  override get length(): number {
    return 1_000_000;
  }
  override get buffer(): ArrayBuffer {
    return new ArrayBuffer(1);
  }
  override get [Symbol.toStringTag](): never {
    return 'BigInt64Array' as never;
  }
}

class LyingDataView extends DataView<ArrayBuffer> {
  override get byteLength(): number {
    return 1_000_000;
  }
  override get byteOffset(): number {
    return 1;
  }
  override get buffer(): ArrayBuffer {
    return new ArrayBuffer(1_000_001);
  }
}

const Foreign = runInNewContext('Uint8Array') as Uint8ArrayConstructor;
const ForeignBuffer = runInNewContext('ArrayBuffer') as ArrayBufferConstructor;
type Resizable = ArrayBuffer & { resize(bytes: number): void };
type WithMost<B> = new (bytes: number, options: { maxByteLength: number }) => B;
const growable = (bytes: number) =>
  new (SharedArrayBuffer as WithMost<SharedArrayBuffer>)(bytes, { maxByteLength: 2 * bytes });

/** A buffer that can become up to `most` bytes long, or shorter. */
export function resizable(bytes: number, most = 2 * bytes): Resizable {
  return new (ArrayBuffer as unknown as WithMost<Resizable>)(bytes, { maxByteLength: most });
}

export const kinds: readonly Kind[] = [
  view(Uint8Array),
  view(Int8Array),
  view(Uint8ClampedArray),
  view(Uint16Array),
  view(Int32Array),
  view(Float32Array),
  view(Float64Array),
  view(BigUint64Array),
  view(DataView),
  view(LyingDataView),
  view(Liar as never, 'a Uint8Array whose properties lie'),
  view(Foreign as never, 'a Uint8Array of another realm'),
  whole('ArrayBuffer', (bytes) => new ArrayBuffer(bytes)),
  whole('SharedArrayBuffer', (bytes) => new SharedArrayBuffer(bytes)),
  whole('a resizable ArrayBuffer', (bytes) => resizable(bytes)),
  whole('a growable SharedArrayBuffer', growable),
  whole('an ArrayBuffer of another realm', (bytes) => new ForeignBuffer(bytes)),
  inMemory('a Uint8Array over a SharedArrayBuffer', (bytes) => new SharedArrayBuffer(bytes)),
  inMemory('a view of fixed length over a resizable ArrayBuffer', (bytes) => resizable(bytes)),
  inMemory('a view of fixed length over a growable SharedArrayBuffer', growable),
  {
    name: 'a length-tracking view, resized after it was made',
    unit: 1,
    make(payload) {
      const buffer = resizable(margin, 2 * margin + payload.length);
      const value = new Uint8Array(buffer, margin);
      buffer.resize(margin + payload.length);
      new Uint8Array(buffer).fill(secret);
      value.set(payload);
      return { value, memory: value };
    },
  },
  {
    name: 'a length-tracking DataView',
    unit: 1,
    make(payload) {
      const buffer = resizable(margin + payload.length);
      const memory = new Uint8Array(buffer, margin);
      memory.set(payload);
      return { value: new DataView(buffer, margin), memory };
    },
  },
  {
    name: 'a Buffer of the pool',
    unit: 1,
    make(payload) {
      Buffer.from([secret, secret, secret]);
      const value = Buffer.from(payload);
      Buffer.from([secret, secret, secret]);
      return { value, memory: value };
    },
  },
];

const nativeDetach = ((): ((buffer: ArrayBuffer) => void) => {
  v8.setFlagsFromString('--allow-natives-syntax');
  // eslint-disable-next-line no-new-func -- the only spelling of an engine function
  return new Function('buffer', '%ArrayBufferDetach(buffer)') as (buffer: ArrayBuffer) => void;
})();

/** Takes a buffer's memory away, whatever marks it bears. */
export function detach(buffer: ArrayBufferLike): void {
  const { transfer } = buffer as { transfer?: () => unknown };
  if (transfer === undefined) nativeDetach(buffer as ArrayBuffer);
  else transfer.call(buffer);
}

/** As `detach`, where the runtime lets a marked buffer be moved; from Node 24 on it does not. */
export function tryDetach(buffer: ArrayBufferLike): void {
  try {
    detach(buffer);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** A payload that tells every place in it from every other nearby. */
export function payloadOf(length: number, seed = 1): Uint8Array {
  const payload = new Uint8Array(length);
  for (let index = 0; index < length; index += 1)
    payload[index] = (index * 31 + seed * 7 + (index >> 8)) & 0xff;
  return payload;
}

/** Whether both hold the same bytes; told quickly, also for a mebibyte. */
export function sameBytes(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
