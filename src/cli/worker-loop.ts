// What a worker thread does: one job at a time, as the pool hands them out.
import { parentPort, workerData } from "node:worker_threads";
import {
  ThreadReader,
  type Job,
  type PartTally,
  type Reading,
  type ThreadSetup,
} from "./thread-reader.ts";
import { BlockFiller, openUnpacked } from "../input/index.ts";
import type { CellsPart } from "../summary/index.ts";

/** From the pool to a worker. */
export type ToWorker =
  | { readonly kind: "readings"; readonly readings: readonly Reading[] }
  | { readonly kind: "job"; readonly job: Job }
  | {
      readonly kind: "unpack";
      readonly job: Job;
      readonly blocks: readonly SharedArrayBuffer[];
    }
  | { readonly kind: "release"; readonly block: number }
  | { readonly kind: "finish" }
  | { readonly kind: "stop" };

/** From a worker to the pool. */
export type FromWorker =
  | { readonly kind: "bytes"; readonly part: number; readonly bytes: number }
  | { readonly kind: "done"; readonly tally: PartTally }
  | { readonly kind: "block"; readonly block: number; readonly length: number }
  | { readonly kind: "unpacked"; readonly error: UnpackError | null }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
      readonly hint: string;
    }
  | { readonly kind: "cells"; readonly cells: CellsPart };

/** What is told of an error that unpacking ended with. */
export interface UnpackError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly syscall: string | undefined;
}

/** Serves the pool until told to finish. */
export function serveJobs(): void {
  const port = parentPort!;
  const thread = new ThreadReader(workerData as ThreadSetup);
  const stop = new AbortController();
  let jobs = Promise.resolve();
  const send = (message: FromWorker): void => port.postMessage(message);
  let filler: BlockFiller | null = null;
  const unpack = async (job: Job, blocks: readonly SharedArrayBuffer[]): Promise<void> => {
    filler = new BlockFiller(blocks, (block, length) => send({ kind: "block", block, length }));
    const onBytes = (bytes: number): void => send({ kind: "bytes", part: job.part, bytes });
    const error = await filler.fill(await openUnpacked(job.path, job.packing, onBytes, true));
    send({ kind: "unpacked", error: error === null ? null : told(error as NodeJS.ErrnoException) });
  };
  port.on("message", (message: ToWorker) => {
    if (message.kind === "release") return filler?.release(message.block);
    if (message.kind === "unpack") return void unpack(message.job, message.blocks);
    if (message.kind === "stop") return stop.abort();
    if (message.kind === "readings") {
      thread.readings = message.readings;
      return;
    }
    if (message.kind === "finish") {
      jobs = jobs.then(() => {
        const cells = thread.part();
        const message: FromWorker = { kind: "cells", cells };
        // Handed over, not copied: at the end of a long log it is most of what there is in memory.
        port.postMessage(message, buffersIn(cells));
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

function told({ name, message, code, syscall }: NodeJS.ErrnoException): UnpackError {
  return { name, message, code, syscall };
}

/** The memory of all columns in a part that have theirs to themselves. */
function buffersIn(part: object): ArrayBuffer[] {
  return Object.values(part).flatMap((value: unknown) => {
    if (ArrayBuffer.isView(value)) {
      const isWhole = value.byteLength > 0 && value.byteLength === value.buffer.byteLength;
      return isWhole ? [value.buffer as ArrayBuffer] : [];
    }
    const isColumns = typeof value === "object" && value !== null && !Array.isArray(value);
    return isColumns ? buffersIn(value) : [];
  });
}
