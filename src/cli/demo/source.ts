/** The file that the demo hands through, read chunk by chunk. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { UsageError } from '../usage';

export class Source {
  readonly path: string;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  /** Bytes a chunk; the last one may be shorter. */
  readonly chunk: number;
  readonly #file: FileHandle;

  private constructor(path: string, size: number, chunk: number, file: FileHandle) {
    this.path = path;
    this.size = size;
    this.chunk = chunk;
    this.#file = file;
  }

  /** Opens a regular file; anything else is a `UsageError`. */
  static async open(path: string, chunk: number): Promise<Source> {
    const file = await openForReading(path);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) {
        const kind = facts.isDirectory() ? 'a directory' : 'something else';
        throw new UsageError(`Expected PATH to be a regular file. Received ${kind}: '${path}'`);
      }
      return new Source(path, facts.size, chunk, file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Reads chunk `index` to the start of `target`; answers its length, 0 after the end. */
  async read(index: number, target: Uint8Array): Promise<number> {
    let length = 0;
    while (length < this.chunk) {
      const { bytesRead } = await this.#file.read({
        buffer: target,
        offset: length,
        length: this.chunk - length,
        position: index * this.chunk + length,
      });
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // Not blocking: opening a pipe that nobody writes to must end in a message, too.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Expected PATH to be a file that can be read. Received '${path}': ${reason}`, {
      cause: error,
    });
  }
}
