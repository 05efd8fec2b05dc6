// The stream Ink writes whole frames to: only the rows that changed are sent to the terminal.
import { Writable } from "node:stream";

/** What a terminal is asked: begin and end of a synchronized update, so that no half frame is seen. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/** The bytes that turn one frame on the screen into the next; "" where they are equal. */
export function frameChanges(before: readonly string[] | null, after: readonly string[]): string {
  let changes = before === null ? "\x1b[H\x1b[2J" : "";
  const rows = Math.max(before?.length ?? 0, after.length);
  for (let row = 0; row < rows; row++) {
    const text = after[row] ?? "";
    if (before !== null && (before[row] ?? "") === text) continue;
    // Erased before, not after: in the last column the cursor stays on the character just written.
    changes += `\x1b[${row + 1};1H\x1b[2K${text}\x1b[0m`;
  }
  return changes === "" ? "" : BEGIN + changes + END;
}

/**
 * Stands between Ink and the terminal. Ink's own writer erases and rewrites every row of a full screen, clears the user's
 * scrollback with it (`ESC [3J`), and stays silent where the variable CI is set. In its debug mode Ink hands over each frame whole.
 */
export class FrameStream extends Writable {
  readonly #output: NodeJS.WriteStream;
  #shown: readonly string[] | null = null;
  #latest: readonly string[] = [];
  #open = false;

  constructor(output: NodeJS.WriteStream) {
    super({ decodeStrings: false });
    this.#output = output;
  }

  /** Ink asks the stream it writes to for its width. */
  get columns(): number {
    return this.#output.columns || 80;
  }

  /** Starts drawing, beginning with all of the newest frame. */
  open(): void {
    this.#open = true;
    this.repaint();
  }

  /** Keeps frames back until the next {@link open}. */
  close(): void {
    this.#open = false;
  }

  /** Draws every row again: after a resize, or when something else has written to the terminal. */
  repaint(): void {
    this.#shown = null;
    this.#draw();
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#latest = String(chunk).split("\n");
    this.#draw();
    done();
  }

  #draw(): void {
    if (!this.#open) return;
    const changes = frameChanges(this.#shown, this.#latest);
    this.#shown = this.#latest;
    if (changes !== "") this.#output.write(changes);
  }
}
