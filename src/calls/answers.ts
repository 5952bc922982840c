/**
 * Answers to this thread's calls, told in bulk: one crossing for as many as fit the scratch. And requests that were
 * taken here, for which nobody waits any more: their signals abort.
 */
import { AnswerKind, binding } from '../border/binding.js';
import { after, heldMessage, scratch } from '../ends/receiving/receive-memory.js';

/** What a call is told. */
export interface Answerable {
  /** Whether reading its answer runs code of the caller's, who may do anything in it. */
  readonly runsCode: boolean;
  /** It was answered: `kind` is an `AnswerKind`, and the answer's bytes lie at `memory[offset]`. */
  answered(kind: number, memory: Uint8Array, offset: number, length: number): void;
}

/** Most answers that are fetched at a time. */
const most = 128;
const table = new Uint32Array(3 * most);
const calls = new Map<number, Answerable>();
const watched = new Map<number, AbortController>();
/** Requests may have been given up that were not told of: such as are watched, or were. */
let mayBeAbandoned = false;

/** A call's answer comes by `tellAnswers`. */
export function awaitAnswer(wait: number, call: Answerable): void {
  calls.set(wait, call);
}

/** Nobody waits for it any more. */
export function forgetAnswer(wait: number): void {
  calls.delete(wait);
}

/** A signal that aborts when nobody waits for the answer to a request any more. */
export function watchRequest(request: number): AbortSignal {
  const controller = new AbortController();
  if (binding.watchRequest(request)) {
    watched.set(request, controller);
    mayBeAbandoned = true;
  } else {
    controller.abort();
  }
  return controller.signal;
}

/** The request was answered, or given up. */
export function unwatchRequest(request: number): void {
  watched.delete(request);
}

/** Tells up to `budget` calls of their answers; how many. */
export function tellAnswers(budget: number): number {
  if (mayBeAbandoned) tellAbandoned();
  let told = 0;
  while (calls.size > 0 && told < budget) {
    const count = binding.nextAnswers(scratch, 0, table, Math.min(budget - told, most));
    if (count <= 0) break;
    tell(count);
    told += count;
  }
  return told;
}

/** Tells those in `table`, in their order, but those last that run code, which may use the scratch. */
function tell(count: number): void {
  let later: (() => void)[] | undefined;
  let offset = 0;
  for (let at = 0; at < 3 * count; at += 3) {
    const [wait, kind, length] = [table[at], table[at + 1], table[at + 2]] as [number, number, number];
    const call = calls.get(wait);
    const isHeld = kind >= AnswerKind.held;
    if (call === undefined) {
      if (isHeld) binding.returnHeld();
    } else if (isHeld || call.runsCode) {
      const bytes = isHeld ? heldMessage(length) : scratch.slice(offset, offset + length);
      const tell = () => call.answered(kind % AnswerKind.held, bytes, 0, length);
      if (call.runsCode) (later ??= []).push(tell);
      else tell();
    } else {
      call.answered(kind, scratch, offset, length);
    }
    offset = after(offset, length);
  }
  if (later !== undefined) for (const tell of later) tell();
}

function tellAbandoned(): void {
  for (let request = binding.nextAbandoned(); request >= 0; request = binding.nextAbandoned()) {
    const controller = watched.get(request);
    watched.delete(request);
    controller?.abort();
  }
  mayBeAbandoned = watched.size > 0;
}
