// Every way to send and to receive, by side; and all of them in one order, for counting.
import { reads, writes } from './latest.mjs';
import { receives } from './receives.mjs';
import { sends } from './sends.mjs';

export const verbs = { sender: sends, receiver: receives, writer: writes, reader: reads };

export const verbNames = Object.entries(verbs).flatMap(([side, ways]) =>
  Object.keys(ways).map((name) => `${side}: ${name}`),
);
