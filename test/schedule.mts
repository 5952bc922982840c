// Which test files run two at a time, which begin first, and which have nothing to say of copy mode.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * They start processes of their own and wait for what those print, and neither compare times nor look at memory: two of them
 * run at a time. All others run by themselves.
 */
export const together = [
  'test/cli/{bench,demo,doctor,progress,proof}.test.ts',
  'test/documented.test.ts',
  'test/event-loop/fakes.test.ts',
  'test/examples.test.ts',
  'test/inside/trace.test.ts',
  'test/process/keep-alive.test.ts',
  'test/release/*.test.ts',
  'test/runtimes/*.test.ts',
  'test/scaled.test.ts',
  'test/site/*.test.ts',
  'test/types.test.ts',
];

/** What copy mode leaves as it is: it decides who owns the memory of a message, and these files look at no message's memory. */
export const sameInCopyMode = [
  'test/*.test.ts',
  'test/{bench,cli,console,frames,histories,hunt,install,nats,release,runtimes,site,timers}/**',
  'test/border/idle.test.ts',
  'test/event-loop/{fakes,late,signals}.test.ts',
  'test/inside/{timing,trace}.test.ts',
  'test/laws/starvation.test.ts',
  'test/process/{exit,interrupt,keep-alive,slow-end}.test.ts',
  'test/select/{arguments,fair,sieve}.test.ts',
  'test/threads/{blocked,crowded,interrupts,loading,rung-deaths}.test.ts',
];

/** The longest of them: begun last, one would run beside nothing. */
const slowest = [
  'test/examples.test.ts',
  'test/cli/demo.test.ts',
  'test/scaled.test.ts',
  'test/types.test.ts',
];

export class slowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = slowest.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? slowest.length : found;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}
