/** Frames that the consumer saw: copied while it works, written as pictures when nobody waits any more. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { png } from './png';

export interface Shelf {
  readonly folder: string;
  /** What the files' names begin with. */
  readonly name: string;
  /** The most pictures. */
  readonly limit: number;
  /** One of so many frames is kept. */
  readonly every: number;
}

interface Kept {
  readonly file: string;
  readonly pixels: Uint8Array;
}

export class Album {
  readonly #shelf: Shelf;
  readonly #kept: Kept[] = [];
  #seen = 0;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Keeps a copy of the frame, if it is one of those to keep. */
  show(pixels: Uint8Array, sequence: number, age: number): void {
    const { name, limit, every } = this.#shelf;
    if (this.#kept.length === limit || this.#seen++ % every !== 0) return;
    const file = `${name}-${String(sequence).padStart(6, '0')}-${Math.round(age)}ms.png`;
    this.#kept.push({ file, pixels: pixels.slice() });
  }

  /** Writes them; how many. */
  write(width: number, height: number): number {
    for (const { file, pixels } of this.#kept) {
      writeFileSync(join(this.#shelf.folder, file), png(pixels, width, height));
    }
    return this.#kept.length;
  }
}
