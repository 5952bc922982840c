// A thread dies, in each way there is: whoever waits for it hears that the channel is closed.
import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type Receiver, type Sender, bounded, transfer } from 'millrace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitOf, median, registry, until } from './handshakes';

const rounds = 7;
const text = { codec: 'text' } as const;
/** Each way to die, and whether the worker is told to or terminated. */
const manners = [
  ['returns', 'told'],
  ['throws', 'told'],
  ['exits', 'told'],
  ['idle', 'terminated'],
  ['awaiting', 'terminated'],
  ['recvSync', 'terminated'],
  ['sendSync', 'terminated'],
  ['busy', 'terminated'],
] as const;

interface Heard {
  readonly code: unknown;
  readonly at: bigint;
}

let receivingPeer: Worker;
let sendingPeer: Worker;
let portPeer: Worker;

beforeAll(() => {
  receivingPeer = new Worker(new URL('fixtures/blocked-peer.cjs', import.meta.url));
  sendingPeer = new Worker(new URL('fixtures/blocked-peer.cjs', import.meta.url));
  portPeer = new Worker(new URL('fixtures/port-peer.cjs', import.meta.url));
});

afterAll(async () => {
  await Promise.all([receivingPeer.terminate(), sendingPeer.terminate(), portPeer.terminate()]);
});

test.each(manners)('a worker that dies (%s, %s): every peer that waits hears of it', async (manner, how) => {
  const latencies: number[] = [];
  // The control: when Node's own ports, here and in a thread of its own, say 'close' for the same death.
  const ports: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { exitedAt, heard, portsHeard } = await die(manner, how);
    for (const [wait, { code, at }] of Object.entries(heard)) {
      expect(code, wait).toBe(wait === 'iteration' ? 'done' : 'ERR_CHANNEL_CLOSED');
      latencies.push(Number(at - exitedAt) / 1e6);
    }
    for (const at of portsHeard) ports.push(Number(at - exitedAt) / 1e6);
  }
  console.log(`${manner}: heard ${tell(latencies)} after 'exit'; by MessagePorts ${tell(ports)}`);
  // A machine so busy that even its ports take more than 5 ms may take ten times as long as they do.
  expect(median(latencies)).toBeLessThanOrEqual(Math.max(50, 10 * median(ports)));
  // And any of them, by a thread that the machine may have left out for a while.
  expect(Math.max(...latencies)).toBeLessThanOrEqual(Math.max(10_000, 10 * Math.max(...ports)));
  await until(() => registry().channels === 0 && registry().ends === 0, 'the registry is empty');
});

const tell = (times: readonly number[]): string =>
  `${median(times).toFixed(1)} ms (worst ${Math.max(...times).toFixed(1)})`;

interface Death {
  readonly exitedAt: bigint;
  readonly heard: Record<string, Heard>;
  readonly portsHeard: readonly bigint[];
}

/** One worker's life and death, with six peers that wait for it, four awaiting, two blocked, and two ports. */
async function die(manner: string, how: string): Promise<Death> {
  const [sender, receiver] = bounded(1, text);
  const [fullSender, fullReceiver] = bounded(1, text);
  const [blockedSender, blockedReceiver] = bounded(1, text);
  const [blockedFullSender, blockedFullReceiver] = bounded(1, text);
  // What the dying worker itself waits for, when it does.
  const [emptySender, empty] = bounded(1, text);
  const [full, fullsReceiver] = bounded(1, text);
  for (const filled of [fullSender, blockedFullSender, full]) filled.trySend('fills it');
  const theirs = { sender, fullReceiver, blockedSender, blockedFullReceiver, empty, full };
  const [here, there] = [new MessageChannel(), new MessageChannel()];
  const ports = [here.port1, there.port1];
  const worker = new Worker(new URL('fixtures/dying.cjs', import.meta.url), {
    workerData: { manner, ticket: transfer(theirs), ports },
    transferList: ports,
  });
  const portsClosed = [closedHere(here.port2), closedThere(there.port2)];
  let failure: unknown;
  worker.on('error', (error) => (failure = error));
  await once(worker, 'message');

  const iterated = receiver.clone();
  const waits = {
    recv: heardBy(receiver.recv()),
    iteration: heardBy(iterate(iterated)),
    send: heardBy(fullSender.send('never accepted')),
    drained: heardBy(fullSender.drained()),
    recvSync: heardByPeer(receivingPeer, 'recvSync', blockedReceiver.clone()),
    sendSync: heardByPeer(sendingPeer, 'sendSync', blockedFullSender.clone()),
  };
  await until(() => blockedReceiver.stats().waitingReceivers === 1, 'a peer blocks in recvSync');
  await until(() => blockedFullSender.stats().waitingSenders === 1, 'a peer blocks in sendSync');
  const stuck = { awaiting: emptySender, recvSync: emptySender, sendSync: fullsReceiver }[manner];
  await until(() => stuck === undefined || waitsOn(stuck) === 1, 'the worker waits');

  const exited = exitOf(worker).then(() => process.hrtime.bigint());
  if (how === 'told') worker.postMessage('die');
  else void worker.terminate();
  const exitedAt = await exited;
  const heard = Object.fromEntries(
    await Promise.all(Object.entries(waits).map(async ([wait, outcome]) => [wait, await outcome] as const)),
  );
  expect(failure).toEqual(manner === 'throws' ? new Error('as told') : undefined);
  for (const end of [receiver, iterated, fullSender, blockedReceiver, blockedFullSender]) end.close();
  emptySender.close();
  fullsReceiver.close();
  return { exitedAt, heard, portsHeard: await Promise.all(portsClosed) };
}

async function closedHere(port: MessagePort): Promise<bigint> {
  await once(port, 'close');
  return process.hrtime.bigint();
}

async function closedThere(port: MessagePort): Promise<bigint> {
  portPeer.postMessage({ port }, [port]);
  const [at] = (await once(portPeer, 'message')) as [bigint];
  return at;
}

function waitsOn(end: Sender<string> | Receiver<string>): number {
  const { waitingSenders, waitingReceivers } = end.stats();
  return waitingSenders + waitingReceivers;
}

async function iterate(receiver: Receiver<string>): Promise<void> {
  for await (const value of receiver) throw new Error(`nobody sent ${value}`);
}

async function heardBy(wait: Promise<unknown>): Promise<Heard> {
  const code = await wait.then(
    () => 'done',
    (error: { code?: unknown }) => error.code,
  );
  return { code, at: process.hrtime.bigint() };
}

async function heardByPeer(
  peer: Worker,
  verb: string,
  end: Sender<string> | Receiver<string>,
): Promise<Heard> {
  peer.postMessage({ verb, ticket: transfer(end) });
  const [heard] = (await once(peer, 'message')) as [Heard];
  return heard;
}
