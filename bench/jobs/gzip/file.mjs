// The file that is compressed chunk by chunk, and what every chunk becomes.
import { open, writeFile } from 'node:fs/promises';
import { scratchFile } from '../scratch-file.mjs';
import { compress } from './work.mjs';

export const CHUNK_BYTES = 256 * 1024;
const CHUNKS = 16;
/** Of text that is worth compressing. */
const LINE_BYTES = 128;

export class CompressibleFile {
  #file;
  #compressed;

  static async make() {
    const bytes = Buffer.alloc(CHUNKS * CHUNK_BYTES, ' ');
    for (let line = 0; line < bytes.length / LINE_BYTES; line++) {
      const number = Math.imul(line, 2654435761) >>> 0;
      const text = `${line} ${number.toString(36)} GET /item/${number % 977} ${number % 601} ms\n`;
      bytes.write(text, line * LINE_BYTES);
    }
    const path = scratchFile('gzip');
    await writeFile(path, bytes);
    const compressed = Array.from({ length: CHUNKS }, (_, index) =>
      compress(bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)),
    );
    return new CompressibleFile(await open(path), compressed);
  }

  constructor(file, compressed) {
    this.#file = file;
    this.#compressed = compressed;
  }

  /** Reads the chunk for message `number` into `target`, from `at` on; the file is read again when it ends. */
  async read(number, target, at = 0) {
    const position = (number % CHUNKS) * CHUNK_BYTES;
    const { bytesRead } = await this.#file.read(target, at, CHUNK_BYTES, position);
    if (bytesRead !== CHUNK_BYTES)
      throw new Error(`Expected ${CHUNK_BYTES} bytes of the file, read ${bytesRead}`);
  }

  /** Throws unless `bytes` are what message `number` becomes. */
  check(number, bytes) {
    if (this.#compressed[number % CHUNKS].equals(bytes)) return;
    throw new Error(`Chunk ${number} was not compressed as it should be`);
  }

  close() {
    return this.#file.close();
  }
}
