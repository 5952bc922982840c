// Runs test files with a plain Node, one test after the other, each named before it begins; counts what came of them.
import { pathToFileURL } from 'node:url';
import { collect } from 'vitest';

let passed = 0;
const failed = [];
for (const file of process.argv.slice(2)) {
  for (const { name, body, after } of await collect(pathToFileURL(file))) {
    console.log(name);
    try {
      await body();
      for (const hook of after) await hook();
      passed += 1;
    } catch (error) {
      console.log(`FAILED ${error.stack}`);
      failed.push(name);
    }
  }
}
for (const name of failed) console.log(`FAILED ${name}`);
console.log(`${passed} passed, ${failed.length} failed on Node ${process.version}`);
// What a failed test has left running is not waited for.
process.exit(failed.length === 0 && passed > 0 ? 0 : 1);
