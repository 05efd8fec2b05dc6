// Shares jobs between this thread and workers; who reads what has no influence on the result.
import { Worker } from "node:worker_threads";
import { setImmediate as turn } from "node:timers/promises";
import { InputError, sharedBlocks, type UnpackElsewhere } from "../input/index.ts";
import type { CellsPart } from "../summary/index.ts";
import type { Job, PartTally, Reading, ThreadReader, ThreadSetup } from "./thread-reader.ts";
import type { FromWorker, ToWorker } from "./worker-loop.ts";

/** What a run over jobs gave. */
export interface PoolResult {
  readonly tallies: readonly PartTally[];
  readonly parts: readonly CellsPart[];
}

/** How jobs are shared. */
export interface PoolOptions {
  /** How each source is read. */
  readonly readings: readonly Reading[];
  /** Reads jobs here as well; null leaves this thread free for a screen. */
  readonly here: ThreadReader | null;
  readonly signal: AbortSignal;
  /** Called with the bytes just read. */
  readonly onBytes: (bytes: number) => void;
  /** Called with the lines of a part that was just finished. */
  readonly onLines: (lines: number) => void;
}

/** Worker threads. They start at once, so that they are ready when it is known what there is to do. */
export class Pool {
  readonly #workers: Worker[] = [];
  /** Rejected when a worker breaks down, be it before anybody waits for it. */
  readonly #broken: Promise<never>[] = [];

  constructor(workers: number, setup: ThreadSetup) {
    for (let k = 0; k < workers; k++) {
      const worker = new Worker(new URL("./worker.js", import.meta.url), {
        workerData: setup,
        // Hardly anything is allocated per line: a small nursery keeps the memory of a thread small.
        resourceLimits: { maxYoungGenerationSizeMb: 8 },
      });
      this.#workers.push(worker);
      const broken = new Promise<never>((_, reject) => worker.once("error", reject));
      broken.catch(() => {});
      this.#broken.push(broken);
    }
  }

  /** Lets workers go that there is nothing to do for. */
  keep(workers: number): void {
    for (const worker of this.#workers.splice(workers)) void worker.terminate();
  }

  /** A worker that unpacks for this thread, where one packed file is all there is to read. */
  #helperFor(jobs: readonly Job[], { here }: PoolOptions): Worker | undefined {
    const isAlone = jobs.length === 1 && jobs[0]!.packing !== "plain" && here !== null;
    return isAlone ? this.#workers[0] : undefined;
  }

  /**
   * Runs all jobs; the pool is of no more use then. An abort stops handing out jobs; what was read until then is returned.
   * @throws InputError of the first job that failed.
   */
  async run(jobs: readonly Job[], options: PoolOptions): Promise<PoolResult> {
    const queue = [...jobs];
    const tallies: PartTally[] = [];
    const parts: CellsPart[] = [];
    const next = (): Job | undefined => (options.signal.aborted ? undefined : queue.shift());
    const helper = this.#helperFor(jobs, options);
    const threads = this.#workers
      .filter((worker) => worker !== helper)
      .map((worker) => runWorker(worker, options, next, tallies, parts));
    if (options.here !== null) threads.push(runHere(options.here, options, next, tallies, helper));
    await Promise.race([Promise.all(threads), ...this.#broken]);
    return { tallies, parts };
  }
}

/** Has a worker unpack what a job reads. */
function unpackBy(worker: Worker, job: Job, { signal, onBytes }: PoolOptions): UnpackElsewhere {
  return (take) =>
    new Promise((resolve) => {
      const send = (message: ToWorker): void => worker.postMessage(message);
      const blocks = sharedBlocks();
      const views = blocks.map((block) => Buffer.from(block));
      const stop = (): void => resolve(null);
      signal.addEventListener("abort", stop, { once: true });
      worker.on("message", (message: FromWorker) => {
        if (signal.aborted) return;
        if (message.kind === "bytes") onBytes(message.bytes);
        if (message.kind === "block") {
          take(views[message.block]!.subarray(0, message.length));
          send({ kind: "release", block: message.block });
        }
        if (message.kind === "unpacked") {
          signal.removeEventListener("abort", stop);
          resolve(message.error);
        }
      });
      send({ kind: "unpack", job, blocks });
    });
}

async function runHere(
  here: ThreadReader,
  options: PoolOptions,
  next: () => Job | undefined,
  tallies: PartTally[],
  helper: Worker | undefined,
): Promise<void> {
  for (let job = next(); job !== undefined; job = next()) {
    const elsewhere = helper === undefined ? null : unpackBy(helper, job, options);
    const tally = await here.run(job, options.signal, options.onBytes, elsewhere);
    tallies.push(tally);
    options.onLines(tally.lines);
    // Signals and messages of the workers get their turn between jobs.
    await turn();
  }
}

function runWorker(
  worker: Worker,
  options: PoolOptions,
  next: () => Job | undefined,
  tallies: PartTally[],
  parts: CellsPart[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (message: ToWorker): void => worker.postMessage(message);
    let open = 0;
    let isFinishing = false;
    // One job ahead: while this thread is busy reading, a worker must not wait for it. Neither to be told that this was all.
    const advance = (): void => {
      while (open < 2 && !isFinishing) {
        const job = next();
        if (job !== undefined) open++;
        else isFinishing = true;
        send(job !== undefined ? { kind: "job", job } : { kind: "finish" });
      }
    };
    const stop = (): void => send({ kind: "stop" });
    options.signal.addEventListener("abort", stop, { once: true });
    worker.on("message", (message: FromWorker) => {
      switch (message.kind) {
        case "bytes":
          return options.onBytes(message.bytes);
        case "done":
          tallies.push(message.tally);
          options.onLines(message.tally.lines);
          open--;
          return advance();
        case "failed":
          void worker.terminate();
          return reject(failure(message));
        case "cells":
          parts.push(message.cells);
          options.signal.removeEventListener("abort", stop);
          return resolve();
      }
    });
    send({ kind: "readings", readings: options.readings });
    advance();
  });
}

function failure({ name, message, hint }: Extract<FromWorker, { kind: "failed" }>): Error {
  return name === "InputError" ? new InputError(message, hint) : new Error(message);
}
