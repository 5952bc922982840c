// What docs/typescript.md has Node 20 start in place of a worker in TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./worker.mts');
