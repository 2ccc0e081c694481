// One life of a process inside this one. It can die at every boundary: before a command goes to Redis or to Telegram, or after it was
// carried out and before its answer is seen. Whatever was in memory then is never heard of again.

/** How a life ends: in which step, before it takes effect or after. */
export interface Death {
  readonly step: number;
  readonly side: "before" | "after";
}

const never = new Promise<never>(() => {});

export class Life {
  readonly died: Promise<string>;
  readonly #death: Death | null;
  #tell: (where: string) => void = () => {};
  #isDead = false;
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(death: Death | null) {
    this.#death = death;
    this.died = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** One at a time and in the order asked for, so that the same seed gives the same life. A dead one never hears of anything. */
  pass<T>(what: string, call: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#pass(what, call));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Every method of a port, as one boundary each. */
  gated<P extends object>(name: string, port: P, methods: readonly (keyof P)[]): P {
    const gated = Object.fromEntries(
      methods.map((method) => {
        const call = port[method] as (...args: unknown[]) => Promise<unknown>;
        return [method, (...args: unknown[]) => this.pass(`${name}.${String(method)}`, () => call.apply(port, args))];
      }),
    );
    return { ...port, ...gated };
  }

  async #pass<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (this.#isDead) return never;
    this.#steps += 1;
    const isLast = this.#steps === this.#death?.step;
    if (isLast && this.#death?.side === "before") return this.#die(`before ${what}`);
    const result = await call();
    if (isLast) return this.#die(`after ${what}`);
    return result;
  }

  #die(where: string): Promise<never> {
    this.#isDead = true;
    this.#tell(where);
    return never;
  }
}
