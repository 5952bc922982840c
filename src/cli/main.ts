#!/usr/bin/env node
/** The command `millrace`: reads its arguments, runs what they ask for, and answers with an exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readArguments } from './arguments';
import { UsageError } from './usage';

/** 0 done, 1 failed, 2 used wrongly, 130 interrupted. */
async function run(args: string[]): Promise<number> {
  const command = readArguments(args);
  switch (command.kind) {
    case 'help':
      console.log(command.text);
      return 0;
    case 'version':
      console.log(version());
      return 0;
    case 'demo': {
      // Loaded when it is needed, so that --help answers where the native part cannot be loaded.
      const { demo } = await import('./demo/demo.js');
      return demo(command.options, process.stdout);
    }
    case 'bench': {
      const { bench } = await import('./bench/bench.js');
      return bench(command.options, process.stdout);
    }
    case 'doctor': {
      const { doctor } = await import('./doctor/doctor.js');
      return doctor(command.options, process.stdout);
    }
    case 'top': {
      const { top } = await import('./top/top.js');
      return top(command.options, process.stdout);
    }
  }
}

function version(): string {
  const file = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const misused = error instanceof UsageError;
    console.error(`millrace: ${error instanceof Error ? error.message : String(error)}`);
    if (misused) console.error('Try: millrace --help');
    process.exitCode = misused ? 2 : 1;
  },
);
