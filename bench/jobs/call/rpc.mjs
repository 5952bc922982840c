// Calls by millrace's `rpc`: awaited, or blocking where `sync` says so.
import { once } from 'node:events';
import { spawn } from 'millrace';
import { offered } from '../../who/offered.mjs';
import { awaiting, blocking } from './calls.mjs';

const workerFile = new URL('rpc-worker.mjs', import.meta.url);

export async function open(scenario, { sync }) {
  const [caller, responder] = offered.rpc(scenario.window, { request: 'bytes', response: 'bytes' });
  const worker = spawn(workerFile, { responder, size: scenario.size });
  const close = async () => {
    const ended = once(worker, 'exit');
    caller.close();
    await ended;
  };
  if (sync) return blocking(scenario, { call: (bytes) => caller.callSync(bytes), close });
  return awaiting(scenario, { call: (bytes) => caller.call(bytes), close });
}
