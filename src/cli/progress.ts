/** How far a run is: a bar on a terminal, a line a quarter when piped. */
import type { WriteStream } from 'node:tty';

/** Milliseconds between two drawings of the bar. */
const REDRAW_EVERY = 50;
const BAR_WIDTH = 30;

export interface Progress {
  /** So much of the whole is done. */
  show(done: number): void;
  /** The run is over, well or not; leaves the cursor on a fresh line. */
  end(): void;
}

export function startProgress(output: NodeJS.WriteStream, name: string, whole: number): Progress {
  return output.isTTY ? new Bar(output, name, whole) : new Lines(output, name, whole);
}

function percent(done: number, whole: number): number {
  return whole === 0 ? 100 : Math.min(100, Math.floor((done / whole) * 100));
}

class Bar implements Progress {
  readonly #output: WriteStream;
  readonly #name: string;
  readonly #whole: number;
  #drawnAt = 0;
  #done = 0;

  constructor(output: WriteStream, name: string, whole: number) {
    this.#output = output;
    this.#name = name;
    this.#whole = whole;
    this.#draw();
  }

  show(done: number): void {
    this.#done = done;
    if (performance.now() - this.#drawnAt >= REDRAW_EVERY) this.#draw();
  }

  end(): void {
    this.#draw();
    this.#output.write('\n');
  }

  #draw(): void {
    this.#drawnAt = performance.now();
    const share = percent(this.#done, this.#whole);
    const full = Math.round((share / 100) * BAR_WIDTH);
    const bar = '#'.repeat(full).padEnd(BAR_WIDTH, '.');
    this.#output.write(`\r${this.#name} [${bar}] ${String(share).padStart(3)} %`);
  }
}

class Lines implements Progress {
  readonly #output: NodeJS.WritableStream;
  readonly #name: string;
  readonly #whole: number;
  #next = 25;

  constructor(output: NodeJS.WritableStream, name: string, whole: number) {
    this.#output = output;
    this.#name = name;
    this.#whole = whole;
  }

  show(done: number): void {
    const share = percent(done, this.#whole);
    if (share < this.#next) return;
    this.#output.write(`${this.#name} ${share} %\n`);
    this.#next = (Math.floor(share / 25) + 1) * 25;
  }

  end(): void {}
}
