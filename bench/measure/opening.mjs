// How a peer is opened, by the shape of its scenario.
import { openOverflow } from './overflow.mjs';
import { openPair } from './pair.mjs';
import { openTeam } from './team.mjs';

const openers = { team: openTeam, overflow: openOverflow };

/** Opens a peer in this process: `run` does an order, `close` ends its workers. */
export async function open(scenario, peer) {
  if (scenario.shape === 'job') return openJob(scenario, peer);
  const { start } = await import(`../peers/${peer.module}.mjs`);
  if (start !== undefined) return start(scenario, peer.settings);
  return (openers[scenario.shape] ?? openPair)(scenario, peer);
}

async function openJob(scenario, { module, settings }) {
  const { open } = await import(`../jobs/${module}.mjs`);
  return open(scenario, settings);
}
