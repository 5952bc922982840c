/** The ways of handing the file over that the demo compares, each by its own words. */
import type { DemoOptions } from './options';
import type { Way } from './run';
import { type Verbs, verbsInWords } from './verbs';

export type WayName = Verbs | 'back' | 'fresh';

const posted = 'postMessage, ';

/** Those of a run, in their order. */
export function waysOf({ verbs }: DemoOptions): WayName[] {
  return [...verbs, 'back', 'fresh'];
}

export function nameOf(way: WayName): string {
  if (way === 'back') return `${posted}buffers sent back`;
  return way === 'fresh' ? `${posted}a new buffer each` : verbsInWords[way].name;
}

/** Whether it is one of millrace's. */
export function isOurs(way: WayName): way is Verbs {
  return way !== 'back' && way !== 'fresh';
}

/** Loads what the way needs, and nothing that another needs. */
export async function load(way: WayName): Promise<Way> {
  if (isOurs(way)) return (await import('./ours/channels.js')).throughChannels(way);
  return (await import('./posted/postmessage.js')).throughMessages(way === 'fresh');
}
