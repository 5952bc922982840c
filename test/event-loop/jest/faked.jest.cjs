// Jest's fake timers, as a test uses them: nothing of millrace waits for them.
const { failing, idleShare } = require('../fixtures/waiting-verbs.cjs');

const patience = 300_000;

afterEach(() => jest.useRealTimers());

test(
  'nothing waits for the fake timers',
  async () => {
    jest.useFakeTimers();
    expect(setTimeout.clock).toBeDefined();
    expect(await failing()).toEqual({});
    expect(await idleShare()).toBeLessThan(0.5);
  },
  patience,
);

test(
  'nor once they are put back',
  async () => {
    jest.useFakeTimers().useRealTimers();
    expect(await failing()).toEqual({});
  },
  patience,
);

test(
  'nor where the package is loaded under them',
  async () => {
    jest.useFakeTimers();
    await jest.isolateModulesAsync(async () => {
      expect(await require('../fixtures/waiting-verbs.cjs').failing()).toEqual({});
    });
  },
  patience,
);
