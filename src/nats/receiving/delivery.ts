/** A message as the server gave it out. */
import type { Msg } from '@nats-io/transport-node';

export interface Delivery {
  readonly data: Uint8Array;
  /** Where it is settled. */
  readonly reply: string;
  /** How many times it was given out, this one included. */
  readonly attempt: number;
  /** Which message it is: the same when it is given out again. */
  readonly key: string;
}

/** What `$JS.ACK.STREAM.CONSUMER.ATTEMPT.SEQUENCE.N.TIME.LEFT` says; before STREAM newer servers put two words more. */
export function readDelivery(message: Msg): Delivery {
  const reply = message.reply as string;
  const words = reply.split('.');
  const at = words.length === 9 ? 4 : 6;
  return {
    data: message.data,
    reply,
    attempt: Number(words[at]),
    key: `${words[at + 1]}.${words[at + 3]}`,
  };
}
