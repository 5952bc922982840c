/** Errors made of their descriptions. */
import { deserialize } from '../codecs/v8.js';

import { make } from './classes.js';
import type { Carried, ErrorNode, Properties } from './describe.js';

export function rebuild(root: Carried, nodes: readonly ErrorNode[]): unknown {
  // All are made first: they may point to each other in circles.
  const errors = nodes.map((node) => {
    const message = find(node, 'message');
    const name = find(node, 'name');
    return make(
      node.class,
      typeof message === 'string' && message !== '' ? message : undefined,
      typeof name === 'string' ? name : 'Error',
    );
  });
  nodes.forEach((node, at) => {
    for (const [key, value] of node.hidden) define(errors[at]!, key, arrived(value, errors), false);
    for (const [key, value] of node.shown) define(errors[at]!, key, arrived(value, errors), true);
    // An error without a stack gets none that names this place.
    if (find(node, 'stack') === undefined) define(errors[at]!, 'stack', String(errors[at]), false);
  });
  return arrived(root, errors);
}

function find(node: ErrorNode, key: string): Carried {
  const among = (properties: Properties) => properties.find(([own]) => own === key)?.[1];
  return among(node.hidden) ?? among(node.shown);
}

/** A property as it was: what the class says of itself needs no own one. */
function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  const same = (error as unknown as Record<string, unknown>)[key] === value;
  if (same && !enumerable) return;
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}

function arrived(carried: Carried, errors: readonly Error[]): unknown {
  if (typeof carried !== 'object' || carried === null) return carried;
  if ('node' in carried) return errors[carried.node];
  if ('list' in carried) return carried.list.map((one) => arrived(one, errors));
  return deserialize(carried.bytes);
}
