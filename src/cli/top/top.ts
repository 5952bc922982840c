/** `millrace top`: the console's table in a terminal. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { ChannelSnapshot } from '../../console/snapshot';
import type { TopOptions } from './arguments';

interface Snapshot {
  readonly pid: number;
  readonly channels: readonly ChannelSnapshot[];
}

const clear = '\u001b[H\u001b[2J';

/** Shows it until it is interrupted, or once. */
export async function top({ url, once, everyMs }: TopOptions, out: NodeJS.WriteStream): Promise<number> {
  for (;;) {
    const rows = Math.max(5, (out.rows ?? 40) - 4);
    const text = table(await look(url), once ? Infinity : rows);
    out.write(out.isTTY && !once ? clear + text : text);
    if (once) return 0;
    await sleep(everyMs);
  }
}

async function look(url: URL): Promise<Snapshot> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new Error(`the console at ${url.origin} cannot be reached`, { cause });
  }
  if (!response.ok) throw new Error(`${url.href} answers ${response.status} ${response.statusText}`);
  return (await response.json()) as Snapshot;
}

/** A wait, where it is kept. */
function ms(wait: number | null): string {
  if (wait === null) return '';
  return wait < 10 ? `${wait.toFixed(2)} ms` : `${Math.round(wait)} ms`;
}

/** The channels, a line each, as many as fit. */
export function table({ pid, channels }: Snapshot, most: number): string {
  const head = [
    'channel',
    'flavor',
    'queued',
    'of',
    'in/s',
    'out/s',
    'waiting',
    'still',
    'oldest',
    'p99',
    'lost',
    'ends',
  ];
  const lines = channels
    .slice(0, most)
    .map((channel) => [
      channel.label ?? `${channel.id}`,
      channel.flavor,
      `${channel.length}`,
      channel.capacity === null ? 'unbounded' : `${channel.capacity}`,
      `${channel.inRate}`,
      `${channel.outRate}`,
      `${channel.waitingSenders}/${channel.waitingReceivers}`,
      channel.stalled ? `${Math.round(channel.stillMs / 1000)} s` : '',
      ms(channel.oldest),
      ms(channel.waitP99),
      `${channel.dropped + channel.skipped + channel.discarded}`,
      `${channel.senders}:${channel.receivers}`,
    ]);
  const widths = head.map((title, column) =>
    Math.min(30, Math.max(title.length, ...lines.map((line) => (line[column] as string).length))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.slice(0, 30).padEnd(widths[column] as number))
      .join('  ')
      .trimEnd();
  const stalled = channels.filter((channel) => channel.stalled).length;
  const more = channels.length - lines.length;
  const title = `process ${pid}: ${channels.length} channels, ${stalled} stand still`;
  return `${[title, line(head), ...lines.map(line), ...(more > 0 ? [`... ${more} more`] : [])].join('\n')}\n`;
}
