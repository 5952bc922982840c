// What a target claims: the best of some peers beside the best of others, or a figure. Rates are to be so many times as much
// at least, times so many times as long at most.

const rates = { better: Math.max };
const times = { better: Math.min };

/** A rate, of another scenario where `against` says so. */
export const ratio = (scenario, ours, atLeast, theirs, words, against = scenario) => ({
  of: { scenario, names: ours },
  against: { scenario: against, names: theirs },
  atLeast,
  words,
  ...rates,
});

/** A time. */
export const within = (scenario, ours, atMost, theirs, words) => ({
  of: { scenario, names: ours },
  against: { scenario, names: theirs },
  atMost,
  words,
  ...times,
});

/** A time, or another figure of which less is better, by itself. */
export const under = (scenario, names, atMost, unit) => ({ of: { scenario, names }, atMost, unit, ...times });

const price =
  (figure) =>
  (scenario, ours, atMost, theirs, words, better = Math.max) => ({
    of: { scenario, names: ours, figure },
    against: { scenario, names: theirs, figure },
    atMost,
    words,
    better,
  });
/** The processor time a message, and the most memory, of the one that is best by rate, or by time where `better` says so. */
export const cost = price('costs');
export const peak = price('peaks');
