// `npm run bench:steps`.
import { main } from './further/steps.mjs';

process.exitCode = await main(process.argv.slice(2));
