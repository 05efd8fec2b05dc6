// Notices when a live pipe has nothing more to give for now.

/** Calls back when nothing was read for a moment, and at least once a second while something is. */
export class IdleWatch {
  readonly #call: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = performance.now();

  constructor(call: () => void) {
    this.#call = call;
  }

  touch(): void {
    clearTimeout(this.#timer);
    const due = performance.now() - this.#last > 1000;
    this.#timer = setTimeout(() => this.#look(), due ? 0 : 200);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    this.#last = performance.now();
    this.#call();
  }
}
