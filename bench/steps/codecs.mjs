// What a header and some bytes cost to send and receive, by codec: one value sent and received a call, in one thread.
import { bounded } from 'millrace';
import { isOffered, offered } from '../who/offered.mjs';

const body = new Uint8Array(64).fill(7);
const value = { id: 7, at: 1764000000.5, name: 'request completed', body };
/** The same for a codec that has no bytes. */
const textual = { ...value, body: Buffer.from(body).toString('base64') };
const fields = { id: 'u32', at: 'f64', name: 'text', body: 'bytes' };
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** As people write one for a header and bytes. */
const byHand = {
  name: 'by-hand',
  encode: (each) => {
    const target = new Uint8Array(20 + 3 * each.name.length + each.body.length);
    return target.subarray(0, byHand.encodeInto(each, target));
  },
  encodeInto({ id, at, name, body }, target) {
    if (target.length < 20 + 3 * name.length + body.length) return -1;
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    const { written } = encoder.encodeInto(name, target.subarray(20));
    view.setUint32(0, id, true);
    view.setFloat64(4, at, true);
    view.setUint32(12, written, true);
    view.setUint32(16, body.length, true);
    target.set(body, 20 + written);
    return 20 + written + body.length;
  },
  decode(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const nameEnd = 20 + view.getUint32(12, true);
    return {
      id: view.getUint32(0, true),
      at: view.getFloat64(4, true),
      name: decoder.decode(bytes.subarray(20, nameEnd)),
      body: bytes.subarray(nameEnd, nameEnd + view.getUint32(16, true)),
    };
  },
};

const both = { name: 'structuredClone', open: () => ({ call: () => void structuredClone(value) }) };

export const codecs = [
  carried('bytes', 'bytes', body),
  carried('text', 'text', value.name),
  carried('f64', 'f64', value.at),
  carried('by hand', byHand, value),
  ...(isOffered('record') ? [carried('record', offered.record(fields), value)] : []),
  ...(isOffered('union')
    ? [carried('union', offered.union('kind', { line: fields, flush: {} }), { kind: 'line', ...value })]
    : []),
  carried('json', 'json', textual),
  carried('structured', 'structured', value),
  ...(await msgpack()),
  both,
];

function carried(name, codec, sent) {
  return {
    name: `codec ${name}`,
    open() {
      const [tx, rx] = bounded(1, { codec });
      tx.trySend(sent);
      const first = rx.tryRecv();
      if (first?.id !== sent.id) throw new Error(`A value came back changed by ${name}`);
      return {
        call: () => tx.trySend(sent) && rx.tryRecv(),
        close() {
          tx.close();
          rx.close();
        },
      };
    },
  };
}

/** The package's own codec over msgpackr, where it is. */
async function msgpack() {
  try {
    const { msgpack } = await import('millrace/msgpack');
    return [carried('msgpack', typeof msgpack === 'function' ? msgpack() : msgpack, value)];
  } catch (error) {
    if (error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' || error.code === 'ERR_MODULE_NOT_FOUND') return [];
    throw error;
  }
}
