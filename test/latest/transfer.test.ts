// The ends of a triple buffer go to other threads, alone and with their values.
import { once } from 'node:events';
import { MessageChannel, type Worker } from 'node:worker_threads';
import {
  type Codec,
  type Input,
  type Output,
  type Transferred,
  attach,
  bounded,
  spawn,
  transfer,
  tripleBuffer,
} from 'millrace';
import { expect, test } from 'vitest';
import { registry, until } from '../threads/handshakes';

test('the current value and the unread one stay with the channel', () => {
  const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  input.write(1);
  output.update();
  input.write(2);
  const here = attach(structuredClone(transfer({ input, output })));
  expect([input.isClosed, output.isClosed, here.output.updated]).toEqual([true, true, true]);
  expect(new Float64Array(here.output.buffer.slice().buffer)[0]).toBe(1);
  expect(here.input.write(3)).toBe(true);
  expect(here.output.read()).toBe(3);
  expect(here.input.stats()).toMatchObject({ sent: 3, received: 2, skipped: 1, tickets: 0 });
  expect(() => input.write(4)).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }));
  here.input.close();
  here.output.close();
});

test('a ticket keeps its side open, is redeemed once, and may go beside a queue', () => {
  const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  const [sender, receiver] = bounded(1, { codec: 'text' });
  const ticket = transfer([output, receiver] as const);
  expect(input.stats().tickets).toBe(1);
  expect(input.write(5)).toBe(false);
  const [latest, queue] = attach(ticket);
  sender.trySend('both');
  expect([latest.read(), queue.tryRecv()]).toEqual([5, 'both']);
  expect(() => attach(ticket)).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }));
  for (const end of [input, latest, sender, queue]) end.close();
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});

test("a codec of the user's own is found by name", () => {
  const flags: Codec<boolean> = {
    name: 'flag',
    encode: (value) => Uint8Array.of(Number(value)),
    decode: ([value]) => value === 1,
  };
  const [input, output] = tripleBuffer({ byteLength: 1, codec: flags });
  const ticket = transfer(output);
  expect(() => attach(ticket)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  const there = attach(ticket, { codecs: [flags] });
  input.write(true);
  expect(there.read()).toBe(true);
  input.close();
  there.close();
});

// Where slots cannot be seen, what was written and not published stays with the view.
test.skipIf(process.env['MILLRACE_COPY'] === '1')(
  'views made before a transfer keep their memory',
  async () => {
    const [input, output] = tripleBuffer({ byteLength: 1 << 16 });
    const before = input.buffer.fill(1);
    const there = attach(transfer(input));
    expect(there.buffer[0]).toBe(1);
    there.close();
    output.close();
    expect(before.fill(2)[100]).toBe(2);
    await until(() => registry().channels === 0, 'the registry is empty');
  },
);

test('by postMessage, and back again', async () => {
  const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(transfer(output));
  const [ticket] = (await once(port2, 'message')) as [Transferred<Output<number>>];
  const back = attach(ticket);
  input.write(1);
  expect(back.read()).toBe(1);
  port1.close();
  input.close();
  back.close();
});

test('spawn: a worker that ends without attaching gives its end up', async () => {
  const [input, output]: [Input<number>, Output<number>] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  const worker: Worker = spawn('0', { output }, { eval: true } as never);
  await once(worker, 'exit');
  await until(() => input.isClosed, 'the ticket is revoked');
  input.close();
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});
