// A log while it is being written: its lines as they come, and waiting for as many as there must be.
import { closeSync, openSync, readSync, watch } from "node:fs";

/** Follows a file from its start. */
export class LogFile {
  readonly #fd: number;
  readonly #watcher: ReturnType<typeof watch>;
  readonly #onBytes: (bytes: Buffer) => void;
  readonly #chunk = Buffer.alloc(1 << 16);
  #offset = 0;
  #lines = 0;
  #wake: (() => void) | null = null;

  /** `onBytes` gets what is appended, whole or not, in order. The file is created when it is not there. */
  constructor(path: string, onBytes: (bytes: Buffer) => void = () => {}) {
    this.#onBytes = onBytes;
    this.#fd = openSync(path, "a+");
    this.#watcher = watch(path, () => this.#read());
    this.#read();
  }

  /** Lines ended so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Resolves once the file holds so many lines. @throws after `patienceMs` */
  async untilLines(wanted: number, patienceMs = 10_000): Promise<void> {
    const lateAt = Date.now() + patienceMs;
    while (this.#lines < wanted) {
      if (Date.now() >= lateAt)
        throw new Error(`${this.#lines} of ${wanted} lines after ${patienceMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lateAt - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#read();
    }
  }

  close(): void {
    this.#watcher.close();
    this.#read();
    closeSync(this.#fd);
  }

  #read(): void {
    for (;;) {
      const got = readSync(this.#fd, this.#chunk, 0, this.#chunk.length, this.#offset);
      if (got === 0) break;
      this.#offset += got;
      const bytes = Buffer.from(this.#chunk.subarray(0, got));
      for (const byte of bytes) if (byte === 0x0a) this.#lines++;
      this.#onBytes(bytes);
    }
    this.#wake?.();
  }
}
