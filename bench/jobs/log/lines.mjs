// Lines of a log: each says which worker wrote it and its number there; and the writer, which checks them and puts them in
// a file, many at a time.
import { openSync, writeSync } from 'node:fs';

const FILLER = '"level":30,"time":1764000000000,"pid":4711,"hostname":"mill","msg":"request completed","ms":';

/** Line `number` of a worker, with its end. */
export function lineOf(worker, number) {
  return `{"worker":${worker},"number":${number},${FILLER}${number % 977}}\n`;
}

export class Writer {
  #file;
  /** The next number of each worker; a run begins with 0 again. */
  #next;
  #written;

  /** `written` counts in shared memory, for the one who waits until all is in the file. */
  constructor({ path, workers, written }) {
    this.#file = openSync(path, 'w');
    this.#next = new Int32Array(workers);
    this.#written = written;
  }

  /** Checks these lines, and writes them. */
  write(lines) {
    for (const line of lines) this.#check(line);
    writeSync(this.#file, lines.join(''));
    Atomics.add(this.#written, 0, lines.length);
    Atomics.notify(this.#written, 0);
  }

  #check(line) {
    const worker = line.charCodeAt('{"worker":'.length) - 0x30;
    const number = this.#next[worker];
    if (line === lineOf(worker, number)) this.#next[worker] = number + 1;
    else if (line === lineOf(worker, 0)) this.#next[worker] = 1;
    else throw new Error(`Expected line ${number} of worker ${worker}, received ${line}`);
  }
}
