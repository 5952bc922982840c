// The watchdog and dealer of the hunt: `node hunt.cjs SECONDS SEED`. It prints a line of progress a second, and what it
// finds; it ends with 0 or 1.
const { once } = require('node:events');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');
const { inspect, revoke, transfer } = require('millrace');
const { chance } = require('../fuzz/fixtures/chance.cjs');
const { Board, endless, players } = require('./board.cjs');
const { deal } = require('./deal.cjs');
const { faultsOf } = require('./faults.cjs');

const [seconds, seed] = process.argv.slice(2).map(Number);
/** What must happen happens within so many milliseconds, on whatever machine. */
const patience = 60_000;
/** Nobody moves for so long: a standstill. */
const stillness = 15;

const board = new Board();
const random = chance(seed);
const table = Array.from({ length: players }, () => ({}));
const told = { games: 0, deadlocks: 0, deaths: 0 };
const start = performance.now();
let failed;

async function seat(me) {
  const place = table[me];
  place.worker = new Worker(join(__dirname, 'player.cjs'), { workerData: { me, memory: board.memory } });
  place.thread = place.worker.threadId;
  place.isDead = false;
  place.worker.on('message', (what) => {
    place.isDone = true;
    place.hasLeft = what === 'left';
  });
  place.worker.on('error', (error) => {
    if (error.message !== 'as it was told') failed ??= `a verb threw what it may not: ${error.stack}`;
  });
  place.worker.once('exit', () => {
    place.isDead = true;
    place.isDone = true;
    place.hasLeft = true;
    told.deaths += 1;
  });
  await once(place.worker, 'online');
}

async function game() {
  board.clear();
  const keeps = random.once(0.9);
  const { hands, kept } = deal(random, keeps);
  const tickets = hands.map((hand) => transfer(hand));
  const dying = random.once(0.06) ? random.below(players) : -1;
  for (const [me, place] of table.entries()) {
    const calls = 20 + random.below(40);
    const dies = { at: 1 + random.below(calls), manner: random.oneOf(['exits', 'throws']) };
    place.isDone = false;
    place.hasLeft = false;
    place.isLeaving = false;
    place.worker.postMessage({
      seed: random.below(2 ** 31),
      ends: tickets[me],
      calls,
      dies: me === dying ? dies : undefined,
    });
  }
  const victim = random.once(0.03) ? random.below(players) : -1;
  if (victim >= 0) void table[victim].worker.terminate();
  await watch(tickets, kept);
  for (const end of kept) end.close();
  table.filter(({ isLeaving }) => !isLeaving).forEach(sendOff);
  await within(() => table.every(({ hasLeft }) => hasLeft), 'a player does not leave');
  tickets.forEach(revoke);
  for (const [me, place] of table.entries()) if (place.isDead) await seat(me);
  await within(() => inspect().length === 0, 'a channel is left when all its ends are gone');
  told.games += 1;
}

/** Until all are done: who moves no more although he could is found, who cannot is freed. */
async function watch(tickets, kept) {
  let before = [];
  let since = performance.now();
  for (;;) {
    await sleep(1);
    for (const [me, place] of table.entries()) if (place.isDead) revoke(tickets[me]);
    const active = table.flatMap(({ isDone }, me) => (isDone ? [] : [board.look(me)]));
    if (failed !== undefined || active.length === 0) return;
    const steps = active.map((who) => `${who.player}:${who.steps}`).join();
    const still = performance.now() - since;
    if (steps !== before) {
      before = steps;
      since = performance.now();
    } else if (still > stillness && active.every(({ verb, limit }) => verb !== '' && limit === endless)) {
      if (await isDeadlock(active)) await free(active, kept);
      since = performance.now();
    } else if (still > patience) {
      tell('nobody moves, though not all wait for ever', active);
      return;
    }
  }
}

/** True: everybody waits for somebody else, as programs may. A fault that does not go away by itself is told. */
async function isDeadlock(active) {
  const began = performance.now();
  for (;;) {
    const who = active.map((one) => ({ ...one, thread: table[one.player].thread }));
    const faults = faultsOf(who, channels());
    const isStill = active.every(({ player, steps: then }) => board.look(player).steps === then);
    if (!isStill) return false;
    if (faults.length === 0) return true;
    if (performance.now() - began > patience) {
      tell(faults.join('\n'), active);
      return false;
    }
    await sleep(5);
  }
}

/** A player closes its ends; its game is over. */
function sendOff(place) {
  place.isLeaving = true;
  place.worker.postMessage('leave');
}

/** Somebody who is done leaves, what the dealer has kept goes, or one of those who wait dies. */
async function free(active, kept) {
  told.deadlocks += 1;
  const idle = table.find(({ isDone, isLeaving }) => isDone && !isLeaving);
  if (idle !== undefined) {
    sendOff(idle);
    await within(() => idle.hasLeft, 'a player does not leave');
    return;
  }
  if (kept.length > 0 && random.once(0.95)) {
    const [end] = kept.splice(random.below(kept.length), 1);
    const how = random.oneOf(['close', 'end', 'cancel']);
    if (typeof end[how] === 'function') end[how]();
    end.close();
    return;
  }
  const { player } = random.oneOf(active);
  void table[player].worker.terminate();
  await within(() => table[player].isDead, `player ${player}, which waits, is not ended by terminate()`);
}

/** Waits until something holds that must come to hold. */
async function within(holds, what) {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > patience)
      return tell(
        what,
        [0, 1, 2].map((me) => board.look(me)),
      );
    await sleep(1);
  }
  return undefined;
}

function channels() {
  const byNumber = [];
  for (const channel of inspect()) {
    const number = Number(channel.label);
    byNumber[number] = { ...channel, packed: board.isPacked(number) };
  }
  return byNumber;
}

/** Who waits for what. */
function tell(what, looks) {
  const waits = looks.map(({ player, verb, limit, steps, missed, ...on }) => {
    const names = Object.entries(on).filter(([, numbers]) => numbers.length > 0);
    const where = names.map(([name, numbers]) => `${name} ${numbers.join(', ')}`).join('; ');
    const time = limit === endless ? 'for ever' : `at most ${limit} ms`;
    return `  player ${player}, thread ${table[player].thread}: ${verb || 'between two verbs'} (${time}) ${where}`;
  });
  const open = inspect().map((channel) => {
    const { label, flavor, capacity, length, waitingSenders, waitingReceivers, ends } = channel;
    const holders = ends.map(({ side, thread }) => `${side} ${thread}`).join(', ');
    return `  ${label} ${flavor}(${capacity}): ${length} queued, ${waitingSenders} sends and ${waitingReceivers} receives wait; ${holders}`;
  });
  failed ??= [`${what}`, 'who waits:', ...waits, 'on what:', ...open].join('\n');
}

async function run() {
  for (let me = 0; me < players; me += 1) await seat(me);
  let last = 0;
  while (failed === undefined && performance.now() - start < seconds * 1000) {
    await game();
    const now = Math.floor((performance.now() - start) / 1000);
    if (now === last && failed === undefined) continue;
    last = now;
    console.log(JSON.stringify({ seconds: now, ...told, verbs: verbs() }));
  }
  if (failed !== undefined) console.log(JSON.stringify({ failed, game: told.games }));
  process.exit(failed === undefined ? 0 : 1);
}

/** All steps are two to a verb. */
function verbs() {
  return [0, 1, 2].reduce((sum, me) => sum + board.look(me).steps, 0) >> 1;
}

void run();
