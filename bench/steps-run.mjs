// `npm run bench:steps`.
import { main } from './steps.mjs';

process.exitCode = await main(process.argv.slice(2));
