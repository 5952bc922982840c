/** What the two workers of a form tell the main thread. */
import type { Ages } from './ages';

export type Tidings =
  /** The camera has stopped. `refused`: frames that were not taken, or took an unread one's place. */
  | { readonly kind: 'made'; readonly made: number; readonly refused: number; readonly full: boolean }
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
