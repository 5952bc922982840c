// One thread of the three: the camera takes a frame every so often, the stage works on the newest, the screen looks at the
// newest and tells how old it was.
import { parentPort, workerData } from 'node:worker_threads';
import { look, now } from './frame.mjs';

const { way, part, settings, gap, running, ends } = workerData;
const own = (await import(`./${way}.mjs`))[part](ends, settings);
const parts = { camera, stage: own, screen };
parentPort.postMessage('open');
parts[part]();

function camera() {
  for (let number = 1; ; number++) {
    Atomics.wait(running, 0, 0);
    const next = now() + gap;
    own(number);
    // Its own clock is what it waits for: nobody rings here while it runs.
    const rest = next - now();
    if (rest > 0) Atomics.wait(running, 0, 1, rest);
  }
}

function screen() {
  let latest = 0;
  parentPort.on('message', async (count) => {
    const ages = new Float64Array(count);
    for (let seen = 0; seen < count; seen++) {
      await own((bytes) => {
        const { number, age } = look(bytes, latest);
        latest = number;
        ages[seen] = age;
      });
    }
    parentPort.postMessage(ages);
  });
}
