// The declarations as a user meets them: a project outside of this one, strict, without skipLibCheck, under the oldest and the newest TypeScript.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCodec } from './misuse';

const root = fileURLToPath(new URL('..', import.meta.url));
const typeTests = fileURLToPath(new URL('types/', import.meta.url));
const files = readdirSync(typeTests).filter((name) => name.endsWith('.ts'));

const compilers = [
  ['TypeScript 5.7', 'typescript-5.7'],
  ['the newest TypeScript', 'typescript'],
] as const;
const strict = { strict: true, skipLibCheck: false, target: 'es2022', lib: ['es2022'], noEmit: true };
const projects: [string, object, type: 'module' | 'commonjs'][] = [
  ['an ES module', { ...strict, module: 'nodenext', types: [], exactOptionalPropertyTypes: true }, 'module'],
  ['a CommonJS module', { ...strict, module: 'nodenext' }, 'commonjs'],
  ['a bundled project', { ...strict, module: 'preserve', moduleResolution: 'bundler' }, 'module'],
];
/** Calls with a codec that there is not, one a line. */
const unknownCodecs = [
  "import { bounded, broadcast, channel, syncChannel, tripleBuffer, unbounded, watch } from 'millrace';",
  "bounded(1, { codec: 'yaml' });",
  "unbounded({ codec: 'yaml' });",
  "syncChannel(1, { codec: 'yaml' });",
  "channel({ codec: 'yaml' });",
  "bounded(1, { codec: 'yaml', ack: true });",
  "broadcast(1, { codec: 'yaml' });",
  "watch({ codec: 'yaml' });",
  "tripleBuffer({ byteLength: 1, codec: 'yaml' });",
];
/** A compiler run takes seconds, and many more on a busy machine. */
const patience = 300_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-types-'));
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'millrace'), 'junction');
  symlinkSync(
    join(root, 'node_modules', '@types', 'node'),
    join(folder, 'node_modules', '@types', 'node'),
    'junction',
  );
  for (const file of files) cpSync(join(typeTests, file), join(folder, file));
  writeFileSync(join(folder, 'wrong.ts'), "import { bounded } from 'millrace';\nbounded<string>(1);\n");
  writeFileSync(join(folder, 'codecs.ts'), unknownCodecs.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a compiler says about these files; empty when it is content. */
function compile(
  compiler: string,
  compilerOptions: object,
  type: string,
  include: string[],
): Promise<string> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: include }));
  const tsc = join(root, 'node_modules', compiler, 'bin', 'tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder], (error, stdout, stderr) =>
      resolve(error === null ? '' : stdout + stderr || error.message),
    );
  });
}

describe.each(compilers)('%s', (_, compiler) => {
  test.each(projects)(
    'compiles every type test in %s',
    async (__, options, type) => {
      expect(files.filter((name) => name.endsWith('.test-d.ts')).length).toBeGreaterThan(0);
      expect(await compile(compiler, options, type, files)).toBe('');
    },
    patience,
  );

  test(
    'answers an unknown codec with those that there are',
    async () => {
      const [, options, type] = projects[0]!;
      const said = await compile(compiler, options, type, ['codecs.ts']);
      const answered = [...said.matchAll(/codecs\.ts\((\d+),(?:(?!codecs\.ts)[^])*/g)].filter(([text]) =>
        text.includes(aCodec.slice('be '.length)),
      );
      expect(answered.map(([, line]) => Number(line))).toEqual(unknownCodecs.slice(1).map((_, at) => at + 2));
    },
    patience,
  );

  test(
    'finds a wrong program wrong',
    async () => {
      const [, options, type] = projects[0]!;
      expect(await compile(compiler, { ...options, skipLibCheck: true }, type, ['wrong.ts'])).toMatch(
        /wrong\.ts\(2,/,
      );
    },
    patience,
  );
});
