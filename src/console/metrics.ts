/** The figures of all channels in the format of OpenMetrics. */
import type { Observer } from './observer.js';
import type { SeenChannel } from './seen-channel.js';

/** Which figure is what. */
const counters = {
  sent: 'Messages accepted.',
  received: 'Messages received.',
  dropped: 'Messages that an overflow policy dropped.',
  skipped: 'Messages that a later one made obsolete.',
  discarded: 'Messages accepted and thrown away, because nobody was left to receive them.',
} as const;
const gauges = {
  length: ['length', 'Messages queued.'],
  capacity: ['capacity', 'The most messages that may be queued.'],
  bytes: ['payload_bytes', 'Payload bytes queued.'],
  senders: ['senders', 'Sending ends, tickets included.'],
  receivers: ['receivers', 'Receiving ends, tickets included.'],
  tickets: ['tickets', 'Ends in flight between threads.'],
  waitingSenders: ['waiting_senders', 'Sends that wait for room.'],
  waitingReceivers: ['waiting_receivers', 'Receives that wait for a message.'],
  highWater: ['high_water', 'The most messages that were seen queued at once.'],
} as const;

export const contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export function metrics(observer: Observer): string {
  const channels = [...observer.channels.values()];
  const lines: string[] = [];
  const family = (
    name: string,
    type: string,
    help: string,
    suffix: string,
    value: (at: number) => number,
  ) => {
    lines.push(`# TYPE millrace_${name} ${type}`, `# HELP millrace_${name} ${help}`);
    for (const [index, channel] of channels.entries()) {
      lines.push(`millrace_${name}${suffix}{${labelsOf(channel)}} ${told(value(index))}`);
    }
  };
  for (const [figure, help] of Object.entries(counters)) {
    const name = figure as keyof typeof counters;
    family(figure, 'counter', help, '_total', (at) => channels[at]?.figure(name) ?? 0);
  }
  for (const [figure, [name, help]] of Object.entries(gauges)) {
    family(name, 'gauge', help, '', (at) => channels[at]?.figure(figure as keyof typeof gauges) ?? 0);
  }
  const stalled = (at: number) => Number(channels[at]?.isStalled(observer.at));
  family('stalled', 'gauge', 'Whether somebody has waited for 5 s while nothing happened.', '', stalled);
  lines.push(...waits(channels.filter((channel) => channel.isTimed)));
  return `${lines.join('\n')}\n# EOF\n`;
}

/** How long messages wait, of the channels that keep it; in seconds, as the format wants it. */
function waits(channels: readonly SeenChannel[]): string[] {
  const seconds = (channel: SeenChannel, name: 'oldest' | 'waitP50' | 'waitP99' | 'waitTotal') =>
    told(channel.figure(name) / 1000);
  const lines = [
    '# TYPE millrace_oldest_seconds gauge',
    '# UNIT millrace_oldest_seconds seconds',
    '# HELP millrace_oldest_seconds For how long the oldest queued message has waited.',
    ...channels.map(
      (channel) => `millrace_oldest_seconds{${labelsOf(channel)}} ${seconds(channel, 'oldest')}`,
    ),
    '# TYPE millrace_wait_seconds summary',
    '# UNIT millrace_wait_seconds seconds',
    '# HELP millrace_wait_seconds How long messages waited that have left the queue.',
  ];
  for (const channel of channels) {
    const labels = labelsOf(channel);
    lines.push(
      `millrace_wait_seconds{${labels},quantile="0.5"} ${seconds(channel, 'waitP50')}`,
      `millrace_wait_seconds{${labels},quantile="0.99"} ${seconds(channel, 'waitP99')}`,
      `millrace_wait_seconds_sum{${labels}} ${seconds(channel, 'waitTotal')}`,
      `millrace_wait_seconds_count{${labels}} ${told(channel.figure('waits'))}`,
    );
  }
  return lines;
}

function labelsOf({ id, flavor, label }: SeenChannel): string {
  return `id="${id}",flavor="${flavor}",label="${escaped(label ?? '')}"`;
}

function told(value: number): string {
  return value === Infinity ? '+Inf' : String(value);
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
