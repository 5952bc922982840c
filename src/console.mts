/** `millrace/console` for `import`: the one CommonJS copy of the code, by name. */
export { serveConsole } from './console.js';
export type { ConsoleOptions, LiveConsole } from './console.js';
