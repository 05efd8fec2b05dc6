// A pipe whose first bytes are looked at before it is read, without losing them.
import { createReadStream, open } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { packingOf, unpack, unpackNote, unreadable, wholeLines } from "../input/index.ts";

/** A pipe with its first bytes known. */
export interface Pipe {
  readonly head: Uint8Array;
  readonly rest: Readable;
  readonly forgive: (error: unknown) => string | null;
}

/** Waits for the first bytes of a pipe, and unpacks it when they are packed. */
export async function openPipe(stream: Readable, signal: AbortSignal): Promise<Pipe> {
  const plain = await peek(stream, signal);
  const packing = packingOf(plain.head);
  const seen = packing === "plain" ? plain : await peek(await unpack(plain.whole, packing), signal);
  return {
    head: wholeLines(seen.head, !seen.ended),
    rest: seen.whole,
    forgive: (error) => unpackNote(packing, error),
  };
}

/**
 * A FIFO, or whatever else is no file, as a stream that can be left while it waits.
 * @throws InputError when it cannot be opened.
 */
export async function openFifo(path: string): Promise<Readable> {
  try {
    const file = await promisify(open)(path, "r");
    try {
      return new Socket({ fd: file, readable: true, writable: false });
    } catch {
      // No pipe: a device.
      return createReadStream(path, { fd: file });
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Enough for a sample, or what came before the pipe paused this long, or in this time if it never pauses (ms). */
const ENOUGH = 64 * 1024;
const PAUSE_MS = 150;
const PATIENCE_MS = 1_000;

interface Peeked {
  readonly head: Buffer;
  readonly ended: boolean;
  /** The stream from its first byte on. */
  readonly whole: Readable;
}

/** Reads the first bytes of a stream without losing them. */
function peek(stream: Readable, signal: AbortSignal): Promise<Peeked> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let failed: unknown = null;
    let timer: NodeJS.Timeout | undefined;
    let last = Infinity;
    const finish = (ended: boolean): void => {
      clearTimeout(timer);
      stream.pause();
      stream.off("data", onData).off("end", onEnd).off("error", onError);
      signal.removeEventListener("abort", onEnd);
      const head = Buffer.concat(chunks);
      resolve({
        head,
        ended,
        whole: Readable.from(following(head, stream, ended, failed), { objectMode: false }),
      });
    };
    const onEnd = (): void => finish(true);
    const onError = (error: unknown): void => {
      failed = error;
      finish(true);
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      clearTimeout(timer);
      const now = performance.now();
      last = Math.min(last, now + PATIENCE_MS);
      if (size >= ENOUGH) finish(false);
      else timer = setTimeout(() => finish(false), Math.min(PAUSE_MS, last - now));
    };
    stream.on("data", onData).once("end", onEnd).once("error", onError);
    signal.addEventListener("abort", onEnd, { once: true });
  });
}

async function* following(
  head: Buffer,
  stream: Readable,
  ended: boolean,
  failed: unknown,
): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  if (failed !== null) throw failed;
  if (!ended) yield* stream as AsyncIterable<Buffer>;
}
