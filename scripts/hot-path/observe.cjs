// Which functions of the package run for one message: coverage by the engine itself, of the package as it is compiled.
const { readFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const { relative, sep } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { fileURLToPath } = require('node:url');
const { Worker } = require('node:worker_threads');

const [, , folder] = process.argv;
const { bounded, transfer } = require(folder);
const session = new Session();
session.connect();
const ask = (method, parameters) => {
  let answer;
  // Without a connection to wait for, it is answered at once.
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(error.message);
    answer = result;
  });
  return answer;
};
ask('Profiler.enable');
ask('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

/** The functions that ran since the last look, by file. */
function seen() {
  const found = {};
  for (const { url, functions } of ask('Profiler.takePreciseCoverage').result) {
    if (!url.startsWith('file:') || !fileURLToPath(url).startsWith(folder + sep)) continue;
    const path = fileURLToPath(url);
    const text = readFileSync(path, 'utf8');
    const ran = functions.filter(
      ({ functionName, ranges }) => /^(?!get$)#?[\w ]+$/.test(functionName) && ranges[0].count > 0,
    );
    const file = relative(folder, path).replaceAll(sep, '/').replace(/js$/, 'ts');
    for (const { functionName, ranges } of ran) {
      const lines = text.slice(ranges[0].startOffset, ranges[0].endOffset).split('\n').length;
      (found[file] ??= {})[functionName.replace(/^get (?=.)/, '')] = lines;
    }
  }
  return found;
}

/** What `play` runs each time: not what only some other thing of the moment brings. */
async function always(play) {
  let common;
  for (let round = 0; round < 8; round += 1) {
    const found = await play();
    common ??= found;
    for (const [file, functions] of Object.entries(common)) {
      for (const name of Object.keys(functions))
        if (found[file]?.[name] === undefined) delete functions[name];
      if (Object.keys(functions).length === 0) delete common[file];
    }
  }
  return common;
}

async function main() {
  const [tx, rx] = bounded(8);
  const bytes = new Uint8Array(64);
  const other = new Worker(
    `const { attach } = require(${JSON.stringify(folder)});
     const { parentPort, workerData } = require('node:worker_threads');
     const tx = attach(workerData);
     // When the other thread's loop sleeps.
     parentPort.on('message', () => setTimeout(() => tx.trySend(new Uint8Array(64)), 20));
     parentPort.postMessage('ready');`,
    { eval: true, workerData: transfer(tx.clone()) },
  );
  await new Promise((resolve) => other.once('message', resolve));
  const ways = {
    async trySend() {
      seen();
      tx.trySend(bytes);
      const found = seen();
      rx.tryRecv();
      return found;
    },
    async ready() {
      // A turn of its own: the budget of one is spent by looking at what ran.
      await pause(1);
      tx.trySend(bytes);
      seen();
      await rx.recv();
      return seen();
    },
    async waiting() {
      await pause(1);
      seen();
      const message = rx.recv();
      other.postMessage('send');
      await message;
      return seen();
    },
  };
  const told = {};
  for (const [name, play] of Object.entries(ways)) told[name] = await always(play);
  console.log(JSON.stringify(told));
  await other.terminate();
}

main();
