/**
 * What pages are told of a look, written once for all of them: `{ at, rows, named, gone }`. `rows` is flat: for each
 * channel its number, which figures follow, as a set of places, and these figures; `named` has labels and ends.
 */
import { flavorNames } from '../border/binding.js';
import { Digits } from './digits.js';
import type { Observer } from './observer.js';
import { allPlaces, shownNames } from './row.js';
import { type SeenChannel, standstillMs } from './seen-channel.js';

const digits = new Digits();

/** What a page must know to read the rest. */
export function hello(): string {
  const told = { pid: process.pid, names: shownNames, flavors: flavorNames, standstillMs };
  return `retry: 1000\nevent: hello\ndata: ${JSON.stringify(told)}\n\n`;
}

/** Everything, for a page that knows nothing, or has missed something. */
export function everything(observer: Observer): Buffer {
  begin(observer);
  for (const channel of observer.channels.values()) row(channel, allPlaces);
  return end([...observer.channels.values()], 'null');
}

/** What has changed since this was called last. */
export function differences(observer: Observer): Buffer {
  const renamed: SeenChannel[] = [];
  begin(observer);
  for (const channel of observer.changed) {
    if (channel.changed !== 0) row(channel, channel.changed);
    if (channel.isRenamed) renamed.push(channel);
    channel.changed = 0;
    channel.isRenamed = false;
  }
  observer.changed.clear();
  const gone = JSON.stringify(observer.gone);
  observer.gone = [];
  return end(renamed, gone);
}

function begin({ at }: Observer): void {
  digits.text('data: {"at":');
  digits.number(Math.round(at));
  digits.text('"rows":[');
}

function row(channel: SeenChannel, places: number): void {
  const figures = channel.row;
  digits.number(channel.id);
  digits.number(places);
  for (let left = places; left !== 0; left &= left - 1) {
    digits.number(figures[32 - Math.clz32(left & -left)] as number);
  }
}

function end(named: readonly SeenChannel[], gone: string): Buffer {
  const names = named.map(({ id, label, ends }) => ({ id, label: label ?? null, ends }));
  digits.close(`],"named":${JSON.stringify(names)},"gone":${gone}}\n\n`);
  return digits.take();
}
