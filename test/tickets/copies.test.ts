// Two copies of the package in one process: each works, they know each other's errors, and say so of a ticket.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ours from 'millrace';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'millrace-copy-'));
// The manifest of the binding makes it a checkout, whose binary is looked for in npm/.
for (const part of ['dist', 'npm', 'package.json', 'crates/binding/Cargo.toml'])
  cpSync(join(root, part), join(folder, part), { recursive: true });
const theirs = createRequire(import.meta.url)(join(folder, 'dist/index.js')) as typeof ours;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each copy works', async () => {
  for (const { bounded, attach, transfer } of [ours, theirs]) {
    const [sender, receiver] = bounded(1, { codec: 'text' });
    const attached = attach(transfer(sender));
    const received = receiver.recv();
    await attached.send('hello');
    expect(await received).toBe('hello');
    attached.close();
    expect(() => receiver.tryRecv()).toThrow(ours.ChannelClosedError);
    expect(() => receiver.tryRecv()).toThrow(theirs.ChannelClosedError);
    receiver.close();
  }
});

test('instanceof works across copies, and tells the classes apart', () => {
  for (const [one, other] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    expect(one.ChannelClosedError).not.toBe(other.ChannelClosedError);
    const error = new one.ChannelClosedError('closed');
    expect(error instanceof other.ChannelClosedError).toBe(true);
    expect(error instanceof other.ChannelError).toBe(true);
    expect(error instanceof other.ChannelStateError).toBe(false);
    expect(new Error('closed') instanceof other.ChannelError).toBe(false);
  }
});

test('a ticket of another copy is refused, says so, and stays good where it was made', () => {
  for (const [maker, other] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    const [sender, receiver] = maker.bounded(1, { codec: 'text' });
    const ticket = maker.transfer(sender);
    expect(() => other.attach(ticket)).toThrow(maker.ChannelStateError);
    expect(() => other.attach(ticket)).toThrow(/another copy/);
    expect(receiver.stats()).toMatchObject({ tickets: 1 });
    maker.attach(ticket).close();
    receiver.close();
  }
});

test('a handle of another copy is not taken for one of ours: its clone is refused all the same', () => {
  const [sender, receiver] = theirs.bounded(1, { codec: 'text' });
  expect(() => structuredClone(ours.transfer({ sender }))).toThrow(
    expect.objectContaining({ name: 'DataCloneError' }),
  );
  sender.close();
  receiver.close();
});
