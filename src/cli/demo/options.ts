/** What the demo is asked to do. */
import type { Job } from './job';
import type { Verbs } from './verbs';

export interface DemoOptions {
  /** The file to hand through. */
  readonly path: string;
  readonly job: Job;
  /** Worker threads. */
  readonly workers: number;
  /** Bytes a chunk. */
  readonly chunk: number;
  /** Chunks each channel holds. */
  readonly capacity: number;
  /** How often each way hands the file over, beside a first time that does not count. */
  readonly rounds: number;
  /** The verbs by which millrace hands them over, a way each. */
  readonly verbs: readonly Verbs[];
}
