/** Pixels as a PNG image: a signature, then chunks of length, type, data and CRC. */
import { constants, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const BITS_A_COLOR = 8;
const RED_GREEN_BLUE = 2;
/** Each byte is the difference to the one above it. */
const UP = 2;

/** Rows from the top, three bytes a pixel. */
export function png(pixels: Uint8Array, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = BITS_A_COLOR;
  header[9] = RED_GREEN_BLUE;
  const data = deflateSync(filtered(pixels, width * 3, height), { level: constants.Z_BEST_SPEED });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND')]);
}

/** A byte that names the filter before each row. */
function filtered(pixels: Uint8Array, rowBytes: number, height: number): Buffer {
  const rows = Buffer.alloc((rowBytes + 1) * height);
  let to = 0;
  for (let row = 0; row < height; row++) {
    rows[to++] = UP;
    for (let from = row * rowBytes; from < (row + 1) * rowBytes; from++) {
      rows[to++] = (pixels[from] as number) - (pixels[from - rowBytes] ?? 0);
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** The remainder of each byte, by the polynomial that PNG prescribes. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (remainders[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
