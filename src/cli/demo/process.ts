/**
 * One way of handing the file over, in a process of its own, so that its processor time and its memory are its own: this
 * is the side of the process that asks for it; child.ts is the other.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

import type { Cost } from '../meter';
import type { DemoOptions } from './options';
import type { Proof } from './proof';
import type { WayName } from './ways';

export interface Order {
  readonly way: WayName;
  readonly options: DemoOptions;
}

/** What the process is asked for after the order. */
export type Asked = 'again' | 'end' | 'stop';

/** What the process tells. */
export type Told =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly cost: Cost; readonly proof: Proof }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' };

const childFile = join(__dirname, 'child.js');

export class OwnProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #signal: AbortSignal;
  readonly #stop = () => this.#ask('stop');
  #told: (told: Told) => void = () => undefined;

  /** Stops cleanly when `signal` aborts; what is asked for then rejects. */
  constructor(order: Order, signal: AbortSignal) {
    this.#child = fork(childFile, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
    // It may have ended when it is written to: its end says so.
    this.#child.on('error', () => undefined);
    this.#child.on('message', (told: Told) => this.#told(told));
    this.#child.send(order);
    this.#signal = signal;
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** Hands the file over once. */
  async handOver(progress: (bytes: number) => void): Promise<{ cost: Cost; proof: Proof }> {
    const told = new Promise<Told>((resolve) => {
      this.#told = (told) => (told.kind === 'progress' ? progress(told.bytes) : resolve(told));
    });
    this.#ask('again');
    const last = await Promise.race([told, this.#ended.then(() => undefined)]);
    this.#signal.throwIfAborted();
    if (last?.kind === 'done') return last;
    throw new Error(last?.kind === 'failed' ? last.reason : 'its process ended before it was done');
  }

  async end(): Promise<void> {
    this.#ask('end');
    await this.#ended;
    this.#signal.removeEventListener('abort', this.#stop);
  }

  #ask(what: Asked): void {
    if (this.#child.connected) this.#child.send(what);
  }
}
