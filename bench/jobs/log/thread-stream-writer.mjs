// What thread-stream runs in its thread: cuts the text into lines, and puts them in the file.
import { EventEmitter } from 'node:events';
import { Writer } from './lines.mjs';

export default function open(told) {
  const writer = new Writer(told);
  const end = new EventEmitter();
  let rest = '';
  end.write = (chunk) => {
    const text = rest + chunk;
    const whole = text.lastIndexOf('\n') + 1;
    rest = text.slice(whole);
    const lines = text.slice(0, whole).split(/(?<=\n)/);
    if (whole > 0) writer.write(lines);
    return true;
  };
  end.end = () => end.emit('close');
  return end;
}
