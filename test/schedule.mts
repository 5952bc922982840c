// Which test files run two at a time, which begin first, and which have nothing to say of copy mode.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * They start processes of their own and wait for what those print; no figure of theirs gets worse by a busy core: two of
 * them run at a time. All others run by themselves.
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

/** What copy mode leaves as it is: these files lend and move no message's memory, and do not look who owns it. */
export const sameInCopyMode = [
  'test/{documented,scaled,types}.test.ts',
  'test/cli/{bench,doctor,npm-run,progress,proof}.test.ts',
  'test/{bench,console,histories,install,nats,release,runtimes,site,timers}/**',
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

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = slowest.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? slowest.length : found;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}
