/** Ends that can be given away: nothing here depends on them any more. */
import { ChannelStateError } from '../errors/errors.js';
import type { EndState } from './end-state.js';
import { End } from './handle.js';

/** The state of an end that nothing here depends on. Throws, `verb` saying what it cannot be, where that is not so. */
export function idleStateOf(end: End, verb: 'transferred' | 'given to a channel'): EndState {
  const state = End.stateOf(end) as EndState;
  state.mustBeLive(verb === 'transferred' ? 'transfer' : 'deadLetter');
  const busy = (what: string) => new ChannelStateError(`a handle with ${what} cannot be ${verb}`);
  if (state.waits.size > 0) throw busy('a pending wait');
  if (state.batch !== undefined) throw busy('an unflushed batch');
  if (End.isIterated(end)) throw busy('an open iterator');
  if (state.hasRefs) throw busy('a live ref');
  return state;
}
