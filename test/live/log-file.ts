// A log while it is being written: its bytes as they come, and waiting for as many requests as there must be.
import { closeSync, openSync, readSync, watch } from "node:fs";
import { PATH } from "./traffic.ts";

/** Follows a file from its start. */
export class LogFile {
  readonly #fd: number;
  readonly #watcher: ReturnType<typeof watch>;
  readonly #onBytes: (bytes: Buffer) => void;
  readonly #chunk = Buffer.alloc(1 << 16);
  #offset = 0;
  #requests = 0;
  #rest = "";
  #wake: (() => void) | null = null;

  /** `onBytes` gets what is appended, whole or not, in order. The file is created when it is not there. */
  constructor(path: string, onBytes: (bytes: Buffer) => void = () => {}) {
    this.#onBytes = onBytes;
    this.#fd = openSync(path, "a+");
    this.#watcher = watch(path, () => this.#read());
    this.#read();
  }

  /** Resolves once the file holds lines of so many requests. @throws after `patienceMs` */
  async untilRequests(wanted: number, patienceMs = 10_000): Promise<void> {
    const lateAt = Date.now() + patienceMs;
    while (this.#requests < wanted) {
      if (Date.now() >= lateAt)
        throw new Error(`${this.#requests} of ${wanted} requests after ${patienceMs} ms`);
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
      const lines = (this.#rest + bytes.toString("latin1")).split("\n");
      this.#rest = lines.pop()!;
      this.#requests += lines.filter((line) => line.includes(PATH)).length;
      this.#onBytes(bytes);
    }
    this.#wake?.();
  }
}
