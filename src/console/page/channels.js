// What the server tells, step by step: every channel as it is now.

/** Figures that only some channels have: -1 where they are not kept. */
const optional = new Set(['oldest', 'waitP50', 'waitP99', 'waits', 'waitTotal']);

export class Channels {
  /** By number. Each has a `version` that changes whenever it looks different. */
  all = new Map();
  #names = [];
  #flavors = [];
  #standstillMs = 0;

  /** What the rest is told by. */
  begin({ names, flavors, standstillMs }) {
    this.all.clear();
    this.#names = names;
    this.#flavors = flavors;
    this.#standstillMs = standstillMs;
  }

  /** Takes over what a look saw; `gone` is null where everything is told. */
  take({ at, rows, named, gone }) {
    if (gone === null) this.all.clear();
    for (let next = 0; next < rows.length;) {
      const channel = this.#known(rows[next]);
      const figures = this.#names.filter((_, place) => (rows[next + 1] & (1 << place)) !== 0);
      next += 2;
      for (const name of figures) channel[name] = this.#read(name, rows[next++]);
      channel.version += 1;
    }
    for (const { id, label, ends } of named) {
      const channel = this.#known(id);
      channel.label = label;
      channel.ends = ends;
      channel.version += 1;
    }
    for (const id of gone ?? []) this.all.delete(id);
    for (const channel of this.all.values()) this.#settle(channel, at);
  }

  #known(id) {
    const channel = this.all.get(id) ?? { id, label: null, ends: [], stillMs: 0, stalled: false, version: 0 };
    this.all.set(id, channel);
    return channel;
  }

  #read(name, figure) {
    if (name === 'flavor') return this.#flavors[figure];
    return optional.has(name) && figure < 0 ? null : figure;
  }

  /** What follows from its figures and the time. */
  #settle(channel, at) {
    const { capacity, length, stillSince, stillMs } = channel;
    channel.full = capacity > 0 && length >= capacity;
    channel.stillMs = stillSince < 0 ? 0 : at - stillSince;
    const stalled = channel.stillMs >= this.#standstillMs;
    // It is shown in whole seconds.
    const seconds = Math.round(channel.stillMs / 1000) !== Math.round(stillMs / 1000);
    if (seconds || stalled !== channel.stalled) channel.version += 1;
    channel.stalled = stalled;
  }
}
