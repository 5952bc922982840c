/** `millrace/msgpack` for `import`: the one CommonJS copy of the code, by name. */
export { msgpack } from './msgpack.js';
