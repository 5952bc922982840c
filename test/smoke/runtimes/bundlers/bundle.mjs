// Runs webpack, or rspack, by the path of its main file, with the configuration beside this one.
import { pathToFileURL } from 'node:url';
import config from './webpack.config.cjs';

const [, , main] = process.argv;
const tool = await import(pathToFileURL(main));
const bundle = tool.rspack ?? tool.default;
bundle(config, (error, stats) => {
  console.log(error ?? stats.toString());
  process.exitCode = error || stats.hasErrors() ? 1 : 0;
});
