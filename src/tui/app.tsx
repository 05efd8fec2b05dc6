// The explorer as a process sees it: hooks, the clock, signals, and the terminal restored however it ends.
import { escapeForTerminal, type ReasonWords } from "../report/index.ts";
import { render, useInput } from "ink";
import { useEffect, useReducer, useRef, type ReactElement } from "react";
import { REASONS, type Reason } from "../record/index.ts";
import { coalesce, type Later } from "./coalesce.ts";
import type { Feed, Terminal } from "./feed.ts";
import { FrameStream } from "./frame-stream.ts";
import { keyNames } from "./key-names.ts";
import { keyStream } from "./key-stream.ts";
import { initialModel, type Model, type Size } from "./model.ts";
import { clipboardSequence, terminalSession, type Session } from "./terminal-session.ts";
import { update, type Effect, type Message } from "./update.ts";
import { Explorer } from "./views/Explorer.tsx";

/** Least time between two snapshots on the screen, in ms: ten frames a second while reading. */
const FRAME_MS = 100;
/** The same once lines only trickle in: nobody reads faster, and the analysis is not free. */
const LIVE_FRAME_MS = 250;

/** Props of {@link App}. */
export interface AppProps {
  readonly feed: Feed;
  readonly terminal: Terminal;
  /** Called with whatever the model wants done, in order. */
  readonly perform: (effect: Effect, notify: (text: string) => void) => void;
}

/** The explorer with its hooks: keys, size and snapshots become messages; effects leave through `perform`. */
export function App({ feed, terminal, perform }: AppProps): ReactElement {
  const { output } = terminal;
  const latest = useRef<Model | null>(null);
  latest.current ??= initialModel(sizeOf(output), allWords(feed), terminal.zone);
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  // The model lives in a ref, not in state: one input chunk can hold many keys, each must see the one before.
  const send = (messages: readonly Message[]): void => {
    const before = latest.current!;
    const effects: Effect[] = [];
    for (const message of messages) {
      const step = update(latest.current!, message);
      latest.current = step.model;
      effects.push(...step.effects);
    }
    if (latest.current !== before) redraw();
    for (const effect of effects) perform(effect, (text) => send([{ kind: "notice", text }]));
  };

  useInput((input, key) => send(keyNames(input, key).map((name) => ({ kind: "key", key: name }))));

  useEffect(() => {
    const resized = (): void => send([{ kind: "resize", size: sizeOf(output) }]);
    output.on("resize", resized);
    return () => void output.off("resize", resized);
  }, [output]);

  useEffect(() => {
    const pace = coalesce<Parameters<Parameters<Feed["subscribe"]>[0]>[0]>(
      (snapshot) => send([{ kind: "snapshot", snapshot }]),
      FRAME_MS,
      (run, ms) => later(run, isLive(latest.current) ? LIVE_FRAME_MS : ms),
    );
    const unsubscribe = feed.subscribe((snapshot) => pace.push(snapshot));
    return () => {
      unsubscribe();
      pace.stop();
    };
  }, [feed]);

  return <Explorer model={latest.current} ink={terminal} explain={feed.explain} />;
}

/**
 * Shows the explorer until the user quits. The terminal is given back before this returns or throws, and also on SIGTERM,
 * SIGHUP, SIGINT, process.exit and uncaught errors; ^Z gives it back while stopped. A signal nobody else listens to is
 * raised again afterwards, so that the process ends with the status its parent expects.
 * @param stop ends the explorer as `q` would.
 */
export async function explore(feed: Feed, terminal: Terminal, stop?: AbortSignal): Promise<void> {
  const frames = new FrameStream(terminal.output);
  const session = terminalSession(terminal, frames);
  let quit = (): void => {};
  const guard = guardTerminal(session, () => quit());
  const lost = (): void => {
    session.abandon();
    quit();
  };
  terminal.output.on("error", lost);
  try {
    session.enter();
    const instance = render(
      <App
        feed={feed}
        terminal={terminal}
        perform={performer(terminal, session, frames, () => quit())}
      />,
      {
        // Ink only writes frames to it and asks for its width: FrameStream says why Ink does not get the terminal.
        stdout: frames as unknown as NodeJS.WriteStream,
        stdin: keyStream(terminal.input),
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      },
    );
    quit = () => instance.unmount();
    const resized = (): void => frames.repaint();
    terminal.output.on("resize", resized);
    // Without a keyboard, or a signal, nobody could quit any more.
    for (const event of ["end", "error", "close"]) terminal.input.on(event, quit);
    stop?.addEventListener("abort", quit);
    try {
      if (!guard.signalled() && stop?.aborted !== true) await instance.waitUntilExit();
    } finally {
      terminal.output.off("resize", resized);
      for (const event of ["end", "error", "close"]) terminal.input.off(event, quit);
      stop?.removeEventListener("abort", quit);
      instance.unmount();
      instance.cleanup();
    }
  } finally {
    session.leave();
    // A terminal that is gone tells so one turn after the last write.
    await new Promise((turn) => setImmediate(turn));
    terminal.output.off("error", lost);
    guard.release();
  }
}

/** Carries out what the model asks for. */
function performer(
  terminal: Terminal,
  session: Session,
  frames: FrameStream,
  quit: () => void,
): AppProps["perform"] {
  return (effect, notify) => {
    switch (effect.kind) {
      case "quit":
        return quit();
      case "redraw":
        return frames.repaint();
      case "suspend":
        return suspend(session);
      case "copy": {
        if (terminal.copy !== undefined) terminal.copy(effect.text);
        else terminal.output.write(clipboardSequence(effect.text));
        return notify(`copied: ${escapeForTerminal(effect.text)}`);
      }
    }
  };
}

// The whole foreground job stops, as the terminal's own ^Z would: a `tail -F` that feeds us included.
function suspend(session: Session): void {
  session.leave();
  process.kill(0, "SIGTSTP");
  // Runs once we are continued, or at once where a process group may not be stopped.
  setTimeout(() => session.enter(), 50);
}

const ENDING = ["SIGTERM", "SIGHUP", "SIGINT"] as const;

/** Gives the terminal back on every way out that is not `quit`. */
function guardTerminal(
  session: Session,
  quit: () => void,
): { signalled(): boolean; release(): void } {
  let caught: NodeJS.Signals | null = null;
  const ending = (signal: NodeJS.Signals): void => {
    caught ??= signal;
    session.leave();
    quit();
  };
  const leaving = (): void => session.leave();
  const continued = (): void => {
    session.leave();
    session.enter();
  };
  for (const signal of ENDING) process.on(signal, ending);
  process.on("SIGCONT", continued);
  process.on("exit", leaving);
  process.on("uncaughtExceptionMonitor", leaving);
  return {
    signalled: () => caught !== null,
    release() {
      for (const signal of ENDING) process.off(signal, ending);
      process.off("SIGCONT", continued);
      process.off("exit", leaving);
      process.off("uncaughtExceptionMonitor", leaving);
      if (caught !== null && process.listenerCount(caught) === 0) process.kill(process.pid, caught);
    },
  };
}

const later: Later = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

function isLive(model: Model | null): boolean {
  return model !== null && model.snapshot.progress.live;
}

function sizeOf(output: NodeJS.WriteStream): Size {
  return { columns: output.columns || 80, rows: output.rows || 24 };
}

function allWords(feed: Feed): Readonly<Record<Reason, ReasonWords>> {
  return Object.fromEntries(REASONS.map((reason) => [reason, feed.words(reason)])) as Record<
    Reason,
    ReasonWords
  >;
}
