// What is taken out of the core, one thing at a time, and the loom models that must fail then.
// A row: what it is, the models by the ends of their names, and its edits: a file of crates/core/src, what
// stands there exactly once, and what stands there instead.

import { ends } from './rows/ends.mjs';
import { queues } from './rows/queues.mjs';
import { waits } from './rows/waits.mjs';

export const rows = [...waits, ...queues, ...ends];
