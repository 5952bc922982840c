// Reads a picture that the example wrote.
import { createRequire } from 'node:module';

export interface Image {
  width: number;
  height: number;
  /** Rows from the top, three bytes a pixel. */
  pixels: Uint8Array;
}

// It comes without types.
const { PNG } = createRequire(import.meta.url)('pngjs') as {
  PNG: { sync: { read(file: Buffer): { width: number; height: number; data: Buffer; colorType: number } } };
};
const redGreenBlue = 2;

export function readPng(file: Buffer): Image {
  const { width, height, data, colorType } = PNG.sync.read(file);
  if (colorType !== redGreenBlue) throw new Error(`Colors of type ${colorType}`);
  // Read, every pixel has a fourth byte.
  return { width, height, pixels: data.filter((_, at) => at % 4 !== 3) };
}
