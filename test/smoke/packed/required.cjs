// The packed smoke: what `require` gives is what `import` gives.
const { strict: assert } = require('node:assert');
const required = require('millrace');

void compare();

async function compare() {
  const imported = await import('millrace');
  // Newer Nodes name the whole CommonJS module besides.
  const names = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports');
  assert.ok(names.includes('bounded'), 'the package exports bounded');
  assert.deepEqual(names.sort(), Object.keys(required).sort());
  for (const name of names) assert.equal(imported[name], required[name], `${name} is one thing in both`);
  console.log(`${names.length} names are the same from require and import`);
}
