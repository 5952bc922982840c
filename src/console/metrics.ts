/** The figures of all channels in the format of OpenMetrics. */
import type { Observer } from './observer.js';

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
    for (const [index, { id, label, flavor }] of channels.entries()) {
      const labels = `id="${id}",flavor="${flavor}",label="${escaped(label ?? '')}"`;
      lines.push(`millrace_${name}${suffix}{${labels}} ${told(value(index))}`);
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
  return `${lines.join('\n')}\n# EOF\n`;
}

function told(value: number): string {
  return value === Infinity ? '+Inf' : String(value);
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
