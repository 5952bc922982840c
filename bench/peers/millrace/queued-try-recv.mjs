// millrace, each queued message by tryRecv().
import { check } from '../../messages/payload.mjs';
import { player } from './queued.mjs';

export { open } from './queued.mjs';

export function join(ends, scenario) {
  const { size } = scenario;
  return player(ends, scenario, (rx, count) => {
    for (let number = 0; number < count; number++) check(rx.tryRecv(), number, size);
  });
}
