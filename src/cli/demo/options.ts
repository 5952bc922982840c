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
  /** The verbs by which millrace hands them over, one run each. */
  readonly verbs: readonly Verbs[];
}
