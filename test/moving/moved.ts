// The law table's rows with moved buffers, each verb making sure that one is detached exactly when it was accepted; what is iterated over is lent for a step.
import assert from 'node:assert/strict';

import type { BytesLike, Iterating, Receiver, RecvRef, Sender } from 'millrace';
import { alloc } from 'millrace';

import { opens, type Row, rows } from '../laws/rows';
import { made, type Made, real, speaking, type Verbs } from '../refs/in-place';

/** Whether a buffer is detached, asked as every Node answers. */
export function isDetached(buffer: ArrayBuffer): boolean {
  try {
    void new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

let turn = 0;

/** Memory to be moved: millrace's own or the engine's, short or long, by turns. */
function filled(value: number): Uint8Array<ArrayBuffer> {
  turn += 1;
  const length = turn % 3 === 0 ? 8 : 5000;
  const bytes = turn % 2 === 0 ? alloc(length) : new Uint8Array(length);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function settled<T>(bytes: Uint8Array<ArrayBuffer>, value: number, accepted: boolean, answer: T): T {
  assert.equal(isDetached(bytes.buffer), accepted, 'detached exactly when it was accepted');
  if (!accepted) assert.equal(new DataView(bytes.buffer).getFloat64(0), value, 'and whole when it was not');
  return answer;
}

function sender(tx: Sender<BytesLike>): Sender<number> {
  const verbs: Verbs = {
    trySend(value: number) {
      const bytes = filled(value);
      try {
        const accepted = tx.trySend(bytes, { transfer: true });
        return settled(bytes, value, accepted, accepted);
      } catch (error) {
        throw settled(bytes, value, false, error);
      }
    },
    async send(value: number, wait?: { timeout: number; signal?: AbortSignal }) {
      const bytes = filled(value);
      try {
        const answer = await tx.send(bytes, { ...wait, transfer: true });
        return settled(bytes, value, answer !== false, answer);
      } catch (error) {
        throw settled(bytes, value, false, error);
      }
    },
    sendSync(value: number, wait?: { timeout: number }) {
      const bytes = filled(value);
      try {
        const answer = tx.sendSync(bytes, { ...wait, transfer: true });
        return settled(bytes, value, answer !== false, answer);
      } catch (error) {
        throw settled(bytes, value, false, error);
      }
    },
    async sendMany(values: number[]) {
      for (const value of values) await speaker.send(value);
      return values.length;
    },
    clone: () => sender(tx.clone()),
    sameChannel: (other: object) => tx.sameChannel((real.get(other) ?? other) as Sender<BytesLike>),
  };
  const speaker = speaking(tx, verbs) as unknown as Sender<number>;
  real.set(speaker, tx);
  return speaker;
}

function read(bytes: Uint8Array | undefined): number | undefined {
  if (bytes === undefined) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
}

/** The numbers of messages that are lent for a step, and are taken back at the next. */
function lent(refs: AsyncIterator<RecvRef>): AsyncIterator<number> {
  const before: RecvRef[] = [];
  const takenBack = (): void => {
    for (const ref of before.splice(0)) assert.equal(ref.bytes.length, 0, 'taken back');
  };
  return {
    async next() {
      const next = refs.next();
      takenBack();
      const { done, value } = await next;
      if (done === true) return { done, value };
      before.push(value);
      return { value: read(value.bytes) as number, done: false };
    },
    async return() {
      const returned = refs.return!();
      takenBack();
      await returned;
      return { value: undefined, done: true };
    },
  };
}

function receiver(rx: Receiver<Uint8Array>): Receiver<number> {
  const verbs: Verbs = {
    tryRecv: () => read(rx.tryRecv()),
    recv: (wait?: { timeout: number }) => rx.recv(wait).then(read),
    recvSync: (wait?: { timeout: number }) => read(rx.recvSync(wait)),
    clone: () => receiver(rx.clone()),
    [Symbol.asyncIterator]: () => lent(rx.refs()[Symbol.asyncIterator]()),
    iter(options?: Iterating) {
      const refs = rx.refs(options);
      return { [Symbol.asyncIterator]: () => lent(refs[Symbol.asyncIterator]()) };
    },
    batches(max: number, options?: Iterating) {
      const batches = rx.batches(max, options)[Symbol.asyncIterator]();
      const next = async () => {
        const { done, value } = await batches.next();
        return done === true ? { done, value } : { done: false, value: value.map(read) };
      };
      return { [Symbol.asyncIterator]: () => ({ next, return: () => batches.return!() }) };
    },
  };
  const speaker = speaking(rx, verbs) as unknown as Receiver<number>;
  real.set(speaker, rx);
  return speaker;
}

function moved(plain: Row): Row {
  return {
    ...plain,
    name: `${plain.name} moved`,
    open(options) {
      const [tx, rx] = made(plain.flavor, plain.capacity, options) as Made;
      return opens([sender(tx), receiver(rx)]);
    },
  };
}

export const movedRows: readonly Row[] = rows.map(moved);
