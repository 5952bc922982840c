// A blocked verb serves the engine's interrupts: time limits of `vm`, Ctrl-C in a REPL, heap snapshots, the debugger.
import { spawn as startProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { bounded, revoke, selectSync, type Sender, sending, transfer, tripleBuffer } from 'millrace';
import { describe, expect, test } from 'vitest';
import { Debugged } from './debugged';
import { exitOf, until } from './handshakes';

const byteLength = 8;
const message = new Uint8Array(byteLength);
/** Only a verb that serves no interrupt takes so long. */
const timeout = 60_000;

/** Every verb that blocks, as a program that never ends by itself. */
const blocking: Record<string, string> = {
  recvSync: 'empty.recvSync(wait)',
  recvIntoSync: 'empty.recvIntoSync(message, wait)',
  recvManySync: 'empty.recvManySync(8, wait)',
  recvRefSync: 'empty.recvRefSync(wait)',
  iterSync: 'for (const _ of empty.iterSync()) continue',
  sendSync: 'full.sendSync(message, wait)',
  sendManySync: 'full.sendManySync([message], wait)',
  sendRefSync: 'full.sendRef(8).sendSync(8, wait)',
  'selectSync over receives': 'selectSync({ empty }, wait)',
  'selectSync over sends': 'selectSync({ full: sending(full, message) }, wait)',
  changedSync: 'output.changedSync(wait)',
};

function open() {
  const [sender, empty] = bounded(1);
  const [full, receiver] = bounded(1);
  const [input, output] = tripleBuffer({ byteLength });
  full.trySend(message);
  // Ends that are on their way: whoever blocks could still be answered.
  const ticket = transfer([sender, receiver, input]);
  const close = (): void => {
    revoke(ticket);
    for (const end of [empty, full, output]) end.close();
  };
  return { names: { empty, full, output, message, selectSync, sending, wait: { timeout } }, close };
}

describe('the time limit of a vm ends a verb that blocks', () => {
  test.each(Object.keys(blocking))('%s', (verb) => {
    const { names, close } = open();
    const start = performance.now();
    const code = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    expect(() => runInNewContext(blocking[verb]!, names, { timeout: 100 })).toThrow(
      expect.objectContaining({ code }),
    );
    expect(performance.now() - start).toBeLessThan(timeout / 2);
    // Nothing of the verb is left: the next one finds what it found.
    expect(names.full.length).toBe(1);
    close();
  });
});

test('Ctrl-C in a REPL ends a verb that blocks, and the REPL goes on', async () => {
  const repl = new URL('fixtures/repl.cjs', import.meta.url);
  const child = startProcess(process.execPath, [repl.pathname], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => ((await lines.next()) as { value: string }).value;
  expect(await line()).toBe('ready');
  child.stdin.write('blocks()\n');
  expect(await line()).toBe('blocking');
  child.kill('SIGINT');
  child.stdin.write('console.log("goes on")\n');
  let said = '';
  while (!said.includes('goes on')) said = await line();
  child.stdin.end('process.exit(0)\n');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

describe('a worker that is blocked in recvIntoSync', () => {
  test('makes a heap snapshot of itself', async () => {
    const { worker, sender, exited } = await blocked();
    const snapshot = await worker.getHeapSnapshot();
    const [chunk] = (await once(snapshot, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('snapshot');
    snapshot.destroy();
    await released(worker, sender, exited);
  });

  test('answers the debugger, and what the debugger moves away is not written to', async () => {
    const { worker, sender, exited } = await blocked();
    const debugged = await Debugged.of(worker);
    expect(await debugged.evaluate('target.byteLength')).toBe(byteLength);
    await debugged.evaluate('structuredClone(target.buffer, { transfer: [target.buffer] }); 0');
    const said = once(worker, 'message');
    sender.trySend(message);
    // It did not fit into nothing, and is the next one still.
    expect(await said).toEqual([{ code: 'ERR_OUT_OF_RANGE', left: 1 }]);
    debugged.close();
    sender.close();
    expect(await exited).toBe(0);
  });

  test('runs nothing of what a program puts on every object', async () => {
    const { worker, sender, exited } = await blocked('polluted');
    await released(worker, sender, exited);
  });
});

async function blocked(how = '') {
  const [sender, receiver] = bounded(1);
  const file = new URL('fixtures/blocked-into.cjs', import.meta.url);
  const worker = new Worker(file, { workerData: { how, byteLength, receiver: transfer(receiver) } });
  const exited = exitOf(worker);
  await until(() => sender.stats().waitingReceivers === 1, 'the worker blocks');
  return { worker, sender, exited };
}

async function released(worker: Worker, sender: Sender<Uint8Array>, exited: Promise<number>): Promise<void> {
  const said = once(worker, 'message');
  sender.trySend(message);
  expect(await said).toEqual([{ length: byteLength, ran: 0 }]);
  sender.close();
  expect(await exited).toBe(0);
}
