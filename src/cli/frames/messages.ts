/** What the two workers of a form tell the main thread. */
import type { Ages } from './ages';

/** What the camera did. */
export interface Film {
  readonly made: number;
  /** Frames that were not taken, or took an unread one's place. */
  readonly refused: number;
  /** The most bytes that lay between the threads. */
  readonly queued: number;
  /** Whether it stopped early because they were too many. */
  readonly full: boolean;
}

export type Messages =
  /** The camera has stopped. */
  | ({ readonly kind: 'filmed' } & Film)
  | {
      readonly kind: 'processed';
      readonly processed: number;
      /** Replaced or passed over on the way. */
      readonly lost: number;
      /** Neither processed nor lost when the time was up. */
      readonly left: number;
      /** Absent where no frame came. */
      readonly ages?: Ages | undefined;
    }
  /** So many pictures were written. */
  | { readonly kind: 'saved'; readonly pictures: number }
  | { readonly kind: 'failed'; readonly reason: string };
