/** What an observer saw, as `/snapshot.json` gives it. */
import { statNames } from '../border/binding.js';
import type { Observer } from './observer.js';
import type { SeenChannel, SeenEnd } from './seen-channel.js';

/** Figures that only some channels have. */
const waitNames = ['oldest', 'waitP50', 'waitP99', 'waits', 'waitTotal'] as const;

type PlainName = Exclude<(typeof statNames)[number], 'flavor' | 'capacity' | (typeof waitNames)[number]>;

/** A channel in `/snapshot.json`: the figures of `stats()`, with `null` for an unbounded capacity, and for waits that are not kept. */
export type ChannelSnapshot = { [Name in PlainName]: number } & {
  [Name in (typeof waitNames)[number]]: number | null;
} & {
  readonly id: number;
  readonly label: string | null;
  readonly flavor: string;
  readonly capacity: number | null;
  /** Messages a second. */
  readonly inRate: number;
  readonly outRate: number;
  readonly full: boolean;
  /** Somebody has waited for five seconds, and nothing happened. */
  readonly stalled: boolean;
  /** For how long somebody has waited while nothing happened, in milliseconds. */
  readonly stillMs: number;
  readonly ends: readonly SeenEnd[];
};

/** All channels: those that stand still first, then full ones, then the busiest. */
export function snapshot(observer: Observer): { pid: number; uptime: number; channels: ChannelSnapshot[] } {
  const { at } = observer;
  const channels = [...observer.channels.values()].sort(
    (one, other) =>
      Number(other.isStalled(at)) - Number(one.isStalled(at)) ||
      Number(other.isFull) - Number(one.isFull) ||
      other.figure('outRate') - one.figure('outRate') ||
      one.id - other.id,
  );
  return {
    pid: process.pid,
    uptime: process.uptime(),
    channels: channels.map((channel) => describe(channel, at)),
  };
}

/** One channel. */
export function describe(channel: SeenChannel, now: number): ChannelSnapshot {
  const figures = Object.fromEntries(statNames.map((name) => [name, channel.figure(name)]));
  if (!channel.isTimed) for (const name of waitNames) figures[name] = null as never;
  const capacity = channel.figure('capacity');
  return {
    id: channel.id,
    label: channel.label ?? null,
    ...(figures as Record<PlainName | (typeof waitNames)[number], number>),
    leased: Math.max(0, channel.figure('leased')),
    flavor: channel.flavor,
    capacity: Number.isFinite(capacity) ? capacity : null,
    inRate: channel.figure('inRate'),
    outRate: channel.figure('outRate'),
    full: channel.isFull,
    stalled: channel.isStalled(now),
    stillMs: Math.round(channel.stillFor(now)),
    ends: channel.ends,
  };
}
