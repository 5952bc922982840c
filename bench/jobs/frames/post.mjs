// Frames over postMessage: each thread takes all that has come, keeps the newest, and sends buffers back to the camera, or,
// where frames are `fresh`, leaves them to the collector.
import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { FRAME_BYTES, process, take } from './frame.mjs';
import * as job from './job.mjs';

export function open(scenario, settings) {
  const [first, second] = [new MessageChannel(), new MessageChannel()];
  const ends = [
    { out: first.port1, transferList: [first.port1] },
    { from: first.port2, out: second.port1, transferList: [first.port2, second.port1] },
    { from: second.port2, transferList: [second.port2] },
  ];
  return job.open(scenario, { way: 'post', settings, ends });
}

export function camera({ out }) {
  return (number) => {
    const bytes = receiveMessageOnPort(out)?.message ?? new Uint8Array(FRAME_BYTES);
    take(bytes, number);
    move(bytes, out);
  };
}

export function stage({ from, out }, { fresh }) {
  return () => {
    from.on('message', (bytes) => {
      const newest = newestOf(bytes, from, fresh);
      process(newest);
      move(newest, out);
    });
    out.on('message', (bytes) => move(bytes, from));
  };
}

export function screen({ from }, { fresh }) {
  return async (see) => {
    const bytes = receiveMessageOnPort(from)?.message ?? (await once(from, 'message'))[0];
    const newest = newestOf(bytes, from, fresh);
    see(newest);
    if (!fresh) move(newest, from);
  };
}

/** The last of what has come on a port; the others go back. */
function newestOf(bytes, port, fresh) {
  let newest = bytes;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    if (!fresh) move(newest, port);
    newest = next.message;
  }
  return newest;
}

function move(bytes, port) {
  port.postMessage(bytes, [bytes.buffer]);
}
