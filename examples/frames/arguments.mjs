/** What may be asked for. */
import { freemem } from 'node:os';
import { UsageError, parse } from '../../dist/cli/usage.js';

const MB = 1e6;
const sizes = new Map([
  ['720p', { width: 1280, height: 720 }],
  ['1080p', { width: 1920, height: 1080 }],
]);
const most = { width: 3840, height: 2160, rate: 1000, work: 60_000, seconds: 3600, memory: 1e6, saves: 1000 };
const defaults = {
  size: '720p',
  rate: 60,
  work: 50,
  seconds: 3,
  // Half of what is free, where that is less: no machine should swap for a demo.
  memory: Math.max(100, Math.min(1000, Math.floor(freemem() / 2 / MB))),
  saves: 5,
};

export const help = `Usage: npm run demo:frames -- [OPTIONS]

A camera in one worker thread makes frames at a steady rate, a consumer in another is too slow for them, and
what lies between them takes five forms, one after another: an unbounded queue, the same drained to its newest
with latest(), syncChannel(1) with trySend, a bounded queue with overflow 'drop-oldest', a triple buffer.
Prints what became of the frames, how old they were when their turn came, and what memory it took.

  --size SIZE          ${[...sizes.keys()].join(', ')} or WIDTHxHEIGHT, up to ${most.width}x${most.height} (default ${defaults.size}); 3 bytes a pixel
  --rate N             frames a second, 0.1 to ${most.rate} (default ${defaults.rate})
  --work MS            milliseconds that the consumer takes for a frame, 0 to ${most.work} (default ${defaults.work})
  --seconds S          how long each form runs, 0.1 to ${most.seconds} (default ${defaults.seconds})
  --source SOURCE      ffmpeg or generated (default: ffmpeg where it is on the PATH)
  --memory MB          megabytes queued at which a form stops early, 1 to ${most.memory} (default here ${defaults.memory}:
                       1000, or half of what is free)
  --save DIR           writes frames that the consumer saw to DIR, as PNG images: form, number, age
  --save-limit N       the most images a form, 1 to ${most.saves} (default ${defaults.saves}), spread over its time;
                       no more than --memory holds

  -h, --help           this text

Ctrl-C closes the channels and lets the workers end; a second one ends the process at once.

Exit codes: 0 done, 1 failed (a frame was torn, out of order or unaccounted for, or an error), 2 used wrongly,
130 interrupted.`;

const options = {
  size: { type: 'string' },
  rate: { type: 'string' },
  work: { type: 'string' },
  seconds: { type: 'string' },
  source: { type: 'string' },
  memory: { type: 'string' },
  save: { type: 'string' },
  'save-limit': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

/** What the arguments ask for; `'help'` when that is it. */
export function readArguments(args) {
  const { values, positionals } = parse(args, options);
  if (values.help) return 'help';
  if (positionals.length > 0) {
    throw new UsageError(`Expected only options. Received '${positionals[0]}'`);
  }
  if (values.save === '') throw new UsageError("Expected --save to name a folder. Received ''");
  if (values['save-limit'] !== undefined && values.save === undefined) {
    throw new UsageError('Expected --save DIR beside --save-limit. Received none');
  }
  const size = readSize(values.size ?? defaults.size);
  return {
    ...size,
    rate: readNumber('rate', values.rate ?? `${defaults.rate}`, 0.1, most.rate),
    work: readNumber('work', values.work ?? `${defaults.work}`, 0, most.work),
    seconds: readNumber('seconds', values.seconds ?? `${defaults.seconds}`, 0.1, most.seconds),
    source: readSource(values.source),
    memory: readMemory(values.memory ?? `${defaults.memory}`, size),
    save: values.save,
    saveLimit: readCount('save-limit', values['save-limit'] ?? `${defaults.saves}`, most.saves),
  };
}

function readSize(text) {
  const known = sizes.get(text);
  if (known !== undefined) return known;
  const [, width, height] = (/^(\d+)x(\d+)$/.exec(text) ?? []).map(Number);
  const fits = (length, most) => length !== undefined && length >= 16 && length <= most;
  if (fits(width, most.width) && fits(height, most.height)) return { width, height };
  throw new UsageError(
    `Expected --size to be ${[...sizes.keys()].join(', ')} or WIDTHxHEIGHT, ` +
      `16x16 to ${most.width}x${most.height}. Received '${text}'`,
  );
}

function readSource(text) {
  if (text === undefined || text === 'ffmpeg' || text === 'generated') return text;
  throw new UsageError(`Expected --source to be ffmpeg or generated. Received '${text}'`);
}

/** Bytes. Less than four frames would stop those forms, too, that never hold more than three. */
function readMemory(text, { width, height }) {
  const memory = readCount('memory', text, most.memory) * MB;
  const least = Math.ceil((4 * 3 * width * height) / MB);
  if (memory >= least * MB) return memory;
  throw new UsageError(
    `Expected --memory to be at least ${least}, four frames of this size. Received '${text}'`,
  );
}

function readNumber(name, text, least, most) {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`Expected --${name} to be a number from ${least} to ${most}. Received '${text}'`);
}

function readCount(name, text, most) {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= 1 && count <= most) return count;
  throw new UsageError(`Expected --${name} to be an integer from 1 to ${most}. Received '${text}'`);
}
