/** Frames made here: a rainbow that moves across, copied row by row so that every byte is written each time. */

const BYTES_A_PIXEL = 3;
/** How far the picture moves from frame to frame, in pixels. */
const STEP = 8;

export class GeneratedCamera {
  #width;
  #height;
  /** Two widths of one row, to be cut anywhere. */
  #strip;

  constructor({ width, height }) {
    this.#width = width;
    this.#height = height;
    this.#strip = Buffer.alloc(2 * width * BYTES_A_PIXEL, rainbow(width));
  }

  paint(pixels, sequence) {
    const rowBytes = this.#width * BYTES_A_PIXEL;
    for (let row = 0; row < this.#height; row++) {
      const from = ((row + sequence * STEP) % this.#width) * BYTES_A_PIXEL;
      this.#strip.copy(pixels, row * rowBytes, from, from + rowBytes);
    }
    return Promise.resolve();
  }

  close() {
    return Promise.resolve();
  }
}

/** One row: all hues once, from dark to bright. */
function rainbow(width) {
  const row = Buffer.alloc(width * BYTES_A_PIXEL);
  for (let x = 0; x < width; x++) {
    const brightness = 0.3 + (0.7 * x) / width;
    for (let color = 0; color < BYTES_A_PIXEL; color++) {
      const wave = 0.5 + 0.5 * Math.cos(2 * Math.PI * (x / width - color / BYTES_A_PIXEL));
      row[x * BYTES_A_PIXEL + color] = Math.round(255 * brightness * wave);
    }
  }
  return row;
}
