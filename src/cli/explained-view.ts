// How lines, codes and reasons are shown on this terminal, with the steps that belong to a reason.
import { stepsFor, type Blanks, type Knowledge } from "../incident/index.ts";
import type { ExplainedView } from "../report/index.ts";
import type { Options } from "./flags.ts";
import { wantsColor, wantsUnicode, widthOf } from "./terminal.ts";
import { wordsOf } from "./words-of.ts";

/** The view of a run that prints. */
export function explainedView(options: Options, knowledge: Knowledge): ExplainedView {
  const { env, stdout } = process;
  const isTerminal = stdout.isTTY === true;
  return {
    color: wantsColor(options.color, env, isTerminal),
    unicode: wantsUnicode(options.ascii, env, isTerminal),
    width: widthOf(options.width, env, isTerminal ? stdout.columns : undefined),
    words: wordsOf(knowledge),
    next: (reason, proxy, upstream) =>
      stepsFor(
        knowledge.reasons[reason].next,
        [proxy],
        upstream === null ? PLACEHOLDERS : blanksOf(upstream),
      ),
  };
}

const PLACEHOLDERS: Blanks = {
  peer: "HOST:PORT",
  host: "HOST",
  port: "PORT",
  pool: "POOL",
  server: "BACKEND/SERVER",
  path: "PATH",
  client: "CLIENT",
  node: "NODE",
};

function blanksOf({
  pool,
  peer,
}: {
  readonly pool: string | null;
  readonly peer: string | null;
}): Blanks {
  const blanks: Record<string, string> = {};
  if (pool !== null) blanks["pool"] = pool;
  if (peer === null) return blanks;
  const socket = /^unix:(.*?):?$/.exec(peer)?.[1];
  const address = /^(\[.*\]|[\d.]+):(\d+)$/.exec(peer);
  if (socket !== undefined) blanks["socket"] = socket;
  else if (address !== null) {
    blanks["peer"] = peer;
    blanks["host"] = address[1]!;
    blanks["port"] = address[2]!;
  } else blanks["server"] = pool === null || peer.includes("/") ? peer : `${pool}/${peer}`;
  return blanks;
}
