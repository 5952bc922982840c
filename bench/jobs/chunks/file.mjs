// The file that is handed there and back in chunks, and what is known of each chunk: read and checked by the main thread.
import { open, writeFile } from 'node:fs/promises';
import { scratchFile } from '../scratch-file.mjs';
import { MARK_AT, markOf } from './work.mjs';

/** It lies in the system's cache: what is measured is handing over. */
const FILE_BYTES = 16 * 1024 * 1024;

export class ChunkedFile {
  #file;
  /** By chunk: how it begins and ends, and what a worker has to write into it. */
  #known;

  static async make(size, hashed) {
    const bytes = new Uint8Array(FILE_BYTES);
    const words = new Uint32Array(bytes.buffer);
    for (let index = 0; index < words.length; index++) words[index] = Math.imul(index, 2654435761);
    const path = scratchFile('chunks');
    await writeFile(path, bytes);
    const known = Array.from({ length: FILE_BYTES / size }, (_, index) => {
      const chunk = bytes.subarray(index * size, (index + 1) * size);
      return { head: headOf(chunk), tail: chunk.at(-1), mark: markOf(chunk, hashed).slice() };
    });
    return new ChunkedFile(size, await open(path), known);
  }

  constructor(size, file, known) {
    this.size = size;
    this.#file = file;
    this.#known = known;
  }

  /** Reads the chunk for message `number` into `target`; the file is read again when it ends. */
  async read(number, target) {
    const position = (number % this.#known.length) * this.size;
    const { bytesRead } = await this.#file.read(target, 0, this.size, position);
    if (bytesRead !== this.size)
      throw new Error(`Expected ${this.size} bytes of the file, read ${bytesRead}`);
  }

  /** Throws unless `bytes` are the chunk of message `number`, worked on. */
  check(number, bytes) {
    const { head, tail, mark } = this.#known[number % this.#known.length];
    const whole = bytes.length === this.size && headOf(bytes) === head && bytes[this.size - 1] === tail;
    if (whole && isMarked(bytes, mark)) return;
    throw new Error(`Chunk ${number} of ${this.size} bytes did not come back as it went, worked on`);
  }

  close() {
    return this.#file.close();
  }
}

function headOf(bytes) {
  return bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
}

function isMarked(bytes, mark) {
  for (let at = 0; at < mark.length; at++) if (bytes[MARK_AT + at] !== mark[at]) return false;
  return true;
}
