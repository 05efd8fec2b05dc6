// The table of the peers an incident concerns: how much each failed, and when.
import type { Incident, UpstreamShare } from "../incident/index.ts";
import { displayWidth, padEnd, padStart } from "./display-width.ts";
import { count, percent } from "./numbers.ts";
import { nbsp, styled, type Page } from "./page.ts";
import { strip, stripLegend } from "./sparkline.ts";
import { upstreamName } from "./words.ts";

const MOST_PEERS = 6;
/** A strip narrower than this says nothing. */
const NARROWEST_STRIP = 10;

/** A row for each peer, the failing ones first; nothing where one row would only repeat the title. */
export function printPeers(page: Page, incident: Incident): void {
  const rows = [...incident.upstreams].sort(
    (a, b) => b.failures - a.failures || b.requests - a.requests,
  );
  if (rows.length < 2) return;
  const shown = rows.slice(0, MOST_PEERS);
  const severalProxies = new Set(rows.map((row) => row.proxy)).size > 1;
  const onePool = new Set(rows.map((row) => row.pool)).size === 1;
  const counts = shown.map((row) => `${count(row.failures)} of ${count(row.requests)}`);
  const hidden = shown.map((row) => (row.masked > 0 ? ` +${count(row.masked)} hidden` : ""));
  const shares = shown.map((row) => percent(row.failures, row.requests));
  const countColumns = widest(counts);
  const shareColumns = widest(shares);
  const hiddenColumns = widest(hidden);
  const room = page.width - page.indent - countColumns - hiddenColumns - shareColumns - 4;
  const names = shown.map((row) =>
    page.shorten(nameOf(row, severalProxies, onePool), Math.max(8, Math.min(room, 34))),
  );
  const nameColumns = widest(names);
  const steps = Math.max(0, ...shown.map((row) => row.strip.length));
  const stripColumns = Math.min(steps, 40, room - nameColumns - 2);
  const hasStrip = stripColumns >= NARROWEST_STRIP && steps > 1;
  shown.forEach((row, i) => {
    const cells = `${padEnd(names[i]!, nameColumns)}  ${padStart(counts[i]!, countColumns)}${padEnd(hidden[i]!, hiddenColumns)}  ${padStart(shares[i]!, shareColumns)}`;
    const drawn = hasStrip ? `  ${strip(row.strip, stripColumns, page.unicode)}` : "";
    const line = [
      styled(row.failures > 0 ? "strong" : "plain", nbsp(cells)),
      styled(row.failures > 0 ? "bad" : "faint", nbsp(drawn)),
    ];
    if (i === 0) page.entry("peers", line);
    else page.more(line);
  });
  const rest = rows.slice(MOST_PEERS);
  if (rest.length > 0) {
    const failures = rest.reduce((sum, row) => sum + row.failures, 0);
    const requests = rest.reduce((sum, row) => sum + row.requests, 0);
    page.more([`and ${count(rest.length)} more: ${count(failures)} of ${count(requests)}`]);
  }
  if (hasStrip) page.more([styled("faint", stripLegend(page.unicode))]);
}

/** The pool is left out where it is the same in all rows: the title names it. */
function nameOf(row: UpstreamShare, withProxy: boolean, onePool: boolean): string {
  const pool = onePool && row.peer !== null ? null : row.pool;
  const name = upstreamName(pool, row.peer) ?? "(not named)";
  return withProxy ? `${row.proxy}: ${name}` : name;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}
