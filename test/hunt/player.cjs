// A thread of the hunt: it makes random blocking calls on the ends that it is dealt, game after game.
const { parentPort, workerData } = require('node:worker_threads');
const { ChannelError, after, attach, selectSync, sending } = require('millrace');
const { chance } = require('../fuzz/fixtures/chance.cjs');
const { Board, Field, Kept, endless } = require('./board.cjs');

const { me, memory } = workerData;
const board = new Board(memory);
const bit = (number) => 1 << number;
const most = 6;
const weights = {
  send: 24,
  receive: 24,
  select: 14,
  call: 8,
  serve: 8,
  change: 8,
  write: 8,
  drained: 5,
  close: 4,
  clone: 4,
  subscribe: 2,
  end: 0.5,
};

/** The ends of one game, by what can be done with them; each `{ number, end }`. */
let hand;
let random;

function play({ seed, ends, calls, dies }) {
  random = chance(seed);
  hand = attach(ends);
  for (let left = calls; left > 0; left -= 1) {
    if (dies?.at === left) return die(dies.manner);
    try {
      moves[random.weighted(weights)]();
    } catch (error) {
      // Closed, failed, lost, spent, or never to end: each is an answer.
      if (!(error instanceof ChannelError) || error.code === 'ERR_CHANNEL_INTERNAL') throw error;
    } finally {
      board.leave(me);
    }
  }
  // Nothing is closed yet, which would tell those who wait to look.
  return parentPort.postMessage('done');
}

function leave() {
  for (const { end } of Object.values(hand).flat()) end.close();
  parentPort.postMessage('left');
}

function die(manner) {
  if (manner === 'exits') process.exit(3);
  throw new Error('as it was told');
}

/** A verb that waits for nobody. */
function doing(verb, act) {
  board.enter(me, verb, 0);
  try {
    return act();
  } finally {
    board.leave(me);
  }
}

/** A verb that may wait, and on which channels: half of them have a timeout. */
function waiting(verb, on, act) {
  const timeout = random.once(0.7) ? random.below(4) : undefined;
  board.enter(me, verb, timeout ?? endless, on);
  const answer = act(timeout === undefined ? {} : { timeout });
  board.leave(me);
  return answer;
}

const bytes = () => new Uint8Array(random.oneOf([0, 8, 64, 200]));
const oneOf = (kind) => random.oneOf(hand[kind]);

const moves = {
  send() {
    const one = oneOf('senders');
    if (one === undefined) return;
    const { number, end } = one;
    const on = { sends: bit(number) };
    const how = random.weighted({
      one: 5,
      many: 2,
      ref: 2,
      batch: end.subscribe === undefined ? 1 : 0,
      try: 2,
    });
    if (how === 'one') waiting('sendSync', on, (wait) => end.sendSync(bytes(), wait));
    else if (how === 'many')
      waiting('sendManySync', on, (wait) => end.sendManySync([bytes(), bytes()], wait));
    else if (how === 'try') doing('try', () => end.trySend(bytes()));
    else if (how === 'ref') {
      const ref = end.sendRef(16);
      try {
        waiting('sendRef.sendSync', on, (wait) => ref.sendSync(8, wait));
      } finally {
        ref[Symbol.dispose]();
      }
    } else {
      board.add(number, Kept.packed);
      const batch = end.batch({ bytes: 256 });
      try {
        for (let count = 0; count < 3; count += 1) batch.trySend(bytes());
        waiting('batch.flushSync', on, (wait) => batch.flushSync(wait));
      } finally {
        // What found no room stays as a pending send.
        batch.close();
      }
    }
  },
  receive() {
    const one = oneOf('receivers');
    if (one === undefined) return;
    const { number, end } = one;
    const on = { receives: bit(number) };
    const how = random.weighted({ one: 5, many: 2, into: 2, iterate: 1, forward: 2, try: 2 });
    if (how === 'one') waiting('recvSync', on, (wait) => end.recvSync(wait));
    else if (how === 'many') waiting('recvManySync', on, (wait) => end.recvManySync(3, wait));
    else if (how === 'into')
      waiting('recvIntoSync', on, (wait) => end.recvIntoSync(new Uint8Array(256), wait));
    else if (how === 'try') doing('try', () => end.tryRecv());
    else if (how === 'iterate') {
      board.enter(me, 'iterSync', endless, on);
      end.iterSync()[Symbol.iterator]().next();
    } else {
      const ref = waiting('recvRefSync', on, (wait) => end.recvRefSync(wait));
      const to = oneOf('senders');
      if (ref === undefined) return;
      try {
        if (to !== undefined) {
          waiting('forwardSync', { sends: bit(to.number) }, (wait) => ref.forwardSync(to.end, wait));
        }
      } finally {
        ref[Symbol.dispose]();
      }
    }
  },
  select() {
    const on = { receives: 0, sends: 0 };
    const cases = {};
    for (let count = random.below(4) + 1; count > 0; count -= 1) {
      const kind = random.oneOf(['receivers', 'receivers', 'senders', 'responders', 'outputs', 'watchers']);
      const one = oneOf(kind);
      if (one === undefined) continue;
      on[kind === 'senders' ? 'sends' : 'receives'] |= bit(one.number);
      cases[`${kind}${one.number}.${count}`] = kind === 'senders' ? sending(one.end, bytes()) : one.end;
    }
    if (Object.keys(cases).length === 0) return;
    const timed = random.once(0.2);
    if (timed) cases.after = after(random.below(6));
    const biased = random.once(0.3);
    board.enter(me, 'selectSync', timed ? 5 : endless, on);
    const { key, value } = selectSync(cases, { biased });
    board.leave(me);
    if (key?.startsWith('responders') && value !== undefined) answer(value, Number(/\d+/.exec(key)[0]));
  },
  call() {
    const one = oneOf('callers');
    if (one === undefined) return;
    waiting('callSync', { calls: bit(one.number) }, (wait) => one.end.callSync(bytes(), wait));
  },
  serve() {
    const one = oneOf('responders');
    if (one === undefined) return;
    const { number, end } = one;
    const request = waiting('recvSync', { receives: bit(number) }, (wait) => end.recvSync(wait));
    if (request !== undefined) answer(request, number);
  },
  change() {
    const one = random.oneOf([...hand.outputs, ...hand.watchers]);
    if (one === undefined) return;
    const { number, end } = one;
    doing('try', () => (end.update === undefined ? end.get() : end.update()));
    waiting('changedSync', { receives: bit(number) }, (wait) => end.changedSync(wait));
  },
  write() {
    const one = random.oneOf([...hand.inputs, ...hand.setters]);
    if (one === undefined) return;
    const { number, end } = one;
    board.add(number, Kept.begun);
    doing('write', () => (end.write === undefined ? end.set(bytes()) : end.write(new Uint8Array(8))));
    board.add(number, Kept.done);
  },
  drained() {
    const one = oneOf('senders');
    if (one === undefined) return;
    waiting('drainedSync', { drains: bit(one.number) }, (wait) => one.end.drainedSync(wait));
  },
  close() {
    const kind = random.oneOf(Object.keys(hand));
    const at = random.below(hand[kind].length);
    const [one] = hand[kind].splice(at, 1);
    if (one !== undefined) doing('close', () => one.end.close());
  },
  clone() {
    const kind = random.oneOf(Object.keys(hand));
    const one = oneOf(kind);
    if (one?.end.clone === undefined || hand[kind].length >= most) return;
    hand[kind].push({ number: one.number, end: doing('clone', () => one.end.clone()) });
  },
  subscribe() {
    const one = random.oneOf([...hand.senders, ...hand.setters].filter(({ end }) => end.subscribe));
    if (one === undefined) return;
    const kind = hand.senders.includes(one) ? 'receivers' : 'watchers';
    hand[kind].push({ number: one.number, end: doing('subscribe', () => one.end.subscribe()) });
  },
  end() {
    const [sender, receiver] = [oneOf('senders'), oneOf('receivers')];
    const how = random.oneOf(['end', 'fail', 'cancel']);
    const one = how === 'cancel' ? receiver : sender;
    if (one !== undefined) doing(how, () => one.end[how](new Error('as it was told')));
  },
};

/** A request is answered, or dropped; now, or after something else. */
function answer(request, number) {
  board.put(me, Field.holds, board.get(me, Field.holds) | bit(number));
  try {
    if (random.once(0.3)) moves[random.oneOf(['send', 'receive', 'drained', 'change'])]();
  } finally {
    board.put(me, Field.holds, board.get(me, Field.holds) & ~bit(number));
    const how = random.weighted({ reply: 6, fail: 1, drop: 1 });
    doing('reply', () => {
      if (how === 'reply') request.reply(bytes());
      else if (how === 'fail') request.fail(new Error('as it was told'));
      else request[Symbol.dispose]();
    });
  }
}

parentPort.on('message', (message) => (message === 'leave' ? leave() : play(message)));
