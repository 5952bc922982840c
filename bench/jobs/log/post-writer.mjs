// The writer: gathers the lines of a turn of its loop, and puts them in the file.
import { workerData } from 'node:worker_threads';
import { Writer } from './lines.mjs';

const { ports, ...told } = workerData;
const writer = new Writer(told);
let lines = [];
const write = () => {
  const gathered = lines;
  lines = [];
  writer.write(gathered);
};
for (const port of ports) {
  port.on('message', (line) => {
    if (lines.push(line) === 1) setImmediate(write);
  });
}
