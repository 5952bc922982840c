// What is measured besides the scenarios, each part its own way: how, in which words, in which unit.
import { apart } from './apart.mjs';
import { QUEUED, measureClosing } from './closing.mjs';
import { idleWords, measureIdle } from './idle.mjs';
import { COUNT, SIZE, measureMemory } from './memory.mjs';
import { figuresSection } from './results.mjs';

/** By name, as `runParts` takes them. */
export function furtherParts({ idle, repetitions }) {
  const parts = {
    latest: {
      measure: (tell) => apart('./latest.mjs', 'measureLatest', repetitions, tell),
      words: 'One call, in one thread, nothing written or read; the core without JavaScript beside it.',
      unit: 'ns',
    },
    scaling: {
      measure: (tell) => apart('./scaling.mjs', 'measureScaling', repetitions, tell),
      words: 'A message of 64 bytes sent by `trySend` and received by `tryRecvInto`, in one thread.',
      unit: 'ns a message',
    },
    closing: {
      measure: (tell) => measureClosing(repetitions, tell),
      words: `The longest time between two turns of the loop, in the thread that closes a channel with ${QUEUED.toLocaleString('en-US')} messages.`,
      unit: 'ms',
    },
    memory: {
      measure: (tell) => measureMemory(repetitions, tell),
      words: `${COUNT.toLocaleString('en-US')} messages of ${SIZE} bytes sent as fast as they go, in a process of its own; nobody counts for \`postMessage\`.`,
      unit: 'MB grown at most',
    },
    idle: {
      measure: (tell) => measureIdle(idle, tell),
      words: `A worker, watched for ${idle} s: ${idleWords}.`,
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
