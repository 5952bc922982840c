/** Puts messages into the stream, in order, and says what became of them. */
import type { Msg, MsgHdrs } from '@nats-io/transport-node';

import type { Outgoing } from './pending-send.js';
import { headers, nuid } from '../peers.js';
import { isNoResponders, notPermitted, violationOf } from '../refusals.js';
import type { Stream } from '../stream.js';

/**
 * - `accepted`: the server has so many of them, from the front.
 * - `full`: it has no room for the next.
 * - `sealed`: the channel has ended.
 * - `unheard`: nobody knows: to be asked again, with the same ids.
 */
export interface Outcome {
  readonly accepted: number;
  readonly next?: 'full' | 'sealed' | 'unheard';
}

/** How long the server may take to answer, in milliseconds. */
const patience = 5000;

/** Codes of the server's errors. */
const isFull = 10077;
const isSealed = 10109;

interface Answer {
  error?: { code: number; err_code?: number; description: string };
}

/** What our headers take of a message, at most. */
export const headerBytes = 256;

export class Publisher {
  /** Called by a server that is gone: it will not answer. */
  readonly #cutOff = new Set<() => void>();

  constructor(readonly stream: Stream) {}

  /** The connection is lost: what is under way will not be answered. */
  cutOff(): void {
    for (const cut of this.#cutOff) cut();
  }

  publish(messages: readonly Outgoing[]): Promise<Outcome> {
    return this.stream.gate.pass(() => this.#publish(messages));
  }

  async #publish(messages: readonly Outgoing[]): Promise<Outcome> {
    if (!this.stream.link.isUp) return { accepted: 0, next: 'unheard' };
    if (messages.length > 1 && this.stream.takesBatches) {
      const outcome = await this.#together(messages);
      if (outcome !== undefined) return outcome;
    }
    return this.#oneByOne(messages);
  }

  /** All or none of them; `undefined` where they have to go one by one: the server may know some already. */
  async #together(messages: readonly Outgoing[]): Promise<Outcome | undefined> {
    const batch = nuid.next();
    const last = messages.length - 1;
    for (let index = 0; index < last; index += 1) {
      const { bytes, id } = messages[index] as Outgoing;
      this.stream.link.connection.publish(this.stream.subject, bytes, {
        headers: batched(id, batch, index + 1),
      });
    }
    const { bytes, id } = messages[last] as Outgoing;
    const head = batched(id, batch, last + 1);
    head.set('Nats-Batch-Commit', '1');
    const answer = await this.#request(bytes, head);
    if (typeof answer === 'string') return { accepted: 0, next: answer };
    if (answer.error === undefined) return { accepted: messages.length };
    const outcome = refusalIn(answer);
    return outcome?.next === 'unheard' ? undefined : outcome;
  }

  async #oneByOne(messages: readonly Outgoing[]): Promise<Outcome> {
    let accepted = 0;
    for (const { bytes, id } of messages) {
      const answer = await this.#request(bytes, identified(id));
      if (typeof answer === 'string') return { accepted, next: answer };
      if (answer.error !== undefined) {
        const outcome = refusalIn(answer);
        if (outcome === undefined) throw new Error(`the NATS server refuses: ${answer.error.description}`);
        return { ...outcome, accepted };
      }
      accepted += 1;
    }
    return { accepted };
  }

  async #request(bytes: Uint8Array, head: MsgHdrs): Promise<Answer | 'unheard'> {
    let cut!: () => void;
    const lost = new Promise<'unheard'>((resolve) => {
      cut = () => resolve('unheard');
    });
    this.#cutOff.add(cut);
    try {
      const { connection } = this.stream.link;
      const options = { headers: head, timeout: patience };
      const answer = await Promise.race([connection.request(this.stream.subject, bytes, options), lost]);
      return answer === 'unheard' ? answer : (answer as Msg).json<Answer>();
    } catch (error) {
      return await this.#unanswered(error);
    } finally {
      this.#cutOff.delete(cut);
    }
  }

  async #unanswered(error: unknown): Promise<'unheard'> {
    const violation = violationOf(error);
    if (violation !== undefined) throw notPermitted(violation);
    this.stream.link.mustBeOpen();
    // Nobody there: the server has just come back, or the stream is gone.
    if (isNoResponders(error)) await this.stream.lookIfThere();
    return 'unheard';
  }
}

/** `undefined` for what concerns batches alone. */
function refusalIn({ error }: Answer): Outcome | undefined {
  if (error === undefined) return undefined;
  const code = error.err_code ?? 0;
  if (code === isFull) return { accepted: 0, next: 'full' };
  if (code === isSealed) return { accepted: 0, next: 'sealed' };
  return error.code >= 500 ? { accepted: 0, next: 'unheard' } : undefined;
}

function identified(id: string): MsgHdrs {
  const head = headers();
  head.set('Nats-Msg-Id', id);
  return head;
}

function batched(id: string, batch: string, place: number): MsgHdrs {
  const head = identified(id);
  head.set('Nats-Batch-Id', batch);
  head.set('Nats-Batch-Sequence', String(place));
  return head;
}
