// Where thread-stream's text arrives, in its own worker: cuts it into messages, checks each, says how many there were.
import { EventEmitter } from 'node:events';
import { checkText } from './text.mjs';

export default function open({ received, size }) {
  const end = new EventEmitter();
  let rest = '';
  let number = 0;
  let total = 0;
  end.write = (chunk) => {
    const text = rest + chunk;
    let at = 0;
    for (; at + size <= text.length; at += size) {
      // A run begins with message 0 again.
      number = checkText(text, at, number, size) + 1;
      total += 1;
    }
    rest = text.slice(at);
    Atomics.store(received, 0, total);
    Atomics.notify(received, 0);
    return true;
  };
  end.end = () => end.emit('close');
  return end;
}
