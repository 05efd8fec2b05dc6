// Opens the explorer: keys from the terminal even while stdin carries the data, snapshots as they come.
import { closeSync, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Analysis, Knowledge } from "../incident/index.ts";
import type { Texts } from "../grammar/index.ts";
import { STDIN } from "../input/index.ts";
import type { Summary } from "../summary/index.ts";
import { explore, type Snapshot } from "../tui/index.ts";
import { EXIT } from "./exit-codes.ts";
import { Explainer } from "./explainer.ts";
import type { Options } from "./flags.ts";
import { parseProblem } from "./parse-problem.ts";
import { previewChoices, readSources, type Progress } from "./read-sources.ts";
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
  const { request } = prepared;
  const feed = new SnapshotFeed(
    request.sources.map(({ name }) => name),
    request.sources.some(({ isPipe }) => isPipe),
  );
  const explainer = new Explainer(
    texts,
    request.given(STDIN),
    request.zone ?? request.systemZone,
    request.now,
  );
  const show = (summary: Summary): void => feed.set({ summary, analysis: judge(summary) });
  const close = new AbortController();
  let failure: unknown = null;
  let message = "";
  const reading = readSources({
    ...request,
    keepFree: true,
    onProgress: (progress) => feed.progress(progress),
    onIdle: (look) => show(look()),
  }).then(
    (result) => {
      show(result.summary);
      feed.finish();
      message = parseProblem(result, options)?.text ?? "";
    },
    // A source that cannot be read closes the explorer; its message is printed on the restored screen.
    (error: unknown) => {
      failure = error;
      close.abort();
    },
  );
  const terminal = {
    input: keyboard.stream,
    output: process.stdout,
    color: wantsColor(options.color, process.env, true),
    unicode: wantsUnicode(options.ascii, process.env, true),
    zone: reportZone(request, await previewChoices(request)),
  };
  const source = {
    subscribe: (listener: (snapshot: Snapshot) => void) => feed.subscribe(listener),
    explain: (line: string) => explainer.explain(line),
    words: wordsOf(knowledge),
  };
  try {
    await explore(source, terminal, close.signal);
  } finally {
    keyboard.close();
  }
  if (failure !== null) throw failure;
  if (message !== "") process.stderr.write(message);
  // What is still being read is of no interest any more.
  void reading;
  process.exit(EXIT.done);
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
