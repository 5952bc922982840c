// One process for one peer: opens it, does each order, says what it took, and at the end the most memory that it had.
import { open } from './opening.mjs';
import { peakMemory } from './peak.mjs';

const { scenario, module, settings } = JSON.parse(process.argv[2]);

async function answering(what) {
  try {
    process.send(await what());
  } catch (error) {
    process.send({ failed: error.stack ?? String(error) });
    process.exitCode = 1;
    process.disconnect();
  }
}

// Whoever gives orders is gone: nothing that was started here may outlive it.
process.on('disconnect', () => process.exit());

let pair;
await answering(async () => {
  pair = await open(scenario, { module, settings });
  return {};
});
process.on('message', (order) =>
  answering(async () => {
    if (order === 'end') {
      await pair.close();
      process.nextTick(() => process.disconnect());
      return { peak: peakMemory() };
    }
    const before = process.cpuUsage();
    const result = await pair.run(order);
    const { user, system } = process.cpuUsage(before);
    return { ...result, cpu: (user + system) / 1000 };
  }),
);
