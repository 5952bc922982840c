// Arguments that no JavaScript of ours would pass: wrong kinds, memory that is gone or goes, arrays that do things.

/** `act` is something else that a getter does meanwhile; `world` has what is live. */
function hostileOf({ below, oneIn, pick }, world, act) {
  const bytes = (length) => new Uint8Array(length);
  const detached = () => {
    const view = bytes(64);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return view;
  };
  const shrunk = () => {
    const buffer = new ArrayBuffer(4096, { maxByteLength: 8192 });
    const view = oneIn(2) ? new Uint8Array(buffer) : new Uint8Array(buffer, 1024, 2048);
    buffer.resize(pick([0, 16, 2000]));
    return view;
  };
  const grows = () => {
    const shared = new SharedArrayBuffer(64, { maxByteLength: 8192 });
    const view = new Uint8Array(shared);
    shared.grow(below(8192 - 64) + 64);
    return view;
  };
  /** A view whose memory a getter of another argument may take away. */
  const going = () => {
    const view = bytes(pick([8, 64, 4096, 65_536]));
    world.going = view;
    return view;
  };
  const takeAway = () => {
    const { going } = world;
    if (going?.buffer instanceof ArrayBuffer && going.length > 0) {
      structuredClone(going.buffer, { transfer: [going.buffer] });
    }
  };
  const element = () => pick(world.handles.concat([-1, 0, 1, 2.5, undefined, '1', going(), bytes(8)]));
  const withGetter = () => {
    const list = Array.from({ length: below(5) + 1 }, element);
    return Object.defineProperty(list, below(list.length), {
      get() {
        takeAway();
        if (oneIn(4)) throw new Error('a getter');
        act();
        return element();
      },
    });
  };
  const counts = [
    0,
    1,
    2,
    7,
    8,
    63,
    64,
    65,
    255,
    256,
    4096,
    65_536,
    2 ** 20,
    2 ** 30,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53,
  ];
  const makers = [
    () => undefined,
    () => null,
    () => pick([NaN, -1, -0, 0.5, -Infinity, 1e300, -(2 ** 31), 2 ** 53 + 2]),
    () => pick(counts),
    () =>
      pick([
        '',
        'text',
        'x'.repeat(below(5000)),
        '\ud800',
        'a\0b',
        Symbol('symbol'),
        10n ** 30n,
        true,
        false,
      ]),
    () =>
      pick([
        {},
        () => 1,
        /r/,
        new Date(0),
        new Map(),
        new Proxy([], {}),
        Object.create(null),
        Promise.resolve(),
      ]),
    () => ({ valueOf: act, toString: act, [Symbol.toPrimitive]: act }),
    () => new Proxy(bytes(8), { get: act }),
    () =>
      pick([
        [],
        [[]],
        new Array(below(100)),
        new Array(2 ** 32 - 1),
        Object.assign(new Array(3), { 0: undefined, 2: 1 }),
      ]),
    () => Array.from({ length: below(300) }, element),
    withGetter,
    detached,
    shrunk,
    grows,
    going,
    () => bytes(pick([0, 1, 7, 8, 64, 65, 4096, 4097, 65_537])),
    () => new Uint8Array(bytes(100).buffer, below(50), below(50)),
    () => new Uint8Array(new SharedArrayBuffer(below(200))),
    () =>
      pick([
        new Float64Array(4),
        new DataView(new ArrayBuffer(8)),
        new ArrayBuffer(8),
        Buffer.alloc(6, 'buffer'),
        new BigInt64Array(2),
      ]),
    () => Uint32Array.from({ length: below(6) }, () => pick(counts)),
    () => pick(world.handles.concat(world.spent, world.waits, world.refs, world.tickets, [0])),
  ];
  return () => pick(makers)();
}

module.exports = { hostileOf };
