/** Frames that the consumer saw: copied while it works, written as pictures when nobody waits any more. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';

/** A shelf: the `folder`, the `name` that files begin with, the most pictures, and that one of `every` frames is kept. */
export class Album {
  #shelf;
  #kept = [];
  #seen = 0;

  constructor(shelf) {
    this.#shelf = shelf;
  }

  /** Keeps a copy of the frame, if it is one of those to keep. */
  show(pixels, sequence, age) {
    const { name, limit, every } = this.#shelf;
    if (this.#kept.length === limit || this.#seen++ % every !== 0) return;
    const file = `${name}-${String(sequence).padStart(6, '0')}-${Math.round(age)}ms.png`;
    this.#kept.push({ file, pixels: pixels.slice() });
  }

  /** Writes them; how many. */
  write(width, height) {
    for (const { file, pixels } of this.#kept) {
      writeFileSync(join(this.#shelf.folder, file), png(pixels, width, height));
    }
    return this.#kept.length;
  }
}

/** Rows from the top, three bytes a pixel. */
function png(pixels, width, height) {
  const image = { width, height, data: pixels };
  const ofThreeColors = { colorType: 2, inputColorType: 2, inputHasAlpha: false };
  return PNG.sync.write(image, { ...ofThreeColors, deflateLevel: 1 });
}
