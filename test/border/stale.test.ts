// A spent handle stays spent, however often its slot is used again: no verb of it reaches another channel.
import { ChannelStateError, attach, bounded, transfer, tripleBuffer } from 'millrace';
import { expect, test } from 'vitest';

const made = () => bounded(4);
type Ends = ReturnType<typeof made>;

/** More than a slot's names that are small integers, and several times as many as come to be used again. */
const reuses = 5000;

/** Makes and closes channels, and looks at each whether a spent handle reaches it. */
function throughReuses(look: (stranger: Ends) => void): void {
  for (let reuse = 0; reuse < reuses; reuse += 1) {
    const stranger = made();
    stranger[0].trySend(Uint8Array.of(1));
    look(stranger);
    expect(stranger[0].stats()).toMatchObject({ length: 1, sent: 1, discarded: 0, senders: 1, receivers: 1 });
    for (const end of stranger) end.close();
  }
}

const spentBy = {
  close: (ends: Ends) => ends.forEach((end) => end.close()),
  transfer: (ends: Ends) => attach(transfer(ends)).forEach((end) => end.close()),
};

test.each(Object.entries(spentBy))('after %s, over 5,000 uses of its slot', (_, spend) => {
  const [tx, rx] = made();
  spend([tx, rx]);
  const target = new Uint8Array(8);
  const verbs: (() => unknown)[] = [
    () => tx.trySend(target),
    () => tx.sendSync(target, { timeout: 0 }),
    () => tx.trySendMany([target]),
    () => tx.clone(),
    () => tx.end(),
    () => rx.tryRecv(),
    () => rx.recvSync({ timeout: 0 }),
    () => rx.tryRecvInto(target),
    () => rx.recvIntoSync(target, { timeout: 0 }),
    () => rx.tryRecvMany(4),
    () => rx.latest(),
    () => rx.clone(),
    () => rx.cancel(),
  ];
  let verb = 0;
  throughReuses(() => {
    verb = (verb + 1) % verbs.length;
    expect(verbs[verb]).toThrow(ChannelStateError);
  });
});

test('the ends of a triple buffer too', () => {
  const [input, output] = tripleBuffer({ byteLength: 8 });
  input.close();
  output.close();
  const verbs = [
    () => input.publish(8),
    () => input.write(new Uint8Array(8)),
    () => output.update(),
    () => output.read(),
  ];
  for (let reuse = 0; reuse < reuses; reuse += 1) {
    const [other, reader] = tripleBuffer({ byteLength: 8 });
    other.publish(1);
    expect(verbs[reuse % verbs.length]).toThrow(ChannelStateError);
    expect(reader.updated).toBe(true);
    expect([input.buffer.length, output.buffer.length]).toEqual([0, 0]);
    other.close();
    reader.close();
  }
});
