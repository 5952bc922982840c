// How many may be under way, for those whose way of handing over does not count: who would be one too many waits.

export class Window {
  #underWay = 0;
  #roomCame = () => undefined;

  constructor(most) {
    this.most = most;
  }

  async enter() {
    while (this.#underWay === this.most) {
      await new Promise((resolve) => {
        this.#roomCame = resolve;
      });
    }
    this.#underWay += 1;
  }

  leave() {
    this.#underWay -= 1;
    this.#roomCame();
  }
}
