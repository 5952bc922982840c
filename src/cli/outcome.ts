/** What workers send back: one type of message told apart by `kind`, and the codec that carries it. */
import type { Codec } from '../index';

import type { Piece } from './job';

export type Outcome =
  | ({ readonly kind: 'chunk' } & Piece)
  /** The worker has seen the end of the jobs. `handover`: milliseconds inside its handing-over calls. */
  | { readonly kind: 'done'; readonly worker: number; readonly handover: number }
  | { readonly kind: 'failed'; readonly worker: number; readonly reason: string };

const CHUNK = 0;
const NOTICE = 1;
const DIGEST_AT = 8;
const BYTES_AT = DIGEST_AT + 32;

/**
 * A chunk goes as it is behind a short head, everything else as JSON:
 * ```text
 * byte 0   4       8        40
 *      0 | index | digest | the piece's bytes
 *      1 | JSON
 * ```
 */
export const outcomeCodec: Codec<Outcome> = {
  name: 'millrace-demo-outcome',
  encode(outcome) {
    if (outcome.kind !== 'chunk') {
      return Buffer.concat([Uint8Array.of(NOTICE), Buffer.from(JSON.stringify(outcome))]);
    }
    const message = scratch(BYTES_AT + outcome.bytes.length);
    message[0] = CHUNK;
    message.writeUInt32LE(outcome.index, 4);
    message.set(outcome.digest, DIGEST_AT);
    message.set(outcome.bytes, BYTES_AT);
    return message;
  },
  decode(bytes) {
    const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (message[0] === NOTICE) return JSON.parse(message.toString('utf8', 1)) as Outcome;
    return {
      kind: 'chunk',
      index: message.readUInt32LE(4),
      digest: message.subarray(DIGEST_AT, BYTES_AT),
      bytes: message.subarray(BYTES_AT),
    };
  },
};

let memory = Buffer.alloc(0);

/** The same memory for one message after the other: what `encode` answers is copied before anything else runs. */
function scratch(length: number): Buffer {
  if (memory.length < length) memory = Buffer.alloc(length);
  return memory.subarray(0, length);
}
