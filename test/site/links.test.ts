// The site's links are followed: what leads nowhere, out of the site or to no place of its page is told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { followLinks } from '../../scripts/site/links.mjs';

test('each broken link is told with its page, and only those', () => {
  const site = mkdtempSync(join(tmpdir(), 'millrace-site-'));
  mkdirSync(join(site, 'more'));
  const good = ['#here', 'more/other.html', 'more/other.html#there', 'https://elsewhere/', 'mailto:a@b'];
  const bad = ['gone.html', '../outside.html', '#nowhere', 'more/other.html#gone'];
  const links = [...good, ...bad].map((link) => `<a class="x" href="${link}">x</a>`).join('');
  writeFileSync(join(site, 'index.html'), `<h1 id="here">${links}</h1><img src="gone.png">`);
  writeFileSync(join(site, 'more', 'other.html'), '<p id="there"><a href="../index.html">back</a></p>');
  expect(followLinks(site)).toEqual({
    pages: 2,
    broken: [
      'index.html: gone.html leads nowhere',
      'index.html: ../outside.html leads out of the site',
      'index.html: #nowhere leads to no place of its page',
      'index.html: more/other.html#gone leads to no place of its page',
      'index.html: gone.png leads nowhere',
    ],
  });
  rmSync(site, { recursive: true });
});
