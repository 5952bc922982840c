// A fixture script in a Node process of its own: what it prints, line by line, and how it ends.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Flags for Node itself. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** When it ended, by `performance.now()`. */
  readonly at: number;
}

/** A running child process; its lines are read in order. */
export class Child {
  readonly ended: Promise<Ended>;
  /** What it wrote to standard error so far. */
  errors = '';
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;

  constructor(fixture: URL, { args = [], flags = [], env = {} }: ChildOptions = {}) {
    this.#process = spawn(process.execPath, [...flags, fileURLToPath(fixture), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('exit', (code, signal) => resolve({ code, signal, at: performance.now() }));
    });
  }

  /** The next line it prints; an error when it ends without one. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done !== true) return value;
    const { code, signal } = await this.ended;
    throw new Error(`the child ended (code ${code}, signal ${signal}) before its next line\n${this.errors}`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}

/** Runs a fixture to its end, which must be a good one; the line it prints is its answer, as JSON. */
export async function answerOf<T>(fixture: URL, options?: ChildOptions): Promise<T> {
  const child = new Child(fixture, options);
  const answer = JSON.parse(await child.line()) as T;
  const { code, signal } = await child.ended;
  if (code !== 0) throw new Error(`the child ended with code ${code}, signal ${signal}\n${child.errors}`);
  return answer;
}
