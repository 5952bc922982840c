// What is measured besides the scenarios, each part its own way: how, in which words, in which unit.
import { apart } from '../measure/apart.mjs';
import { MESSAGES, MESSAGE_BYTES, measureBroadcastMemory } from './broadcast-memory.mjs';
import { QUEUED, measureClosing } from './closing.mjs';
import { CHANNELS, LOOKS, MESSAGES as CARRIED, measureConsole } from './console.mjs';
import { idleWords, measureIdle } from './idle.mjs';
import { measureLatest } from './latest.mjs';
import { measureLoading } from './loading.mjs';
import { COUNT, SIZE, measureMemory } from './memory.mjs';
import { figuresSection } from '../report/results.mjs';

/** Repetitions of what takes long and varies little. */
const FEW = 3;

/** By name, as `runParts` takes them. */
export function furtherParts({ idle, repetitions }) {
  const parts = {
    loading: {
      measure: (tell) => measureLoading(repetitions, tell),
      words: 'Each in a process of its own, whose files are in the cache of the system.',
      unit: 'ms',
    },
    steps: {
      measure: (tell) =>
        apart(new URL('steps.mjs', import.meta.url), 'measureSteps', Math.min(repetitions, FEW), tell),
      words: 'One call, in one thread, measured by tinybench many at a time; as `npm run bench:steps`.',
      unit: 'ns',
    },
    latest: {
      measure: (tell) => measureLatest(repetitions, tell),
      words: 'One call in one thread, nothing written or read, in the core without JavaScript.',
      unit: 'ns',
    },
    scaling: {
      measure: (tell) => apart(new URL('scaling.mjs', import.meta.url), 'measureScaling', repetitions, tell),
      words: 'A message of 64 bytes sent by `trySend` and received by `tryRecvInto`, in one thread.',
      unit: 'ns a message',
    },
    closing: {
      measure: (tell) => measureClosing(Math.min(repetitions, FEW), tell),
      words: `The longest time between two turns of the loop, in the thread that closes a channel with ${QUEUED.toLocaleString('en-US')} messages.`,
      unit: 'ms',
    },
    memory: {
      measure: (tell) => measureMemory(Math.min(repetitions, FEW), tell),
      words: `${COUNT.toLocaleString('en-US')} messages of ${SIZE} bytes sent as fast as they go, in a process of its own; nobody counts for \`postMessage\`.`,
      unit: 'MB grown at most',
    },
    'broadcast-memory': {
      measure: (tell) => measureBroadcastMemory(Math.min(repetitions, FEW), tell),
      words: `${MESSAGES.toLocaleString('en-US')} messages of ${MESSAGE_BYTES / 1024} KiB broadcast, which no receiver has taken yet, in a process of its own.`,
      unit: 'MB grown',
    },
    idle: {
      measure: (tell) => measureIdle(idle, tell),
      words: `A worker, watched for ${idle} s: ${idleWords}.`,
      unit: '% of a core',
    },
    console: {
      measure: (tell) => measureConsole(Math.min(repetitions, FEW), Math.min(idle, 5), tell),
      words: `The console's thread in a process with ${CHANNELS.toLocaleString('en-US')} channels and ${CARRIED.toLocaleString('en-US')} messages a second, ${LOOKS} looks a second: the processor time of that thread, where the system tells it.`,
      unit: '% of a core',
    },
  };
  return Object.fromEntries(
    Object.entries(parts).map(([name, { measure, words, unit }]) => [
      name,
      { measure, section: (entries) => figuresSection(name, words, unit, entries) },
    ]),
  );
}

export const furtherNames = Object.keys(furtherParts({}));
