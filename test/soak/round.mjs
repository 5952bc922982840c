// One round of the soak: a channel, its workers, how each of them ends, and whether all adds up when they have.
import { spawn } from 'millrace';
import { account } from './account.mjs';
import { LONGEST, read } from './message.mjs';
import { SENDERS, clearBooks, see, totals } from './tally.mjs';

const workerFile = new URL('worker.mjs', import.meta.url);
const RECEIVERS = 3;
/** Milliseconds that senders send, and after which a round counts as hanging. */
const SENDING = 800;
const HANGING = 60_000;

/** How a worker may end before its time, and how many do. The last four are terminated. */
export const manners = ['returns', 'throws', 'exits', 'busy', 'blocked', 'awaiting', 'anywhere'];
const terminated = new Set(manners.slice(3));
const EARLY = 0.4;
/** Messages after which it does. */
const FUSE = 300;

/** Plays a round of `lane`; answers with the channel's figures, what was seen, how workers ended, and what was wrong. */
export async function playRound(lane, random, books) {
  clearBooks(books);
  const [tx, rx] = lane.open(random);
  const keepsReceiver = !lane.sole && random.once(0.5);
  const faults = [];
  const ended = [];
  const start = (side, index, end) => {
    const manner = random.once(EARLY) ? random.oneOf(manners) : 'lives';
    ended.push({ side, manner });
    const plan = { side, index, end, books, manner, longest: lane.longest ?? LONGEST };
    return live(
      { ...plan, seed: random.below(2 ** 31), fuse: random.below(FUSE), lasting: SENDING },
      random,
      faults,
    );
  };
  const several = (most, begin) => Array.from({ length: 1 + random.below(most) }, (_, index) => begin(index));
  const receivers = lane.sole
    ? [start('receiver', 0, rx)]
    : several(RECEIVERS, (index) => start('receiver', index, rx.clone()));
  const senders = several(SENDERS, (index) => start('sender', index, tx.clone()));
  // One end stays here, of one side or the other, to see how it all comes out.
  const watch = keepsReceiver ? rx : tx;
  if (keepsReceiver) tx.close();
  else if (!lane.sole) rx.close();

  const rest = keepsReceiver
    ? Promise.all(receivers).then(() => drain(watch, books))
    : Promise.all(senders).then(() => watch.end());
  await within(HANGING, Promise.all([rest, ...senders, ...receivers]), () => JSON.stringify(watch.stats()));

  const stats = watch.stats();
  const seen = totals(books);
  watch.close();
  const killed = ended.filter(({ side, manner }) => side === 'receiver' && terminated.has(manner)).length;
  faults.push(...account(stats, seen, { killed, drops: lane.drops === true, drained: keepsReceiver }));
  return { stats, seen, ended, faults };
}

/** One worker, from its start to its exit. */
async function live(plan, random, faults) {
  const worker = spawn(workerFile, plan);
  const exit = new Promise((resolve) => worker.once('exit', resolve));
  worker.on('error', (error) => {
    if (error.message !== 'as told') faults.push(`a ${plan.side} failed: ${error.stack}`);
  });
  const killWithin = (milliseconds) => setTimeout(() => worker.terminate(), random.below(milliseconds));
  // It is there where it is to be terminated.
  worker.on('message', () => killWithin(SENDING / 8));
  if (plan.manner === 'anywhere') killWithin(2 * SENDING);
  await exit;
}

async function drain(rx, books) {
  for await (const bytes of rx) see(books, read(bytes));
}

/** What `promise` gives, or an error with what `tell` says when that takes too long. */
async function within(milliseconds, promise, tell) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a round hangs: ${tell()}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
