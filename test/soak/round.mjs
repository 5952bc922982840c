// One round of the soak on a queue: its workers, and whether all adds up when they have ended.
import { account } from './account.mjs';
import { Lives } from './life.mjs';
import { LONGEST, read } from './message.mjs';
import { SENDERS, clearBooks, see, totals } from './tally.mjs';
import { within } from './within.mjs';

const RECEIVERS = 3;

/** Plays a round of `lane`; answers with the channel's figures, what was seen, how workers ended, and what was wrong. */
export async function playRound(lane, random, books) {
  clearBooks(books);
  const [tx, rx] = lane.open(random);
  const keepsReceiver = !lane.sole && random.once(0.5);
  const lives = new Lives(random, { books, longest: lane.longest ?? LONGEST });
  const several = (most, begin) => Array.from({ length: 1 + random.below(most) }, (_, index) => begin(index));
  const receivers = lane.sole
    ? [lives.start('receiver', 0, rx)]
    : several(RECEIVERS, (index) => lives.start('receiver', index, rx.clone()));
  const senders = several(SENDERS, (index) => lives.start('sender', index, tx.clone()));
  // One end stays here, of one side or the other, to see how it all comes out.
  const watch = keepsReceiver ? rx : tx;
  if (keepsReceiver) tx.close();
  else if (!lane.sole) rx.close();

  const rest = keepsReceiver
    ? Promise.all(receivers).then(() => drain(watch, books))
    : Promise.all(senders).then(() => watch.end());
  await within(Promise.all([rest, ...senders, ...receivers]), () => JSON.stringify(watch.stats()));

  const stats = watch.stats();
  const seen = totals(books);
  watch.close();
  const how = { killed: lives.killed('receiver'), drops: lane.drops === true, drained: keepsReceiver };
  const faults = [...lives.faults, ...account(stats, seen, how)];
  return { stats, seen, ended: lives.ended, faults };
}

async function drain(rx, books) {
  for await (const bytes of rx) see(books, read(bytes));
}
