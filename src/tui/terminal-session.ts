// Taking the terminal over and giving it back: alternate screen, cursor, line wrapping, raw mode.
import type { Terminal } from "./feed.ts";
import type { FrameStream } from "./frame-stream.ts";

// Alternate screen, cursor hidden, no wrapping at the right edge (a width guessed wrong must not shift rows).
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

/** A terminal that is ours between `enter` and `leave`; both may be called at any time, any number of times. */
export interface Session {
  enter(): void;
  leave(): void;
  /** The terminal is gone: nothing is written to it any more. */
  abandon(): void;
}

/** The session of a terminal whose frames go through `frames`. */
export function terminalSession(terminal: Terminal, frames: FrameStream): Session {
  const { input, output } = terminal;
  let entered = false;
  let gone = false;
  return {
    enter() {
      if (entered || gone) return;
      entered = true;
      setRaw(input, true);
      output.write(ENTER);
      frames.open();
    },
    leave() {
      if (!entered) return;
      entered = false;
      frames.close();
      output.write(LEAVE);
      setRaw(input, false);
    },
    abandon() {
      gone = true;
      entered = false;
      frames.close();
    },
  };
}

// Off and on again: after a stop the shell has changed the mode behind our back, and node would think it still set.
function setRaw(input: NodeJS.ReadStream, raw: boolean): void {
  if (!input.isTTY || input.destroyed) return;
  try {
    if (raw) input.setRawMode(false);
    input.setRawMode(raw);
  } catch {
    // The terminal is gone (hang-up): there is nothing left to restore.
  }
}

/** The escape sequence that puts text on the clipboard of the terminal's user, also through SSH (xterm's OSC 52). */
export function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text, "utf8").toString("base64")}\x07`;
}
