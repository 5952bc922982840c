// millrace awaited one by one: send and for await, or recv where every message has an answer.
import { awaitedParts } from '../awaited-parts.mjs';
import { take } from './ends.mjs';

export { open, openTeam } from './ends.mjs';

export function join(ends, scenario) {
  const { tx, rx, message, close } = take(ends, scenario);
  const each = async (take) => {
    for await (const bytes of rx) if (!take(bytes)) return;
  };
  const send = (bytes) => tx.send(bytes);
  return { ...awaitedParts({ size: scenario.size, message, send, receive: () => rx.recv(), each }), close };
}
