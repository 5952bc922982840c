// Follows every link of a site of files: each leads to a file of it, and to a place that the page has.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** How many pages there are, and what is wrong with which link of which page. */
export function followLinks(site) {
  const names = readdirSync(site, { recursive: true }).filter((name) => name.endsWith('.html'));
  const texts = new Map(names.map((name) => [join(site, name), readFileSync(join(site, name), 'utf8')]));
  const broken = [...texts].flatMap(([file, text]) =>
    linksOf(text).flatMap((link) => fault({ site, texts, file, link })),
  );
  return { pages: names.length, broken };
}

/** The links of a page that stay in the site. */
function linksOf(text) {
  const links = [...text.matchAll(/<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)"/g)];
  return [...new Set(links.map(([, link]) => link.replaceAll('&amp;', '&')))].filter(
    (link) => !/^([a-z]+:|\/\/)/i.test(link),
  );
}

/** What is wrong with a link, if anything is. */
function fault({ site, texts, file, link }) {
  const [path, fragment = ''] = link.split('#');
  const target = path === '' ? file : resolve(dirname(file), decodeURIComponent(path));
  const told = `${file.slice(site.length + 1)}: ${link}`;
  if (target !== site && !target.startsWith(site + sep)) return [`${told} leads out of the site`];
  if (!existsSync(target)) return [`${told} leads nowhere`];
  const text = texts.get(target);
  if (fragment === '' || text === undefined || text.includes(`id="${decodeURIComponent(fragment)}"`))
    return [];
  return [`${told} leads to no place of its page`];
}
