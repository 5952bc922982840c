// RESULTS.md: what the last run on each Node gave, the newest Node first. A run puts its own part in, and leaves the others.

const head = `# Results

Written by \`npm run bench\`, not by hand: one part for each Node that it ran on. What each scenario means, and what it does
not, is in README.md beside this file. Every payload was checked at the other end.`;

const part = /<!-- Node (\d+) begins -->\n\n([\s\S]*?)\n\n<!-- Node \1 ends -->/g;

/** The file with this Node's part in its place. */
export function placed(text, major, own) {
  const parts = new Map([...text.matchAll(part)].map(([, number, body]) => [Number(number), body]));
  parts.set(major, own);
  const sorted = [...parts].sort(([one], [other]) => other - one);
  const bodies = sorted.map(
    ([number, body]) => `<!-- Node ${number} begins -->\n\n${body}\n\n<!-- Node ${number} ends -->`,
  );
  return `${[head, ...bodies].join('\n\n')}\n`;
}

/** Whether the file has no part of a newer Node. */
export function isNewest(text, major) {
  return [...text.matchAll(part)].every(([, number]) => Number(number) <= major);
}
