// Pages that are open: how many there may be, and what becomes of one that takes nothing.
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

import { bounded } from 'millrace';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Observer } from '../../dist/console/observer.js';
import { Streams } from '../../dist/console/streams.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const ends = bounded(4, { codec: 'f64', label: 'jobs' });

/** A page's side of a stream, which takes what it is sent or does not. */
class Page extends EventEmitter {
  takes = true;
  readonly told: string[] = [];
  writeHead() {}
  write(text: Buffer | string) {
    this.told.push(text.toString());
    return this.takes;
  }
  destroy() {
    this.emit('close');
  }
}

function opened(streams: Streams, page = new Page()) {
  return streams.open(page as unknown as ServerResponse, {}) ? page : undefined;
}

/** Whether it tells of everything. */
const isWhole = (told: string | undefined) => told?.includes('"gone":null') === true;

test('a page that does not take what it is sent is sent nothing more, and everything when it does', () => {
  const streams = new Streams(new Observer(), 4);
  const page = opened(streams)!;
  expect([page.told.length, isWhole(page.told[1])]).toEqual([2, true]);
  vi.advanceTimersByTime(500);
  expect(page.told.slice(2).map(isWhole)).toEqual([false, false]);
  page.takes = false;
  vi.advanceTimersByTime(20_000);
  expect(page.told).toHaveLength(5);
  page.takes = true;
  page.emit('drain');
  vi.advanceTimersByTime(500);
  expect(page.told.slice(5).map(isWhole)).toEqual([true, false]);
  page.destroy();
});

test('a page that takes nothing for half a minute is let go, and others are told on', () => {
  const streams = new Streams(new Observer(), 4);
  const [slow, good] = [opened(streams)!, opened(streams)!];
  const closed = vi.fn();
  slow.on('close', closed);
  slow.takes = false;
  vi.advanceTimersByTime(29_000);
  expect(closed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2000);
  expect(closed).toHaveBeenCalledOnce();
  const before = good.told.length;
  vi.advanceTimersByTime(1000);
  expect(good.told).toHaveLength(before + 4);
  good.destroy();
});

test('sixteen pages may be open, and nothing is looked at when the last one is gone', () => {
  const observer = new Observer();
  const look = vi.spyOn(observer, 'look');
  const streams = new Streams(observer, 4);
  const pages = Array.from({ length: 17 }, () => opened(streams));
  expect(pages.map((page) => page !== undefined)).toEqual([...Array<boolean>(16).fill(true), false]);
  vi.advanceTimersByTime(1000);
  // One as each page opens, then four a second for all of them.
  expect(look).toHaveBeenCalledTimes(16 + 4);
  for (const page of pages) page?.destroy();
  vi.advanceTimersByTime(60_000);
  expect(look).toHaveBeenCalledTimes(20);
  expect(opened(streams)).toBeDefined();
  vi.advanceTimersByTime(1000);
  expect(look).toHaveBeenCalledTimes(25);
});

test('a page that is open for an hour is sent little for a channel on which nothing happens', () => {
  const streams = new Streams(new Observer(), 4);
  const page = opened(streams)!;
  vi.advanceTimersByTime(3_600_000);
  expect(page.told).toHaveLength(2 + 4 * 3600);
  expect(Math.max(...page.told.slice(3).map(({ length }) => length))).toBeLessThan(60);
  page.destroy();
  for (const end of ends) end.close();
});
