// One process in which a producer sends as fast as it can: prints by how many bytes it has grown at most.
import { openPair } from '../measure/pair.mjs';
import { peakMemory } from '../measure/peak.mjs';

const { peer, window, size, count } = JSON.parse(process.argv[2]);
const pair = await openPair({ shape: 'one-way', size, window }, peer);
const before = process.memoryUsage.rss();
await pair.run({ count });
const most = peakMemory();
await pair.close();
console.log(Math.max(0, most - before));
