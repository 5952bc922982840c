// The ways to send and to receive in one order, for counting them.
import { receives } from './receives.mjs';
import { sends } from './sends.mjs';

export const verbNames = [
  ...Object.keys(sends).map((name) => `sender: ${name}`),
  ...Object.keys(receives).map((name) => `receiver: ${name}`),
];
