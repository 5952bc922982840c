// One scenario for all its peers: repetitions interleaved, so that what disturbs the machine disturbs all alike.
import { backoffs } from './backoff.mjs';
import { openOverflow } from './overflow.mjs';
import { openPair } from './pair.mjs';
import { Samples } from './samples.mjs';
import { median } from './statistics.mjs';
import { openTeam } from './team.mjs';

/** Seconds of running before anything counts. */
const WARM_UP = 0.3;
/** How much of a repetition runs before it, and does not count: its threads have slept while others were measured. */
const LEAD = 0.25;
/** Seconds that each backoff is tried, and how often. */
const TRIAL = 0.05;
const TRIALS = 3;

const openers = { team: openTeam, overflow: openOverflow };

/** Answers with every peer's rates in messages a second, or its median round trips in milliseconds, one a repetition. */
export async function runScenario(scenario, { seconds, repetitions, samples }, tell) {
  const runners = [];
  for (const peer of scenario.peers) {
    tell(`starting ${peer.name}`);
    runners.push({ peer, pair: await open(scenario, peer), rates: [], samples: new Samples() });
  }
  for (const runner of runners) {
    tell(`warming up ${runner.peer.name}`);
    const { peer, pair } = runner;
    const warm = await warmUp(pair, scenario.warmUp);
    runner.backoff = peer.search ? await findBackoff(pair, warm) : undefined;
    runner.count =
      scenario.shape === 'ping-pong'
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
  await Promise.all(runners.map(({ pair }) => pair.close()));
  return runners.map(({ peer: { name, family }, rates, samples, backoff }) => {
    const values = scenario.shape === 'ping-pong' ? samples.medians : rates;
    return { name, family, values, samples, backoff };
  });
}

async function open(scenario, peer) {
  const { start } = await import(`./peers/${peer.module}.mjs`);
  if (start !== undefined) return start(scenario, peer.settings);
  return (openers[scenario.shape] ?? openPair)(scenario, peer);
}

async function measure({ pair, count, backoff, rates, samples, lead }) {
  if (lead > 0) await pair.run({ count: lead, backoff });
  const began = performance.now();
  const before = process.cpuUsage();
  const result = await pair.run({ count, backoff });
  if (result.samples === undefined) {
    rates.push(result.count / result.seconds);
    return;
  }
  const { user, system } = process.cpuUsage(before);
  samples.add(result.samples, (user + system) / 1000 / (performance.now() - began));
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
