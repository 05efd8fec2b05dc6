// Reads a source's bytes: a byte range of a plain file synchronously, a packed file or a pipe as a stream.
import { createReadStream, openSync, closeSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { Assembler, type LineRoom, type OnLines } from "./assemble.ts";
import { unreadable } from "./sources.ts";
import { Turns } from "./turns.ts";
import { isDamage, unpack, unpackNote, type Packing } from "./unpack.ts";
import type { UnpackElsewhere } from "./unpack-blocks.ts";

const CHUNK = 1 << 20;

/** A byte range of a file; lines belong to the range in which they begin. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What happened while reading, beyond the lines. */
export interface ReadOutcome {
  /** Bytes read, unpacked. */
  readonly bytes: number;
  /** Sentences a user should know; empty when all went well. */
  readonly notes: readonly string[];
}

/**
 * Hands on the lines that begin in `range`. Blocks its thread; `isCancelled` is asked once a chunk.
 * @throws InputError when the file cannot be read.
 */
export function readRange(
  path: string,
  range: Range,
  onLines: OnLines,
  isCancelled: () => boolean,
  room: LineRoom,
): ReadOutcome {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
  let at = range.from;
  let bytes = 0;
  try {
    // A range that begins inside a line leaves that line to the range before it.
    if (range.from > 0) at = nextLineStart(file, range.from - 1);
    const assembler = new Assembler(onLines, at);
    while (at < range.to && !isCancelled()) {
      const read = readSync(file, room.bytes, room.start, Math.min(room.length, range.to - at), at);
      if (read === 0) break;
      assembler.push(room.bytes, room.start, room.start + read);
      at += read;
      bytes += read;
    }
    // The last line may end beyond the range.
    if (at === range.to && at > 0 && !isCancelled()) {
      const end = lastByteIsNewline(file, at) ? at : nextLineStart(file, at);
      while (at < end) {
        const read = readSync(file, room.bytes, room.start, Math.min(room.length, end - at), at);
        if (read === 0) break;
        assembler.push(room.bytes, room.start, room.start + read);
        at += read;
        bytes += read;
      }
    }
    assembler.finish();
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(file);
  }
  return { bytes, notes: [] };
}

/** The offset behind the first newline at or after `from`; the file's end without one. */
function nextLineStart(file: number, from: number): number {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  let at = from;
  for (;;) {
    const read = readSync(file, buffer, 0, buffer.length, at);
    if (read === 0) return at;
    const newline = buffer.subarray(0, read).indexOf(10);
    if (newline >= 0) return at + newline + 1;
    at += read;
  }
}

function lastByteIsNewline(file: number, end: number): boolean {
  const byte = new Uint8Array(1);
  return readSync(file, byte, 0, 1, end - 1) === 1 && byte[0] === 10;
}

/**
 * Reads a packed file; a cut tail gives what could be unpacked and a note.
 * @param onBytes called once a chunk with the number of packed bytes just read.
 */
export async function readPacked(
  path: string,
  packing: Packing,
  onLines: OnLines,
  onBytes: (packed: number) => void,
  signal: AbortSignal,
  room: LineRoom,
  elsewhere: UnpackElsewhere | null = null,
): Promise<ReadOutcome> {
  const assembler = new Assembler(onLines);
  const pass = async (
    isWhole: boolean,
    skip: number,
  ): Promise<ReadOutcome & { isDone: boolean }> => {
    let isDone = true;
    const forgive = (error: unknown): string | null => {
      if ((error as NodeJS.ErrnoException).syscall !== undefined) throw unreadable(path, error);
      isDone = !(isWhole && isDamage(error));
      const note = isDone ? unpackNote(packing, error) : "";
      return note === null || note === "" ? note : `${path}: ${note}`;
    };
    if (isWhole && elsewhere !== null) {
      let bytes = 0;
      const error = await elsewhere((block) => {
        bytes += block.length;
        pushThrough(room, assembler, block, 0);
      });
      const note = error === null ? "" : forgive(error);
      if (note === null) throw error as Error;
      return { bytes, notes: note === "" ? [] : [note], isDone };
    }
    const counted = skip === 0 ? onBytes : (): void => {};
    const stream = await openUnpacked(path, packing, counted, isWhole);
    const outcome = await pour(stream, assembler, skip, signal, room, forgive);
    stream.destroy();
    return { ...outcome, isDone };
  };
  let outcome = await pass(true, 0);
  // What was lost with the chunk in which the damage lies is unpacked once more, carefully.
  if (!outcome.isDone && !signal.aborted) outcome = await pass(false, outcome.bytes);
  assembler.finish();
  return outcome;
}

/** A file's bytes as a stream, unpacked; `onBytes` hears of the packed ones. @param isWhole as for {@link unpack}. */
export function openUnpacked(
  path: string,
  packing: Packing,
  onBytes: (packed: number) => void,
  isWhole = false,
): Promise<Readable> {
  const packed = createReadStream(path, { highWaterMark: CHUNK });
  packed.on("data", (chunk) => onBytes(chunk.length));
  packed.pause();
  return unpack(packed, packing, isWhole);
}

/** Hands bytes from `from` on to an assembler by way of the room: a copy costs a thousandth of what scanning there saves. */
function pushThrough(room: LineRoom, assembler: Assembler, chunk: Buffer, from: number): void {
  for (let at = from; at < chunk.length; at += room.length) {
    const end = Math.min(chunk.length, at + room.length);
    const length = chunk.copy(room.bytes, room.start, at, end);
    assembler.push(room.bytes, room.start, room.start + length);
  }
}

/**
 * Reads a stream to its end, or until the signal.
 * @param forgive turns an error of the stream into a note; null throws it.
 */
export async function readStream(
  stream: Readable,
  onLines: OnLines,
  signal: AbortSignal,
  room: LineRoom,
  forgive: (error: unknown) => string | null = () => null,
): Promise<ReadOutcome> {
  const assembler = new Assembler(onLines);
  const outcome = await pour(stream, assembler, 0, signal, room, forgive);
  assembler.finish();
  return outcome;
}

/** Hands a stream's bytes behind the first `skip` on to an assembler. */
async function pour(
  stream: Readable,
  assembler: Assembler,
  skip: number,
  signal: AbortSignal,
  room: LineRoom,
  forgive: (error: unknown) => string | null,
): Promise<ReadOutcome> {
  const notes: string[] = [];
  let bytes = 0;
  // Events instead of `for await`: what was unpacked before an error is still delivered.
  await new Promise<void>((resolve, reject) => {
    // A pipe that waits for its next bytes does not close before they come: nobody waits for that.
    const stop = (): void => {
      stream.destroy();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
    const turns = new Turns(stream, (chunk) => {
      if (signal.aborted) return;
      const known = Math.min(chunk.length, Math.max(0, skip - bytes));
      bytes += chunk.length;
      pushThrough(room, assembler, chunk, known);
    });
    const finish = (): void => turns.whenIdle(resolve);
    stream.on("data", (chunk: Buffer) => turns.push(chunk));
    stream.on("error", (error) => {
      try {
        const note = signal.aborted ? "" : forgive(error);
        if (note === null) return reject(error as Error);
        if (note !== "") notes.push(note);
        finish();
      } catch (told) {
        reject(told as Error);
      }
    });
    stream.on("end", finish);
    stream.on("close", () => {
      signal.removeEventListener("abort", stop);
      finish();
    });
    if (signal.aborted) stop();
  });
  return { bytes, notes };
}
