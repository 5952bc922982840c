/**
 * What `#binding` is: the native image that fits the running process, loaded once in each thread.
 *
 * ```text
 *   machine.ts (what runs here) -> candidates.ts (which files) -> attempt.ts (one of them, or what is wrong)
 *                                                  all failed: cure.ts (what would help)
 * ```
 */
import type { NativeImage } from '../border/binding.js';
import { ChannelLoadError } from '../errors/errors.js';
import { Failure, attempt, open } from './attempt.js';
import { type Candidate, candidateOfParent, candidates, pass } from './candidates.js';
import { type Advice, advise, adviseSource } from './cure.js';
import { type Machine, describeMachine } from './machine.js';
import { version } from './version.js';

interface Loaded {
  readonly image: NativeImage;
  /** Where it came from. */
  readonly candidate: Candidate;
}

function load(): Loaded {
  return inherited() ?? find();
}

/** What the thread that started this one has loaded: it has been looked at, and lies in this process's memory. */
function inherited(): Loaded | undefined {
  const passedOn = candidateOfParent();
  const image = passedOn === undefined ? undefined : open(passedOn, version);
  return image === undefined ? undefined : { image, candidate: passedOn as Candidate };
}

function find(): Loaded {
  const machine = describeMachine();
  const failures: Failure[] = [];
  for (const candidate of candidates(machine)) {
    try {
      const image = attempt(candidate, machine, version);
      pass(candidate);
      return { image, candidate };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  throw tell(machine, failures);
}

function tell(here: Machine, failures: readonly Failure[]): ChannelLoadError {
  const machine = here.tell();
  const advice = failures.map((failure) => advise(failure, version));
  const attempts = failures.map(({ candidate }, index) => ({
    path: candidate.path,
    reason: (advice[index] as Advice).reason,
  }));
  // The first one is what was meant to be loaded here.
  const { reason, cure, where } = advice[0] ?? adviseSource('no package is made for this machine', version);
  const tried = attempts.map(({ path, reason }) => `  ${path} ${reason}`);
  const message = `The native part of millrace ${version} could not be loaded.
Machine: ${machine}
${tried.length === 0 ? `Not tried: ${reason}` : `Tried:\n${tried.join('\n')}`}
To cure it${where === undefined ? '' : `, in ${where}`}:
  ${cure}`;
  const cause = failures[0]?.cause;
  const error = new ChannelLoadError(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { attempts, machine, cure });
}

export const { image, candidate } = load();
