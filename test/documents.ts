// The programs of the documentation, taken out of it: the `@example` blocks of src/ and the fences of the README and of docs/.
//
// After the language a fence may say `no-run` (it is not taken), `needs=nats` (it finds a NATS server at NATS_URL), or `file=worker.mjs` (it lies
// beside the other examples of its document, and they start it).
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

import { findServer, type NatsServer, startServer } from './nats/server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

export interface Example {
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

export function examplesIn(document: string): Example[] {
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
/** The README and docs/, then the sources. */
export const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];
export const documents = [...sources.sort(), ...pages];

/** Programs that lie in a project which has millrace installed, a folder a document, compiled together. */
export class Laid {
  readonly #project = mkdtempSync(join(tmpdir(), 'millrace-examples-'));
  readonly #server: NatsServer | undefined;

  /** Those of some examples that can run on this machine. */
  static runnable<E extends Example>(examples: readonly E[]): E[] {
    const hasNats = examples.some(({ needsNats }) => needsNats) && findServer() !== undefined;
    return examples.filter(({ needsNats }) => !needsNats || hasNats);
  }

  /** Lays them out, with a server if one is needed; rejects with what the compiler says of them. */
  static async out(examples: readonly Example[]): Promise<Laid> {
    const found = examples.some(({ needsNats }) => needsNats) ? findServer() : undefined;
    return new Laid(examples, found === undefined ? undefined : await startServer(found));
  }

  private constructor(examples: readonly Example[], server: NatsServer | undefined) {
    this.#server = server;
    const project = this.#project;
    mkdirSync(join(project, 'node_modules'), { recursive: true });
    symlinkSync(root, join(project, 'node_modules', 'millrace'), 'junction');
    for (const installed of ['@types', '@nats-io', '@opentelemetry', 'piscina']) {
      symlinkSync(
        join(root, 'node_modules', installed),
        join(project, 'node_modules', installed),
        'junction',
      );
    }
    for (const { document, file, code } of examples) {
      mkdirSync(this.#folderOf(document), { recursive: true });
      writeFileSync(join(this.#folderOf(document), file), code);
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
  }

  /** Runs one to its end, which must be a good one. */
  run({ document, file }: Example, timeout: number): Promise<{ stdout: string; stderr: string }> {
    const script = extname(file) === '.ts' ? `${basename(file, '.ts')}.js` : file;
    const server = this.#server === undefined ? {} : { NATS_URL: this.#server.url };
    // The first programs that somebody runs are no finding of the tracing.
    const env = document === 'README.md' ? { ...server, MILLRACE_TRACE: '1' } : server;
    return run(process.execPath, [script], {
      cwd: this.#folderOf(document),
      timeout,
      env: { ...process.env, ...env },
    });
  }

  async remove(): Promise<void> {
    await this.#server?.stop();
    rmSync(this.#project, { recursive: true, force: true });
  }

  #folderOf(document: string): string {
    return join(this.#project, document.replaceAll(/[/.]/g, '-'));
  }
}
