// What release:check reads of a binary's file, tried on the one of this machine and on versions of it that are spoilt.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

interface Looked {
  readonly findings: string[];
  readonly floor: string;
}
interface Target {
  readonly name: string;
  readonly glibc?: string;
}

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const { targets, binaryOf } = (await import(at('scripts/release/targets.mjs').href)) as {
  targets: Target[];
  binaryOf(target: Target): string;
};
const { inspectFile } = (await import(at('scripts/release/formats/inspect.mjs').href)) as {
  inspectFile(bytes: Buffer, target: Target): Looked;
};
const { glibcByObjdump } = (await import(at('scripts/release/formats/objdump.mjs').href)) as {
  glibcByObjdump(path: string): Promise<string | undefined>;
};
const built = readdirSync(fileURLToPath(at('npm/'))).find((name) => name.endsWith('.node'))!;
const target = targets.find((each) => binaryOf(each) === built)!;
const file = readFileSync(at(`npm/${built}`));

/** Where a file of this system says which processor it is for. */
function processor(): number {
  if (process.platform === 'win32') return file.readUInt32LE(0x3c) + 4;
  return process.platform === 'darwin' ? 4 : 18;
}

/** The findings about this machine's binary after a change to its bytes. */
function spoilt(change: (bytes: Buffer) => void, as: Target = target): string[] {
  const bytes = Buffer.from(file);
  change(bytes);
  return inspectFile(bytes, as).findings;
}

test('the processor and the entry point are found in the binary of this machine', () => {
  const untouched = spoilt(() => {});
  expect(untouched.filter((finding) => /it is for|does not export/.test(finding))).toEqual([]);
});

test('a binary for another processor is told', () => {
  expect(spoilt((bytes) => bytes.writeUInt16LE(0x7777, processor()))).toContain(
    'it is for another processor',
  );
});

test('a binary without the entry point is told', () => {
  const renamed = spoilt((bytes) => {
    const name = 'napi_register_module_v1';
    for (let found = bytes.indexOf(name); found >= 0; found = bytes.indexOf(name)) bytes[found] = 0x6f;
  });
  expect(renamed).toContain('it does not export napi_register_module_v1');
});

test.runIf(target.glibc !== undefined)(
  'a binary that asks for a newer glibc than is promised is told',
  () => {
    const { floor } = inspectFile(file, target);
    expect(floor).toMatch(/^glibc 2\.\d+$/);
    const strict = spoilt(() => {}, { ...target, glibc: '2.1' });
    expect(strict).toContain(`it asks for ${floor}, and 2.1 is promised`);
  },
);

test.runIf(target.glibc !== undefined)(
  'objdump, where it is installed, reads the same of the file',
  async () => {
    const { floor } = inspectFile(file, target);
    const objdump = await glibcByObjdump(fileURLToPath(at(`npm/${built}`)));
    expect([floor, undefined]).toContain(objdump && `glibc ${objdump}`);
  },
);

test('a file of another system is refused', () => {
  expect(() => inspectFile(Buffer.from('not a binary at all'), target)).toThrow(/^not a/);
});
