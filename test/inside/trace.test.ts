// MILLRACE_TRACE=1: a process says which ends are open when it ends, and when a channel stands still.
import { afterEach, expect, test } from 'vitest';
import { until } from '../laws/until';
import { Child } from '../process/child';

const fixture = new URL('fixtures/open-ends.cjs', import.meta.url);
const env = { MILLRACE_TRACE: '1' };
let child: Child | undefined;

afterEach(() => child?.kill('SIGKILL'));

test.each([
  ['returns', 0],
  ['exits', 7],
  ['throws', 1],
])(
  'a process that %s tells which ends are open, where they were made, and in which thread',
  async (how, code) => {
    child = new Child(fixture, { args: [how], env });
    expect(await child.ended).toMatchObject({ code });
    await until(() => child!.errors.includes('in thread'), 'it has told');
    const told = child.errors.slice(child.errors.indexOf('millrace: this process ends with open channels'));
    expect(told).toMatch(
      /^millrace: this process ends with open channels\nbounded\(2\) 'forgotten', 1 queued/,
    );
    expect(told).toMatch(/\n {2}sender, in the main thread\n {4}at forgets .*open-ends\.cjs:\d+:\d+/);
    expect(told).toMatch(/\n {2}receiver, in thread 1\n {4}at .*open-ends\.cjs:\d+:\d+/);
    expect(told).not.toContain('closed in time');
  },
);

test.each(['closes all', 'makes none'])('a process that %s tells nothing', async (how) => {
  child = new Child(fixture, { args: [how], env });
  expect(await child.ended).toMatchObject({ code: 0 });
  expect(child.errors).toBe('');
});

test('without tracing nothing is told', async () => {
  child = new Child(fixture, { args: ['exits'] });
  expect(await child.ended).toMatchObject({ code: 7 });
  expect(child.errors).toBe('');
});

test.each(['awaits', 'blocks'])(
  'a process that %s on a channel where nothing happens for 5 s says so, once',
  async (how) => {
    const began = performance.now();
    child = new Child(fixture, { args: [how], env });
    expect(await child.line()).toBe('waits');
    await until(() => child!.errors.includes('every end has waited for 5 s'), 'it has told');
    expect(performance.now() - began).toBeGreaterThan(4_500);
    await until(() => child!.errors.includes('sender, in the main thread'), 'it has told all');
    expect(child.errors).toMatch(/\nbounded\(1\) 'still', 0 queued, 0 sends and 1 receives waiting\n/);
    // A channel with traffic, and one on which nobody waits, do not stand still.
    expect(child.errors).not.toMatch(/'busy'|'idle'/);
    // The fixture lets two more looks pass.
    expect(await child.line()).toBe('later');
    expect(child.errors.split('every end has waited').length).toBe(2);
  },
);
