// One scenario for all its peers: repetitions interleaved, so that what disturbs the machine disturbs all alike.
import { backoffs } from './backoff.mjs';
import { keepBusy } from './busy.mjs';
import { open } from './opening.mjs';
import { openProcess } from './process.mjs';
import { Samples } from './samples.mjs';
import { median } from '../report/statistics.mjs';

/** Seconds of running before anything counts. */
const WARM_UP = 0.3;
/** How much of a repetition runs before it, and does not count: its threads have slept while others were measured. */
const LEAD = 0.25;
/** Seconds that each backoff is tried, and how often. */
const TRIAL = 0.05;
const TRIALS = 3;

/**
 * Answers for every peer, one of each a repetition: `values`, messages a second, or median round trips in milliseconds
 * where those are asked for; `rates`, messages a second; `costs`, microseconds of processor time a message. Of peers
 * that have a process of their own, `peaks` is the one figure of the most MB that it had.
 */
export async function runScenario(scenario, options, tell) {
  const release = scenario.busy === undefined ? undefined : await keepBusy(scenario.busy);
  try {
    return await runPeers(scenario, options, tell);
  } finally {
    await release?.();
  }
}

async function runPeers(scenario, { seconds, repetitions, samples }, tell) {
  const runners = [];
  for (const peer of scenario.peers) {
    tell(`starting ${peer.name}`);
    const pair = await (scenario.apart ? openProcess : open)(scenario, peer);
    runners.push({ peer, pair, rates: [], costs: [], samples: new Samples() });
  }
  for (const runner of runners) {
    tell(`warming up ${runner.peer.name}`);
    const { peer, pair } = runner;
    const warm = await warmUp(pair, scenario.warmUp);
    runner.backoff = peer.search ? await findBackoff(pair, warm) : undefined;
    runner.count =
      scenario.shape === 'ping-pong' || scenario.gap !== undefined
        ? Math.ceil(Math.min(samples, scenario.most ?? Infinity) / repetitions)
        : (scenario.count ?? countOf(warm, seconds));
    runner.lead = scenario.shape === 'one-way' ? Math.ceil(LEAD * runner.count) : 0;
  }
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const runner of runners) {
      tell(`${repetition} of ${repetitions}, ${runner.peer.name}`);
      await measure(runner);
    }
  }
  const peaks = await Promise.all(runners.map(({ pair }) => pair.close()));
  const byTime = scenario.shape === 'ping-pong' || scenario.figure === 'p50';
  return runners.map(({ peer: { name, family }, rates, costs, samples, backoff }, index) => {
    const values = byTime ? samples.medians : rates;
    const peak = scenario.apart ? [peaks[index] / 1e6] : undefined;
    return { name, family, values, rates, costs, peaks: peak, samples, backoff };
  });
}

async function measure({ pair, count, backoff, rates, costs, samples, lead }) {
  if (lead > 0) await pair.run({ count: lead, backoff });
  const began = performance.now();
  const before = process.cpuUsage();
  const result = await pair.run({ count, backoff });
  const { user, system } = process.cpuUsage(before);
  // What a process of its own says is what that process used; what this one used is all that there is otherwise.
  const cpu = result.cpu ?? (user + system) / 1000;
  rates.push(result.count / result.seconds);
  costs.push((cpu * 1000) / result.count);
  if (result.samples !== undefined) samples.add(result.samples, cpu / (performance.now() - began));
}

/** Runs until the code is warm; answers the rate, in messages a second. */
async function warmUp(pair, seconds = WARM_UP) {
  let count = 16;
  let spent = 0;
  for (;;) {
    const began = performance.now();
    await pair.run({ count, backoff: 'long' });
    const took = (performance.now() - began) / 1000;
    spent += took;
    if (spent >= seconds) return count / took;
    // Growing by steps, because the first runs are slow and would say little of the next.
    count = Math.ceil(Math.min(count * 8, (count / took) * WARM_UP));
  }
}

/** The backoff with which a peer is fastest: the most messages a second, or the shortest median of round trips. */
async function findBackoff(pair, warm) {
  const trials = backoffs.map((backoff) => ({ backoff, speeds: [] }));
  for (let trial = 0; trial < TRIALS; trial++) {
    for (const { backoff, speeds } of trials) {
      const { count, seconds, samples } = await pair.run({ count: countOf(warm, TRIAL), backoff });
      speeds.push(samples === undefined ? count / seconds : 1 / median(samples));
    }
  }
  // The median, because a pause that is fast by luck alone would not be so when it counts.
  trials.sort((one, other) => median(other.speeds) - median(one.speeds));
  return trials[0].backoff;
}

function countOf(rate, seconds) {
  return Math.max(16, Math.round(rate * seconds));
}
