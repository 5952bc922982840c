// A frame that is not one frame from end to end is found out.
import { describe, expect, test } from 'vitest';

import { GeneratedCamera } from '../../examples/frames/generated.mjs';
import { check, instant, messageBytes, pixelsOf, seal } from '../../examples/frames/stamp.mjs';

/** 33 x 17 x 3 is no multiple of four. */
const sizes = [
  { width: 64, height: 32 },
  { width: 33, height: 17 },
];

async function frame({ width, height }: { width: number; height: number }, sequence: number) {
  const message = new Uint8Array(messageBytes(width * height * 3));
  await new GeneratedCamera({ width, height }).paint(pixelsOf(message), sequence);
  seal(message, sequence);
  return message;
}

describe.each(sizes)('a frame of $width x $height', (size) => {
  test('says which it is and when it was made', async () => {
    const before = instant();
    const { sequence, madeAt } = check(await frame(size, 7));
    expect(sequence).toBe(7);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(instant());
  });

  test('is torn when it ends as another', async () => {
    const [torn, next] = [await frame(size, 7), await frame(size, 8)];
    const middle = torn.length >> 1;
    torn.set(next.subarray(middle), middle);
    expect(() => check(torn)).toThrow('A frame arrived torn: it begins as 7 and ends as 8');
  });

  test('is torn when any of its rows is of another', async () => {
    const [whole, next] = [await frame(size, 7), await frame(size, 8)];
    const rowBytes = size.width * 3;
    for (let row = 0; row < size.height; row++) {
      const torn = whole.slice();
      const at = row * rowBytes;
      pixelsOf(torn).set(pixelsOf(next).subarray(at, at + rowBytes), at);
      expect(() => check(torn), `row ${row}`).toThrow(/torn: the sum of 7 is/);
    }
  });

  test('is torn when its last byte is another', async () => {
    const torn = await frame(size, 7);
    const pixels = pixelsOf(torn);
    pixels[pixels.length - 1] = (pixels.at(-1) as number) ^ 1;
    expect(() => check(torn)).toThrow(/torn: the sum of 7 is/);
  });

  test('is written whole, and moves', async () => {
    const camera = new GeneratedCamera(size);
    const [zeros, ones] = [0, 255].map((byte) => new Uint8Array(size.width * size.height * 3).fill(byte));
    await camera.paint(zeros as Uint8Array, 3);
    await camera.paint(ones as Uint8Array, 3);
    expect(zeros).toEqual(ones);
    await camera.paint(ones as Uint8Array, 4);
    expect(zeros).not.toEqual(ones);
  });
});
