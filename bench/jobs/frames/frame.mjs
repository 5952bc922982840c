// A frame of video: 1280 x 720 pixels in three colours, with its number and when it was taken at its front, the number
// again at its end, and the mark of the stage that it went through.
import { hrtime } from 'node:process';

export const FRAME_BYTES = 1280 * 720 * 3;
const NUMBER_AT = 0;
const TIME_AT = 8;
const MARK_AT = 16;
const PIXELS_AT = 64;
const PAGE = 4096;

/** Milliseconds of a clock that all threads share. */
export function now() {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** The camera's: fills a frame. */
export function take(bytes, number) {
  bytes.fill(number & 0xff, PIXELS_AT);
  const view = viewOf(bytes);
  view.setUint32(NUMBER_AT, number, true);
  view.setUint32(MARK_AT, 0, true);
  view.setFloat64(TIME_AT, now(), true);
}

/** The stage's: reads a byte of each page of `from`, and leaves what it found in `to`, the same frame or another one's memory. */
export function process(from, to = from) {
  if (to !== from) to.set(from);
  let sum = 0;
  for (let at = PIXELS_AT; at < FRAME_BYTES; at += PAGE) sum += from[at];
  viewOf(to).setUint32(MARK_AT, sum, true);
}

/** The last one's: throws unless the frame is whole, processed, and newer than `latest`; answers its number and age. */
export function look(bytes, latest) {
  const view = viewOf(bytes);
  const number = view.getUint32(NUMBER_AT, true);
  const pages = Math.ceil((FRAME_BYTES - PIXELS_AT) / PAGE);
  const pixel = number & 0xff;
  const isWhole = bytes.length === FRAME_BYTES && bytes[PIXELS_AT] === pixel && bytes.at(-1) === pixel;
  if (isWhole && number > latest && view.getUint32(MARK_AT, true) === pages * pixel)
    return { number, age: now() - view.getFloat64(TIME_AT, true) };
  throw new Error(`Expected a whole frame after ${latest}, received ${number}`);
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
