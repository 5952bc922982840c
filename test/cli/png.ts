// Reads what the demo writes: PNG images of eight bits a colour, not interlaced, each row filtered by the one above.
import { inflateSync } from 'node:zlib';

export interface Image {
  width: number;
  height: number;
  pixels: Uint8Array;
}

export function readPng(file: Buffer): Image {
  if (file.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') throw new Error('No PNG signature');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 12 + length));
    at += 12 + length;
  }
  const [header, data, end] = ['IHDR', 'IDAT', 'IEND'].map((type) => chunks.get(type) ?? Buffer.alloc(0));
  // The chunk without data has the same CRC in every image.
  if (end?.toString('hex') !== 'ae426082') throw new Error('The last chunk is wrong');
  if (header?.toString('hex', 8, 13) !== '0802000000')
    throw new Error('Not eight bits of red, green and blue');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  return { width, height, pixels: unfiltered(inflateSync(data as Buffer), width * 3, height) };
}

function unfiltered(rows: Buffer, rowBytes: number, height: number): Uint8Array {
  if (rows.length !== (rowBytes + 1) * height) throw new Error(`${rows.length} bytes in ${height} rows`);
  const pixels = new Uint8Array(rowBytes * height);
  for (let row = 0; row < height; row++) {
    const from = row * (rowBytes + 1);
    if (rows[from] !== 2) throw new Error(`Filter ${rows[from]}`);
    for (let x = 0; x < rowBytes; x++) {
      const above = row === 0 ? 0 : (pixels[(row - 1) * rowBytes + x] as number);
      pixels[row * rowBytes + x] = (rows[from + 1 + x] as number) + above;
    }
  }
  return pixels;
}
