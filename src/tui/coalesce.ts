// A burst of values becomes few: the first at once, then the newest at most once in a while.

/** When to run something later; returns how to cancel it. */
export type Later = (run: () => void, ms: number) => () => void;

/** Hands on the newest value at most every `ms`; `stop` drops what waits. */
export interface Coalescer<T> {
  push(value: T): void;
  stop(): void;
}

/** A coalescer; `later` is the clock, so that tests have their own. */
export function coalesce<T>(handle: (value: T) => void, ms: number, later: Later): Coalescer<T> {
  let waiting: { readonly value: T } | null = null;
  let cancel: (() => void) | null = null;
  const tick = (): void => {
    cancel = null;
    if (waiting === null) return;
    const { value } = waiting;
    waiting = null;
    cancel = later(tick, ms);
    handle(value);
  };
  return {
    push(value) {
      waiting = { value };
      if (cancel === null) tick();
    },
    stop() {
      cancel?.();
      cancel = null;
      waiting = null;
    },
  };
}
