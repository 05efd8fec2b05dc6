// The explorer from outside: a terminal of the tests' own, keys in, frames out, and the terminal given back.
import { EventEmitter } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { explore } from "../../src/tui/index.ts";
import type { Feed, Snapshot, Terminal } from "../../src/tui/feed.ts";
import { CRASH, explainLine, SLOW, snapshotOf, wordsFor } from "../support/tui-fixtures.ts";

class Keyboard extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  #pending: string | null = null;

  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  read(): string | null {
    const text = this.#pending;
    this.#pending = null;
    return text;
  }
  type(text: string): void {
    this.#pending = text;
    this.emit("readable");
  }
  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
}

class Display extends EventEmitter {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  written = "";
  /** What the terminal shows, row by row. */
  readonly screen: string[] = [];

  write(bytes: string): boolean {
    this.written += bytes;
    for (const [, row, text] of bytes.matchAll(/\x1b\[(\d+);1H\x1b\[2K([^\x1b]*)/g)) {
      this.screen[Number(row) - 1] = text!;
    }
    return true;
  }
}

interface Bench {
  readonly keyboard: Keyboard;
  readonly display: Display;
  readonly push: (snapshot: Snapshot) => void;
  readonly ended: Promise<void>;
  readonly copied: string[];
}

const TWO = snapshotOf([CRASH, SLOW]);
const moment = (ms = 5): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function bench(
  first: Snapshot | null = TWO,
  change: Partial<Terminal> = {},
  stop?: AbortSignal,
): Promise<Bench> {
  const keyboard = new Keyboard();
  const display = new Display();
  const copied: string[] = [];
  let listener: (snapshot: Snapshot) => void = () => {};
  const feed: Feed = {
    subscribe(given) {
      listener = given;
      if (first !== null) given(first);
      return () => (listener = () => {});
    },
    explain: explainLine,
    words: wordsFor,
  };
  const ended = explore(
    feed,
    {
      input: keyboard as unknown as NodeJS.ReadStream,
      output: display as unknown as NodeJS.WriteStream,
      color: false,
      unicode: true,
      zone: "UTC",
      copy: (text) => void copied.push(text),
      ...change,
    },
    stop,
  );
  await moment();
  return { keyboard, display, push: (snapshot) => listener(snapshot), ended, copied };
}

const ENTERED = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEFT = "\x1b[?7h\x1b[?25h\x1b[?1049l";

afterEach(() => vi.restoreAllMocks());

describe("explore", () => {
  it("takes the terminal, shows the incidents, and gives it back on q", async () => {
    const { keyboard, display, ended } = await bench();
    expect(display.written.startsWith(ENTERED)).toBe(true);
    expect(keyboard.raw).toBe(true);
    expect(display.screen.join("\n")).toContain("incidents 2 of 2");
    keyboard.type("q");
    await ended;
    expect(display.written.endsWith(LEFT)).toBe(true);
    expect(keyboard.raw).toBe(false);
    expect(process.listenerCount("SIGCONT")).toBe(0);
  });

  it("takes several keys from one chunk, each seeing the one before", async () => {
    const { keyboard, display, ended } = await bench();
    keyboard.type("j\r3");
    await moment();
    expect(display.screen[0]).toContain("why502 › reports");
    expect(display.screen[0]).toContain("[3 where]");
    keyboard.type("\x03");
    await ended;
  });

  it("follows the terminal's size", async () => {
    const { keyboard, display, ended } = await bench();
    display.columns = 40;
    display.rows = 10;
    display.emit("resize");
    await moment();
    expect(display.screen[0]).toContain("terminal too small: 40x10");
    keyboard.type("q");
    await ended;
  });

  it("draws a burst of snapshots at most ten times a second", async () => {
    const { keyboard, display, push, ended } = await bench(null);
    const before = display.written.split("\x1b[?2026h").length;
    const from = performance.now();
    for (let i = 1; i <= 60; i++) {
      push(
        snapshotOf([CRASH], {
          progress: {
            bytes: i * 1e6,
            totalBytes: 6e7,
            lines: i * 1000,
            done: i === 60,
            live: false,
          },
        }),
      );
      await moment(5);
    }
    await moment(150);
    const frames = display.written.split("\x1b[?2026h").length - before;
    expect(frames).toBeGreaterThan(1);
    // One at once and one every tenth of a second: a busy machine takes longer for the burst.
    expect(frames).toBeLessThanOrEqual(1 + (performance.now() - from) / 100);
    expect(display.screen.join("\n")).toContain("every one of");
    keyboard.type("q");
    await ended;
  });

  it("copies and says so", async () => {
    const { keyboard, display, copied, ended } = await bench();
    keyboard.type("\r\ry");
    await moment();
    expect(copied).toEqual([CRASH.examples[0]!.text]);
    expect(display.screen[23]).toContain("copied: 127.20.0.24");
    keyboard.type("\x03");
    await ended;
  });

  it("gives the terminal back before an error leaves", async () => {
    const broken = { ...TWO, summary: { ...TWO.summary!, traffic: null } } as unknown as Snapshot;
    const { keyboard, display, push, ended } = await bench(null);
    const failure = expect(ended).rejects.toThrow(TypeError);
    push(broken);
    await failure;
    expect(display.written.endsWith(LEFT)).toBe(true);
    expect(keyboard.raw).toBe(false);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)(
    "gives it back on %s and raises it again",
    async (signal) => {
      const kill = vi.spyOn(process, "kill").mockReturnValue(true);
      const others = process.listeners(signal);
      process.removeAllListeners(signal);
      const { display, ended } = await bench();
      process.emit(signal, signal);
      await ended;
      expect(display.written.endsWith(LEFT)).toBe(true);
      expect(kill).toHaveBeenCalledWith(process.pid, signal);
      for (const other of others) process.on(signal, other);
    },
  );

  it("ends when the terminal is gone, without writing to it", async () => {
    const { display, ended } = await bench();
    const written = display.written.length;
    display.emit("error", new Error("write EIO"));
    await ended;
    expect(display.written.length).toBe(written);
  });

  it.each(["end", "close"])("gives it back at the keyboard's %s", async (event) => {
    const { keyboard, display, ended } = await bench();
    keyboard.emit(event);
    await ended;
    expect(display.written.endsWith(LEFT)).toBe(true);
  });

  it("gives it back when it is told to stop", async () => {
    const stop = new AbortController();
    const { display, ended } = await bench(TWO, {}, stop.signal);
    stop.abort();
    await ended;
    expect(display.written.endsWith(LEFT)).toBe(true);
    const late = await bench(TWO, {}, stop.signal);
    await late.ended;
    expect(late.display.written.endsWith(LEFT)).toBe(true);
  });

  it("gives it back while stopped by Ctrl-Z and takes it again", async () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const { keyboard, display, ended } = await bench();
    keyboard.type("\x1a");
    await moment();
    expect(kill).toHaveBeenCalledWith(0, "SIGTSTP");
    expect(display.written.endsWith(LEFT)).toBe(true);
    expect(keyboard.raw).toBe(false);
    await moment(80);
    expect(keyboard.raw).toBe(true);
    expect(display.written.slice(display.written.lastIndexOf(LEFT))).toContain("incidents 2 of 2");
    keyboard.type("q");
    await ended;
  });
});
