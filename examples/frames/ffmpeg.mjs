/** Frames of ffmpeg's test picture, read from its standard output no faster than they are wanted. */
import { spawn } from 'node:child_process';

export class FfmpegCamera {
  #child;
  #closed;
  #chunks;
  /** What was read beyond the last frame. */
  #rest = new Uint8Array(0);
  #complaint = '';

  constructor({ width, height, rate }) {
    const picture = `testsrc2=size=${width}x${height}:rate=${rate}`;
    const input = ['-f', 'lavfi', '-i', picture];
    const output = ['-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
    this.#child = spawn('ffmpeg', ['-nostdin', '-loglevel', 'error', ...input, ...output], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own Ctrl-C does not reach it: it ends when the camera is closed.
      detached: true,
      windowsHide: true,
    });
    this.#child.on('error', ({ message }) => {
      this.#complaint += message;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#complaint += text;
    });
    this.#closed = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]();
  }

  async paint(pixels) {
    for (let filled = 0; filled < pixels.length;) {
      if (this.#rest.length === 0) this.#rest = await this.#read();
      const part = this.#rest.subarray(0, pixels.length - filled);
      pixels.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
  }

  async close() {
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
    await this.#closed;
  }

  async #read() {
    const { done, value } = await this.#chunks.next();
    if (!done) return value;
    await this.#closed;
    throw new Error(`ffmpeg ended before its time: ${this.#complaint.trim() || 'it did not say why'}`);
  }
}
