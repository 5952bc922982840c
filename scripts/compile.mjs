// Compiles TypeScript, and gathers what `millrace` runs on into one file: a thread that loads it reads a few files instead of eighty.
import { cpSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { misuse, must, readCommand, root, tool } from './steps.mjs';

const { words } = readCommand(
  `
Usage: node scripts/compile.mjs [FOLDER]

Writes dist/, or FOLDER: declarations and the entries for \`import\` are the compiler's; every module of src/ has a file of
JavaScript of its own, but those that the package's entry needs only pass on what is in core/millrace.js.

Exit codes: 0 written, 1 not written, 2 wrong usage.`,
  {},
  { takesWords: true },
);
const [folder = 'dist', ...more] = words;
if (more.length > 0) misuse(`Expected one folder, received ${words.join(' ')}`);
const dist = resolve(root, folder);
await must(tool('tsc'), ['-p', 'tsconfig.json', '--outDir', dist], { quiet: true });

const source = join(root, 'src');
const modules = readdirSync(source, { recursive: true })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'));
/** What runs without the binary, and finds it: `millrace doctor` must work where there is none. */
const findsBinary = /[\\/]src[\\/](loader[\\/](?!loader\.ts)|errors[\\/](errors|misuse)\.ts$|targets\.ts$)/;
/** What only a command, a codec for a peer or a spawned thread needs has files of its own. */
const isApart = (id) =>
  /[\\/]src[\\/](cli[\\/]|console([\\/]|\.ts$)|nats([\\/]|\.ts$)|msgpack\.ts$|transfer[\\/]preload\.ts$)/.test(
    id,
  );

/** What outlives a copy of the package, and must not hold the rest of it. */
const outlives = /[\\/]src[\\/](border[\\/]thread-end-listeners|event-loop[\\/]weak-timer)\.ts$/;

const bundle = await rolldown({
  input: Object.fromEntries(modules.map((name) => [name.slice(0, -'.ts'.length), join(source, name)])),
  platform: 'node',
  external: [/^node:/, /package\.json$/, 'msgpackr', /^@nats-io\//],
  resolve: { alias: { '#binding': join(source, 'loader', 'loader.ts') } },
  treeshake: false,
});
await bundle.write({
  dir: dist,
  format: 'cjs',
  comments: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'core/[name].js',
  codeSplitting: {
    groups: [
      { name: 'outlives', test: outlives, priority: 3 },
      { name: 'find', test: findsBinary, priority: 2 },
      { name: 'millrace', test: (id) => id.startsWith(source) && !isApart(id) },
    ],
  },
});
await bundle.close();
cpSync(join(source, 'console', 'page'), join(dist, 'console', 'page'), { recursive: true });
