// Opens the explorer: keys from the terminal even while stdin carries the data, snapshots as they come.
import { closeSync, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Analysis, Knowledge } from "../incident/index.ts";
import type { Texts } from "../grammar/index.ts";
import type { Summary } from "../summary/index.ts";
import { explore, type Snapshot } from "../tui/index.ts";
import { EXIT } from "./exit-codes.ts";
import { Explainer } from "./explainer.ts";
import type { Options } from "./flags.ts";
import { parseProblem } from "./parse-problem.ts";
import { readSources, type Progress } from "./read-sources.ts";
import { reportZone } from "./report-zone.ts";
import type { Prepared } from "./request.ts";
import { wantsColor, wantsUnicode } from "./terminal.ts";
import { wordsOf } from "./words-of.ts";

/** Runs the explorer until the user leaves. @returns the exit code, or null where there is no keyboard to be had. */
export async function openExplorer(
  options: Options,
  prepared: Prepared,
  judge: (summary: Summary) => Analysis,
  texts: Texts,
  knowledge: Knowledge,
): Promise<number | null> {
  const keyboard = openKeyboard();
  if (keyboard === null) return null;
  const isPipe = prepared.request.sources.some(({ path }) => path === null);
  const feed = new SnapshotFeed(prepared.request.sources.map(({ name }) => name), isPipe);
  const explainer = new Explainer(texts, prepared.request.given);
  const words = wordsOf(knowledge);
  const show = (summary: Summary): Analysis => {
    const analysis = judge(summary);
    feed.set({ summary, analysis });
    return analysis;
  };
  let zone = reportZone(prepared.request, []);
  let message = "";
  const reading = readSources({
    ...prepared.request,
    keepFree: true,
    onProgress: (progress) => feed.progress(progress),
    onIdle: (look) => void show(look()),
  }).then((result) => {
    zone = reportZone(prepared.request, result.choices);
    show(result.summary);
    feed.finish();
    message = parseProblem(result, options)?.text ?? "";
  });
  try {
    const failed = reading.then(
      () => null,
      (error: unknown) => error,
    );
    const explored = explore(
      { subscribe: (listener) => feed.subscribe(listener), explain: (line) => explainer.explain(line), words },
      {
        input: keyboard.stream,
        output: process.stdout,
        color: wantsColor(options.color, process.env, true),
        unicode: wantsUnicode(options.ascii, process.env, true),
        zone,
      },
    );
    // A source that cannot be read ends the explorer; its message is printed on the restored screen.
    const first = await Promise.race([explored.then(() => null), failed.then((error) => (error === null ? explored.then(() => null) : error))]);
    if (first !== null) {
      keyboard.stream.push?.("\u0003");
      throw first;
    }
  } finally {
    keyboard.close();
  }
  if (message !== "") process.stderr.write(message);
  process.stdin.destroy();
  // What is still being read is of no interest any more.
  setImmediate(() => process.exit(EXIT.done));
  return EXIT.done;
}

interface Keyboard {
  readonly stream: NodeJS.ReadStream;
  readonly close: () => void;
}

/** stdin where it is a terminal, else the controlling terminal. */
function openKeyboard(): Keyboard | null {
  if (process.stdin.isTTY) return { stream: process.stdin, close: () => process.stdin.pause() };
  try {
    const file = openSync("/dev/tty", "r");
    const stream = new ReadStream(file);
    return {
      stream,
      close: () => {
        stream.destroy();
        try {
          closeSync(file);
        } catch {
          // The stream has closed it already.
        }
      },
    };
  } catch {
    return null;
  }
}

/** Keeps the newest snapshot and tells who listens. */
class SnapshotFeed {
  #snapshot: Snapshot;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();

  constructor(names: readonly string[], live: boolean) {
    const progress = { bytes: 0, totalBytes: null, lines: 0, done: false, live };
    this.#snapshot = { summary: null, analysis: null, progress, names };
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#snapshot);
    return () => void this.#listeners.delete(listener);
  }

  set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener(this.#snapshot);
  }

  progress(progress: Progress): void {
    this.set({ progress: { ...this.#snapshot.progress, ...progress } });
  }

  finish(): void {
    this.set({ progress: { ...this.#snapshot.progress, done: true, live: false } });
  }
}
