// What a worker thread does: one job at a time, as the pool hands them out.
import { parentPort, workerData } from "node:worker_threads";
import {
  ThreadReader,
  type Job,
  type PartTally,
  type Reading,
  type ThreadSetup,
} from "./thread-reader.ts";
import type { CellsPart } from "../summary/index.ts";

/** From the pool to a worker. */
export type ToWorker =
  | { readonly kind: "readings"; readonly readings: readonly Reading[] }
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "finish" }
  | { readonly kind: "stop" };

/** From a worker to the pool. */
export type FromWorker =
  | { readonly kind: "bytes"; readonly part: number; readonly bytes: number }
  | { readonly kind: "done"; readonly tally: PartTally }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
      readonly hint: string;
    }
  | { readonly kind: "cells"; readonly cells: CellsPart };

/** Serves the pool until told to finish. */
export function serveJobs(): void {
  const port = parentPort!;
  const thread = new ThreadReader(workerData as ThreadSetup);
  const stop = new AbortController();
  let jobs = Promise.resolve();
  const send = (message: FromWorker): void => port.postMessage(message);
  port.on("message", (message: ToWorker) => {
    if (message.kind === "stop") return stop.abort();
    if (message.kind === "readings") {
      thread.readings = message.readings;
      return;
    }
    if (message.kind === "finish") {
      jobs = jobs.then(() => {
        send({ kind: "cells", cells: thread.part() });
        port.close();
      });
      return;
    }
    const { job } = message;
    jobs = jobs
      .then(() =>
        thread.run(job, stop.signal, (bytes) => send({ kind: "bytes", part: job.part, bytes })),
      )
      .then((tally) => send({ kind: "done", tally }))
      .catch((error: unknown) => {
        const { name, message: text } = error as Error;
        send({
          kind: "failed",
          name,
          message: text,
          hint: (error as { hint?: string }).hint ?? "",
        });
      });
  });
}
