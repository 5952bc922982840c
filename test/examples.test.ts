// Every example runs: the `@example` blocks of src/ and the fences of the README and of docs/, type-checked together, then each in a process of its own.
//
// A line with console.log and a comment, `console.log(x); // 1`, promises what is printed; `// 1: why` may say why. After the language a fence may say
// `no-run` (it is not taken), `needs=nats` (it finds a NATS server at NATS_URL), or `file=worker.mjs` (it lies beside the other examples of its document, and they start it).
import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findServer, type NatsServer, startServer } from './nats/server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

interface Example {
  /** Where it stands: document and line, and under which heading. */
  readonly where: string;
  readonly document: string;
  /** Its file name, without a folder. */
  readonly file: string;
  readonly code: string;
  /** Whether it is started by the test, and not by another example. */
  readonly started: boolean;
  readonly needsNats: boolean;
}

function examplesIn(document: string): Example[] {
  // The lines of a doc comment begin with an asterisk.
  const lines = readFileSync(join(root, document), 'utf8')
    .split('\n')
    .map((line) => (document.endsWith('.md') ? line : line.replace(/^\s*\* ?/, '')));
  const examples: Example[] = [];
  let heading = '';
  for (let index = 0; index < lines.length; index += 1) {
    heading = /^## (.*)$/.exec(lines[index]!)?.[1] ?? heading;
    const fence = /^```(ts|js|mjs|cjs|typescript|javascript)\b(.*)$/.exec(lines[index]!);
    if (fence === null) continue;
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`the fence at ${document}:${index + 1} is not closed`);
    const [, language, info] = fence as unknown as [string, string, string];
    const code = `${lines.slice(index + 1, end).join('\n')}\n`;
    const name = /\bfile=(\S+)/.exec(info)?.[1];
    if (!/\bno-run\b/.test(info)) {
      const extension = language.startsWith('t')
        ? '.ts'
        : /\brequire\(/.test(code) || language === 'cjs'
          ? '.cjs'
          : '.mjs';
      const file = name ?? `line-${index + 1}${extension}`;
      const where = `${document}:${index + 1}${heading === '' ? '' : ` (${heading})`}`;
      const needsNats = /\bneeds=nats\b/.test(info);
      examples.push({ where, document, file, code, started: name === undefined, needsNats });
    }
    index = end;
  }
  return examples;
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name.replaceAll('\\', '/')}`);
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const documents = [...sources.sort(), 'README.md', ...pages.sort()];
const examples = documents.flatMap(examplesIn);
const started = examples.filter((example) => example.started);

/** The folder of a document's examples; all of them lie in one project that has millrace installed. */
let project: string;
const folderOf = (document: string) => join(project, document.replaceAll(/[/.]/g, '-'));

const nats = started.some(({ needsNats }) => needsNats) ? findServer() : undefined;
let server: NatsServer | undefined;

beforeAll(async () => {
  if (nats !== undefined) server = await startServer(nats);
  project = mkdtempSync(join(tmpdir(), 'millrace-examples-'));
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(root, join(project, 'node_modules', 'millrace'), 'junction');
  for (const installed of ['@types', '@nats-io', '@opentelemetry', 'piscina']) {
    symlinkSync(join(root, 'node_modules', installed), join(project, 'node_modules', installed), 'junction');
  }
  for (const { document, file, code } of examples) {
    mkdirSync(folderOf(document), { recursive: true });
    writeFileSync(join(folderOf(document), file), code);
  }
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    types: ['node'],
    module: 'nodenext',
    strict: true,
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  // Each is a module, those that import nothing too.
  const config = { compilerOptions: { ...compilerOptions, moduleDetection: 'force' }, include: ['*/*.ts'] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project]);
  } catch (error) {
    const told = (error as { stdout: Buffer }).stdout.toString();
    throw new Error(`the examples do not compile:\n${told}`, { cause: error });
  }
});
afterAll(async () => {
  await server?.stop();
  rmSync(project, { recursive: true, force: true });
});

/** What an example promises to print, in order: the comments behind its console.log, `// one, then two` being two lines. */
function promised(code: string): string[] {
  const comments = code.matchAll(/^.*\bconsole\.log\(.*\).*?\/\/ (.+)$/gm);
  return [...comments].flatMap(([, comment]) => comment!.trim().split(', then '));
}

/** Whether a printed line keeps a promise, which may go on behind a colon to say why. */
const keeps = (line: string, promise: string) => promise === line || promise.startsWith(`${line}: `);

test('there are examples in the documentation of the source', () => {
  expect(started.length).toBeGreaterThan(20);
});

const canRun = ({ needsNats }: Example) => !needsNats || nats !== undefined;

describe.each(
  documents.filter((document) => started.some((example) => example.document === document && canRun(example))),
)('%s', (document) => {
  const here = started.filter((example) => example.document === document);
  const named = here.filter(canRun).map((example) => [example.where, example] as const);

  test.each(named)('%s runs, and prints what it says', async (_, { file, code }) => {
    const script = extname(file) === '.ts' ? `${basename(file, '.ts')}.js` : file;
    const { stdout, stderr } = await run(process.execPath, [script], {
      cwd: folderOf(document),
      timeout: 120_000,
      env: { ...process.env, ...(server === undefined ? {} : { NATS_URL: server.url }) },
    });
    const lines = stdout.split('\n');
    for (const promise of promised(code)) {
      const found = lines.findIndex((line) => keeps(line, promise));
      expect(
        found,
        `'${promise}' among what is left of the output: ${lines.join(' | ')}`,
      ).toBeGreaterThanOrEqual(0);
      lines.splice(0, found + 1);
    }
    expect(stderr).toBe('');
  });
});
