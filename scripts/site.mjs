// Makes the site of docs in .site/: the doc comments of src/ and the pages of docs/, with a search, by typedoc. Every link of it is followed.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { followLinks } from './site/links.mjs';
import { must, mustNpm, readCommand, root } from './steps.mjs';

readCommand(`
Usage: npm run docs

Makes the site of docs in .site/, and fails where a link of it leads nowhere. Its generator has a folder of its own,
scripts/site, and is installed there when it is not.

Exit codes: 0 done, 1 failed, 2 wrong usage.`);

const tools = join(root, 'scripts', 'site');
const site = join(root, '.site');
const typedoc = join(tools, 'node_modules', 'typedoc', 'bin', 'typedoc');

if (!existsSync(typedoc)) await mustNpm(['ci'], { cwd: tools, quiet: true });
rmSync(site, { recursive: true, force: true });
await must(process.execPath, [typedoc, '--options', join(tools, 'typedoc.json'), '--out', site], {
  quiet: true,
});

const { pages, broken } = followLinks(site);
for (const line of broken) console.error(line);
if (broken.length > 0) process.exit(1);
console.log(`.site: ${pages} pages, every link of which leads somewhere`);
