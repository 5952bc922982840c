// Whether a round adds up: the channel's figures against themselves, and against what the threads have seen.

/** Messages that one call hands over, at most: so many may be lost with a receiver that is terminated. */
export const MOST_OF_A_CALL = 64;

/**
 * `stats`: the channel's, at rest. `totals`: what the threads wrote down. `killed`: receivers that were terminated, which may
 * have been given messages that their JavaScript never saw. `drops`: the channel may drop. `drained`: somebody received
 * until it was closed. Answers what is wrong, in sentences.
 */
export function account(stats, totals, { killed, drops, drained }) {
  const { sent, received, dropped, skipped, discarded, length } = stats;
  const { attempted, accepted, seen } = totals;
  const unseen = received - seen;
  const faults = {
    'the figures do not add up': sent !== received + dropped + skipped + discarded + length,
    'fewer were sent than were accepted': sent < accepted,
    'more were sent than anybody tried to': sent > attempted,
    'more were seen than were received': unseen < 0,
    'messages were received and never seen': unseen > killed * MOST_OF_A_CALL,
    'a channel that does not drop has dropped': !drops && dropped > 0,
    'messages were left behind': drained && discarded + length > 0,
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}
