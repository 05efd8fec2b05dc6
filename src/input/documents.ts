// Exported logs that are JSON with the entries in arrays (Kibana, Loki, CloudWatch, gcloud): each entry becomes a line.
import { Readable } from "node:stream";
import chain, { none } from "stream-chain";
import { parser } from "stream-json";
import { MAX_LINE, type OnLines } from "./assemble.ts";
import { EntryFinder } from "./entries.ts";

/**
 * Reads the entries of any number of JSON documents as lines, each a JSON object or a text. Memory holds one entry. A
 * line's offset is the number of the entries before it.
 * @returns a note where the data breaks off or is damaged; what came before was handed on.
 */
export async function readDocuments(
  stream: Readable,
  onLines: OnLines,
  signal: AbortSignal,
  forgive: (error: unknown) => string | null = () => null,
): Promise<{ bytes: number; notes: string[] }> {
  let bytes = 0;
  let index = 0;
  stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
  stream.pause();
  const finder = new EntryFinder((entry) => {
    const line = Buffer.from(`${entry.replaceAll(/[\r\n]+/g, " ")}\n`);
    onLines(line, 0, Math.min(line.length, MAX_LINE + 1), index++);
  });
  const tokens = chain([
    stream,
    parser({ jsonStreaming: true, streamValues: false }),
    (token: { name: string; value?: string }) => {
      finder.take(token);
      return none;
    },
  ]);
  const notes: string[] = [];
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      stream.destroy();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
    tokens.on("data", () => {});
    let isUnpackingOver = false;
    stream.on("error", (error) => {
      const note = forgive(error);
      if (note !== null) notes.push(note);
      isUnpackingOver = note !== null;
      breakOff();
    });
    const breakOff = (): void => {
      if (!signal.aborted && !isUnpackingOver && notes.length === 0)
        notes.push("the JSON is damaged or breaks off; every entry before was read");
      resolve();
    };
    tokens.on("error", breakOff);
    tokens.on("end", resolve);
    tokens.on("close", resolve);
  });
  return { bytes, notes };
}

/** The first entries in `head` as lines, for a sample. */
export async function sampleDocuments(head: Uint8Array): Promise<Uint8Array> {
  const lines: Buffer[] = [];
  await readDocuments(
    Readable.from([Buffer.from(head)], { objectMode: false }),
    (line, start, end) => void lines.push(Buffer.from(line.subarray(start, end))),
    new AbortController().signal,
  );
  return Buffer.concat(lines);
}
