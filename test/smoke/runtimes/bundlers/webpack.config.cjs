// webpack and rspack: millrace stays a package of its own, and workers are entries, found beside the bundle.
const { join } = require('node:path');

module.exports = {
  mode: 'production',
  target: 'node20',
  context: join(__dirname, '..'),
  entry: { probe: './probe.mjs', worker: './worker.mjs', require: './require.cjs' },
  experiments: { outputModule: true },
  output: { path: join(__dirname, '..', 'built'), module: true, filename: '[name].mjs' },
  externalsType: 'module',
  externals: { millrace: 'millrace' },
  // new URL('./worker.mjs', import.meta.url) is left as it stands.
  module: { parser: { javascript: { importMeta: false, url: false, worker: false } } },
};
