// Exported logs that are one JSON array (Kibana, Loki, CloudWatch, gcloud logging): each element becomes a line.
import type { Readable } from "node:stream";
import { Readable as Streams } from "node:stream";
import chain from "stream-chain";
import { parser } from "stream-json";
import { streamArray } from "stream-json/streamers/stream-array.js";
import type { OnLines } from "./assemble.ts";

/** Where exports keep the line that the proxy wrote, the most telling key first. */
const TEXT_KEYS = ["message", "line", "log", "textPayload", "MESSAGE", "@message", "msg"];
/** Where they keep it as an object. */
const OBJECT_KEYS = ["jsonPayload", "_source", "fields", "attributes"];

/** Whether a source's first bytes open an array of objects. Envoy's text lines begin with `[` too, but not with `[{`. */
export function opensArray(head: Uint8Array): boolean {
  let i = 0;
  const skip = (): void => {
    while (i < head.length && head[i]! <= 32) i++;
  };
  skip();
  if (head[i++] !== 91) return false;
  skip();
  return head[i] === 123;
}

/**
 * Reads the elements of an array as lines. A line's offset is the number of the elements before it.
 * @returns a note where the array breaks off or is damaged; what came before was handed on.
 */
export async function readArray(
  stream: Readable,
  onLines: OnLines,
  signal: AbortSignal,
): Promise<{ bytes: number; notes: string[] }> {
  let bytes = 0;
  let index = 0;
  stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
  const elements = chain([stream, parser(), streamArray()]);
  const notes: string[] = [];
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      stream.destroy();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
    elements.on("data", ({ value }: { value: unknown }) => {
      const line = Buffer.from(`${lineOf(value)}\n`);
      onLines(line, 0, line.length, index++);
    });
    const breakOff = (): void => {
      if (!signal.aborted)
        notes.push("the JSON array is damaged or breaks off; every element before was read");
      resolve();
    };
    elements.on("error", breakOff);
    stream.on("error", breakOff);
    elements.on("end", resolve);
    elements.on("close", resolve);
  });
  return { bytes, notes };
}

/** The first elements in `head` as lines, for a sample. */
export async function sampleArray(head: Uint8Array): Promise<Uint8Array> {
  const lines: Buffer[] = [];
  await readArray(
    Streams.from([Buffer.from(head)], { objectMode: false }),
    (line) => void lines.push(Buffer.from(line)),
    new AbortController().signal,
  );
  return Buffer.concat(lines);
}

/** The line an element holds: its text, or the object it wraps, or itself. */
function lineOf(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value);
  const element = value as Record<string, unknown>;
  for (const key of OBJECT_KEYS) {
    const inner = element[key];
    if (inner !== null && typeof inner === "object" && !Array.isArray(inner)) return lineOf(inner);
  }
  for (const key of TEXT_KEYS) {
    const text = element[key];
    if (typeof text === "string" && text !== "") return text.replaceAll(/[\r\n]+/g, " ").trimEnd();
  }
  return JSON.stringify(element);
}
