// One scenario for all its peers: repetitions interleaved, so that what disturbs the machine disturbs all alike.
import { openPair } from './pair.mjs';
import { peersOf } from './scenarios.mjs';
import { openTeam } from './team.mjs';

/** Seconds of running before anything counts. */
const WARM_UP = 0.3;

/** Answers with the rates of every peer, in messages (or round trips) a second, one a repetition. */
export async function runScenario(scenario, { seconds, repetitions }, tell) {
  const runners = [];
  try {
    const open = scenario.shape === 'team' ? openTeam : openPair;
    for (const peer of peersOf(scenario)) {
      const pair = await open(scenario, peer);
      runners.push({ peer, pair, count: 0, rates: [] });
    }
    for (const runner of runners) {
      tell(`warming up ${runner.peer.name}`);
      runner.count = await warmUp(runner.pair, seconds, scenario.most);
    }
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const { peer, pair, count, rates } of runners) {
        tell(`${repetition} of ${repetitions}, ${peer.name}`);
        rates.push(count / (await pair.run(count)));
      }
    }
  } finally {
    await Promise.all(runners.map(({ pair }) => pair.close()));
  }
  return runners.map(({ peer, rates }) => ({ peer, rates }));
}

/** Runs until the code is warm; answers how many messages take about `seconds`. */
async function warmUp(pair, seconds, most = Infinity) {
  let count = 16;
  let spent = 0;
  for (;;) {
    const took = await pair.run(count);
    spent += took;
    if (spent >= WARM_UP) return Math.min(most, Math.max(16, Math.round((count / took) * seconds)));
    // Growing by steps, because the first runs are slow and would say little of the next.
    count = Math.ceil(Math.min(count * 8, (count / took) * WARM_UP, most));
  }
}
