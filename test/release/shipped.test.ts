// What is published: the documentation with everything it links to, and where the package comes from.
import { mkdtempSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { npm } from '../install/npm';

const at = (path: string): string => new URL(`../../${path}`, import.meta.url).href;
const { stageMain } = (await import(at('scripts/packages.mjs'))) as {
  stageMain(folder: string, targets: readonly object[]): void;
};

const folder = mkdtempSync(join(tmpdir(), 'millrace-shipped-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stages the package as on a machine that knows, or does not know, where it is released from; its manifest. */
function staged(name: string, env: Record<string, string | undefined>): Record<string, unknown> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    stageMain(join(folder, name), []);
  } finally {
    process.env = before;
  }
  return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as Record<string, unknown>;
}

/** The anchors that a page's headings have. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a page that lead to no web address. */
function linksOf(page: string): string[] {
  const prose = page.replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^\w+:/.test(link));
}

describe('the packed tarball', () => {
  const unpacked = join(folder, 'packed');
  let files: string[];
  beforeAll(async () => {
    staged('packed', { GITHUB_SERVER_URL: '', GITHUB_REPOSITORY: '' });
    const told = await npm(['pack', '--json', '--dry-run'], unpacked);
    files = (JSON.parse(told) as { files: { path: string }[] }[])[0]!.files.map(({ path }) => path);
  });

  test('holds the documentation', () => {
    const docs = readdirSync(fileURLToPath(at('docs'))).filter((name) => name.endsWith('.md'));
    expect(files).toEqual(expect.arrayContaining(['README.md', ...docs.map((name) => `docs/${name}`)]));
    expect(files.filter((name) => /^(src|test|scripts|crates)\//.test(name))).toEqual([]);
  });

  test('holds everything that its pages link to', () => {
    const broken: string[] = [];
    for (const file of files.filter((name) => name.endsWith('.md'))) {
      const page = readFileSync(join(unpacked, file), 'utf8');
      for (const link of linksOf(page)) {
        const [path, anchor] = link.split('#') as [string, string | undefined];
        const target = path === '' ? file : join(dirname(file), path);
        if (!files.includes(target.replaceAll('\\', '/'))) broken.push(`${file}: ${link}`);
        else if (
          anchor !== undefined &&
          !anchorsOf(readFileSync(join(unpacked, target), 'utf8')).includes(anchor)
        ) {
          broken.push(`${file}: ${link} (no such heading)`);
        }
      }
    }
    expect(broken).toEqual([]);
    expect(existsSync(join(unpacked, 'docs', 'recipes.md'))).toBe(true);
  });
});

test('a release says where it comes from: repository, homepage and bugs', () => {
  const known = staged('known', {
    GITHUB_SERVER_URL: 'https://host.example',
    GITHUB_REPOSITORY: 'who/millrace',
  });
  expect(known).toMatchObject({
    repository: { type: 'git', url: 'git+https://host.example/who/millrace.git' },
    homepage: 'https://host.example/who/millrace#readme',
    bugs: { url: 'https://host.example/who/millrace/issues' },
  });
});
