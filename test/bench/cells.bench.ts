// How fast records are counted: 20,000 of them into fresh cells, quiet and with half of them failing.
import { bench, describe } from "vitest";
import { Names, Rec, reasonNumber, type Reason } from "../../src/record/index.ts";
import { Cells } from "../../src/summary/index.ts";
import { isFailed, requests, type Outcome } from "./traffic.ts";

const REASONS: Readonly<Record<Outcome, Reason>> = {
  answered: "none",
  retried: "none",
  refused: "connect-refused",
  cut: "disconnect",
  "timed-out": "response-timeout",
  "no-server": "no-upstream",
  "server-said-502": "upstream-status",
  "client-left": "client-abort",
};

const LINES = 20_000;
const encoder = new TextEncoder();

for (const failing of ["quiet", "half"] as const) {
  for (const spread of ["usual", "wide"] as const) {
    const names = new Names();
    const texts: Uint8Array[] = [];
    const facts: { time: number; pool: number; peer: number; outcome: Outcome; ms: number }[] = [];
    for (const request of requests(LINES, failing, spread)) {
      const { client, method, path, time, pool, address, outcome, waitMs } = request;
      texts.push(encoder.encode(`${client} ${method} ${path}`));
      const peer = names.internText(address);
      facts.push({ time, pool: names.internText(pool), peer, outcome, ms: waitMs });
    }

    describe(`${LINES} records, ${failing}, ${spread}`, () => {
      bench("counted", () => {
        const cells = new Cells(names);
        const rec = new Rec();
        for (let n = 0; n < LINES; n++) {
          const { time, pool, peer, outcome, ms } = facts[n]!;
          const bytes = texts[n]!;
          rec.reset();
          rec.timeMs = time;
          rec.durationMs = ms;
          rec.startMs = time - ms;
          rec.status = isFailed(outcome) ? 502 : 200;
          rec.pool = pool;
          rec.peer = peer;
          rec.reason = reasonNumber[REASONS[outcome]];
          rec.clientStart = 0;
          rec.clientEnd = bytes.indexOf(32);
          rec.requestStart = rec.clientEnd + 1;
          rec.requestEnd = bytes.length;
          cells.add(rec, 0, 0, bytes, 0, bytes.length, { part: 0, line: n + 1, offset: n });
        }
      });
    });
  }
}
