// Random calls of every export: what is passed, and what of the answers is live from then on.
const { exportsOf } = require('./exports.cjs');
const { hostileOf } = require('./hostile.cjs');

/** So many of a kind are kept live. */
const most = 48;
/** What the object of exports keeps beside them: it is not called. */
const kept = new Set(['outcome', 'staging', 'listener', 'probe']);
/** Exports that print, or that few calls are enough of. */
const rare = new Set(['tellOpen', 'trace', 'inspect', 'instance']);
const makesHandles = new Set(['create', 'createCalls', 'createLatest', 'createBroadcast', 'createWatch']);

function callsOf(chance, image, leave) {
  const { below, oneIn, pick } = chance;
  const names = Object.keys(exportsOf);
  const outcome = new Float64Array(32);
  // Without homes: where there are any it is src/border/homes.ts that takes lent memory from the caller.
  const open = () =>
    image.open(
      outcome,
      new Uint8Array(8192),
      () => undefined,
      () => undefined,
      true,
      false,
      process.versions.uv,
    );
  const world = { handles: [], spent: [], waits: [], refs: [], tickets: [], buffers: [], going: undefined };
  /** Another environment of the thread, whose handles are not the first's. */
  const natives = [open(), open()];
  const missing = [
    ...names.filter((name) => !(name in natives[0])),
    ...Object.keys(natives[0]).filter((name) => !(name in exportsOf || kept.has(name))),
  ];
  if (missing.length > 0) throw new Error(`exports.cjs and the addon differ in ${missing.join(', ')}`);

  /** Whether tickets go from one environment to another. */
  const crosses = oneIn(2);
  let depth = 0;
  /** Calls that wait for ever and have not returned; what a getter calls meanwhile makes no tickets. */
  let forEver = 0;
  const act = () => {
    if (depth > 2) return undefined;
    return one();
  };
  const hostile = hostileOf(chance, world, act);
  const some = (list, other) => (list.length > 0 && !oneIn(8) ? pick(list) : other());
  const view = () => new Uint8Array(pick([8, 64, 100, 4096, 8192, 65_536]));
  const count = () => pick([0, 1, 2, 3, 8, 64, 1000]);
  const list = (one, longest = 5) => Array.from({ length: below(longest) }, one);
  const kinds = {
    handle: () => some(world.handles, () => some(world.spent, count)),
    flavor: () => below(4),
    capacity: () => pick([0, 0, 1, 2, 4, 64]),
    spin: () => pick([-1, 0, 1]),
    label: () => pick([undefined, 'label']),
    meta: () => '{}',
    attempts: () => pick([-1, -1, 0, 1, 2]),
    letters: () => pick([-1, -1, -1, kinds.handle()]),
    maxBytes: () => pick([-1, -1, -1, 10, 100, 5000]),
    overflow: () => pick([0, 0, 1, 2]),
    slotBytes: () => pick([-1, -1, -1, 16, 200, 5000]),
    flag: () => oneIn(2),
    small: count,
    length: () => pick([0, 1, 8, 64, 65, 5000, 70_000]),
    bytes: () => (oneIn(2) ? pick([0, 1, 8, 64, 65, 4096]) : view()),
    view,
    buffer: () =>
      some(
        world.buffers.filter((one) => one instanceof ArrayBuffer),
        () => view().buffer,
      ),
    shown: () => (oneIn(2) ? kinds.buffer() : view()),
    offset: () => pick([0, 0, 8, 64, 4096]),
    lengths: () =>
      oneIn(4) ? undefined : Uint32Array.from({ length: below(12) }, () => pick([0, 1, 8, 9, 64, 100])),
    parts: () => (oneIn(2) ? view() : list(view)),
    timeout: () => (oneIn(50) ? 1 : oneIn(20) ? Infinity : 0),
    brief: () => (oneIn(50) ? 1 : 0),
    handles: () => list(kinds.handle),
    values: () => list(() => pick([undefined, view()])),
    order: () => list(() => below(5)),
    wait: () => some(world.waits, count),
    ref: () => some(world.refs, count),
    tickets: () => list(() => some(world.tickets, () => 'no-ticket')),
  };

  const keep = (kind, value) => {
    const live = world[kind];
    live.push(value);
    if (live.length > most) live.splice(below(live.length), 1);
  };
  const keepHandle = (native, handle) => {
    keep('handles', handle);
    if (world.handles.length < most) return;
    const [old] = world.handles.splice(below(world.handles.length), 1);
    keep('spent', old);
    native.close(old);
  };

  /** What an answer makes live. */
  function note(native, name, answer) {
    if (makesHandles.has(name) && answer === 0)
      [outcome[0], outcome[1]].forEach((handle) => keepHandle(native, handle));
    else if ((name === 'clone' || name === 'subscribe') && answer === 0) keepHandle(native, outcome[0]);
    else if ((name === 'makeRef' || name === 'takeRef') && answer >= 0) keep('refs', answer);
    else if (name === 'makeTickets' && Array.isArray(answer)) {
      world.tickets.push(...answer);
      if (world.tickets.length > most) native.revoke(world.tickets.splice(0, world.tickets.length));
    } else if (name === 'redeem' && Array.isArray(answer))
      answer.forEach((handle) => keepHandle(native, handle));
    else if (typeof answer === 'number' && answer <= -16) keep('waits', -16 - answer);
    else if (answer instanceof ArrayBuffer || ArrayBuffer.isView(answer)) keep('buffers', answer);
  }

  /**
   * Shortens a wait that nobody would end, and says whether it will not wait for ever: a wait for ever is told that
   * every other end is its own environment's, unless one is a ticket, or another environment's.
   */
  function endsByItself(name, args) {
    const at = exportsOf[name].findIndex((kind) => kind === 'timeout' || kind === 'brief');
    if (at < 0 || typeof args[at] !== 'number' || !(args[at] > 1)) return true;
    const told = exportsOf[name][at] === 'timeout' && world.tickets.length === 0 && !crosses;
    if (told && args[at] === Infinity) return false;
    args[at] = 1;
    return true;
  }

  function one() {
    let native = natives[oneIn(20) ? 1 : 0];
    let name = pick(names);
    if (rare.has(name) && !oneIn(500)) name = 'trySend';
    if (name === 'makeTickets' && forEver > 0) name = 'trySend';
    if (name === 'redeem' && !crosses) native = natives[0];
    const args = exportsOf[name].map((kind) => (oneIn(5) ? hostile() : kinds[kind]()));
    const ends = endsByItself(name, args);
    leave(name, args);
    depth += 1;
    forEver += ends ? 0 : 1;
    try {
      const answer = native[name](...args);
      note(native, name, answer);
      return answer;
    } catch (error) {
      // What a getter threw, or a call within a call, or an internal error that is told: all but an abort.
      return error;
    } finally {
      depth -= 1;
      forEver -= ends ? 0 : 1;
    }
  }

  /** A failed `open`, or one more environment of the thread. */
  function reopen() {
    try {
      image.open(...Array.from({ length: below(8) }, hostile));
    } catch {
      // Refused.
    }
  }

  return { one, reopen, revokeAll: () => natives[0].revoke(world.tickets.splice(0)) };
}

module.exports = { callsOf };
