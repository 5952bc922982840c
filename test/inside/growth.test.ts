// A channel without a bound that holds more than anybody means it to: one process warning, and what to do.
import { expect, test } from 'vitest';

import { answerOf } from '../process/child';

interface Warning {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
}

const fixture = new URL('fixtures/growing.cjs', import.meta.url);
const warningsOf = (scene: string) => answerOf<Warning[]>(fixture, { args: [scene] });
const of = (warnings: Warning[], text: string) => warnings.filter(({ message }) => message.includes(text));

test('more than 100,000 messages in a channel without a bound bring one warning, which names it and the cure', async () => {
  const warnings = await warningsOf('messages');
  const [jobs, ...more] = of(warnings, "label 'jobs'");
  expect(more).toEqual([]);
  expect(jobs).toMatchObject({ name: 'MillraceWarning', code: 'MILLRACE_GROWING' });
  expect(jobs?.message).toMatch(/without a bound \(of flavor unbounded, .* 100,010 messages queued, 0\.8 MB/);
  expect(jobs?.detail).toMatch(/bounded\(capacity\).*maxBytes/);
  expect(of(warnings, '(of flavor unbounded)')).toHaveLength(1);
  expect(of(warnings, '(of flavor channel, label')).toHaveLength(1);
  expect(warnings).toHaveLength(3);
});

test('more than 256 MB in it do, too', async () => {
  expect(of(await warningsOf('bytes'), "label 'frames'")[0]?.message).toContain(
    '1 messages queued, 256.0 MB',
  );
});

test('a channel with a bound, or with fewer messages, brings none', async () => {
  expect(await warningsOf('meant')).toHaveLength(1);
});

test('threads that share it bring one of them between them', async () => {
  const warnings = await warningsOf('threads');
  expect(of(warnings, "label 'jobs'")).toHaveLength(1);
  expect(warnings).toHaveLength(4);
});
