// The join among entries of one client and one request: who belongs to whom by connection, peer, status and time.
//
// Requests that name their connection go first. The others are matched second by second: where the lines of a second all
// say the same, or there is only one, the match is certain; else it is right as a set only.
// Longer than most files: three passes over the same lines, whose state they share.
import { reasonNumber } from "../record/index.ts";
import { groupBy } from "./group-by.ts";
import { Stories, type ErrorStory, type StoryLine } from "./join-stories.ts";
import type { JoinEntry, JoinWords } from "./join-entry.ts";

/** How long a request without a logged duration may have run (ms): nginx's default read timeout and a connect. */
const UNKNOWN_DURATION_MS = 61_000;
const SECOND = 1000;
const LONGEST_SECONDS = 3600;
/** nginx's cached clocks may lag behind one another. */
const LAG_MS = 250;

/** A request, the error line that explains it, and those of its earlier attempts. */
export interface Pair {
  readonly request: JoinEntry;
  readonly error: JoinEntry;
  readonly earlier: JoinEntry[];
  /** False where other lines would have fitted as well, and say something else. */
  readonly isSure: boolean;
}

interface Found extends Pair {
  readonly story: ErrorStory;
  readonly last: StoryLine;
}

const NO_UPSTREAM = reasonNumber["no-upstream"];

/** What became of one group. */
interface GroupJoin {
  readonly pairs: readonly Pair[];
  readonly orphans: readonly JoinEntry[];
  readonly openErrors: readonly JoinEntry[];
}

/** Joins what one client asked for; both lists in order of time. */
export function joinGroup(
  requests: readonly JoinEntry[],
  errors: readonly JoinEntry[],
  words: JoinWords,
): GroupJoin {
  if (errors.length === 0) return { pairs: [], orphans: requests, openErrors: [] };
  return new Group(errors, words).join(requests);
}

/** The error lines of one client and request, and the requests that take them. */
class Group {
  readonly #stories: Stories;
  readonly #words: JoinWords;
  readonly #found: Found[] = [];

  constructor(errors: readonly JoinEntry[], words: JoinWords) {
    this.#stories = new Stories(errors);
    this.#words = words;
  }

  join(requests: readonly JoinEntry[]): GroupJoin {
    const numbered = requests.filter(({ connection }) => connection >= 0);
    let open = this.#byConnection(numbered);
    const others = requests.filter(({ connection }) => connection < 0);
    let weak: readonly JoinEntry[] = this.#bySecond(this.#bySecond(others, 0), -1);
    for (let back = 2; back <= LONGEST_SECONDS; back++) {
      // Only requests that ran so long.
      const long = weak.filter(({ durationMs }) => durationMs > (back - 2) * SECOND);
      if (long.length === 0) break;
      const left = new Set(this.#bySecond(long, -back));
      const tried = new Set(long);
      weak = weak.filter((request) => !tried.has(request) || left.has(request));
    }
    open = [...open, ...this.#bySecond(weak, 1)];
    for (const pair of this.#found) this.#addEarlier(pair);
    const openErrors = this.#stories.open().map(({ entry }) => entry);
    return { pairs: this.#found, orphans: open, openErrors };
  }

  /** Requests whose connection is logged: its lines, in order; several in a row are shared out evenly. */
  #byConnection(requests: readonly JoinEntry[]): JoinEntry[] {
    const orphans: JoinEntry[] = [];
    const left = new Map<string, number>();
    const place = (request: JoinEntry): string =>
      `${request.connection} ${Math.floor(request.timeMs / SECOND)} ${request.masked ? request.peer : ""}`;
    for (const request of requests) left.set(place(request), (left.get(place(request)) ?? 0) + 1);
    for (const request of requests) {
      const rivals = left.get(place(request))!;
      left.set(place(request), rivals - 1);
      const story = this.#stories.of(request.connection);
      const near = (story?.lines ?? []).filter(
        (line) =>
          !line.isTaken && this.#isSameNode(request, line.entry) && isIn(request, line.entry),
      );
      const before = near.filter(({ entry }) => entry.timeMs <= request.timeMs);
      let lines = before.length > 0 ? before : near;
      const ofPeer = lines.filter(({ entry }) => entry.peer === request.peer);
      if (request.masked && request.peer !== 0) lines = ofPeer;
      if (lines.length === 0 || story === undefined) orphans.push(request);
      else {
        const share = request.masked ? 1 : Math.max(1, Math.floor(lines.length / rivals));
        this.#take(request, story, lines.slice(0, share), true);
      }
    }
    return orphans;
  }

  /** Requests that only time tells: those of a second and the lines `shift` seconds from it. */
  #bySecond(requests: readonly JoinEntry[], shift: number): JoinEntry[] {
    const orphans: JoinEntry[] = [];
    for (let from = 0; from < requests.length;) {
      const second = Math.floor(requests[from]!.timeMs / SECOND);
      let to = from;
      while (to < requests.length && Math.floor(requests[to]!.timeMs / SECOND) === second) to++;
      const here = requests.slice(from, to);
      from = to;
      const lines = this.#stories.at(second + shift).filter(({ isTaken }) => !isTaken);
      if (lines.length === 0) orphans.push(...here);
      else for (const alike of alikeIn(here)) orphans.push(...this.#share(alike, lines));
    }
    return orphans.sort((a, b) => a.timeMs - b.timeMs);
  }

  /** Gives requests that look alike their lines; answers those that got none. */
  #share(requests: readonly JoinEntry[], lines: readonly StoryLine[]): readonly JoinEntry[] {
    const first = requests[0]!;
    const fitting = lines.filter(
      (line) => !line.isTaken && this.#isSameNode(first, line.entry) && mayExplain(first, line),
    );
    const stories = groupBy(fitting, ({ story }) => story);
    if (fitting.length === 0) return requests;
    // A connection is one request's where there are enough of them; else its lines are shared out.
    const share =
      stories.size >= requests.length && !first.masked
        ? fitting.length
        : Math.max(1, first.masked ? 1 : Math.floor(fitting.length / requests.length));
    const units = [...stories.values()].flatMap((own) => chunks(own, share));
    const [one] = units;
    const target = (unit: readonly StoryLine[]): string =>
      `${telling(first, unit).entry.reason} ${this.#words.target(telling(first, unit).entry)}`;
    const isSure = units.every((unit) => target(unit) === target(one!));
    const left: JoinEntry[] = [];
    let from = 0;
    for (const request of requests) {
      let at = from;
      while (at < units.length && !(isOpen(units[at]!) && isIn(request, units[at]!.at(-1)!.entry)))
        at++;
      if (at === units.length) left.push(request);
      else this.#take(request, units[at]![0]!.story, units[at]!, isSure);
      while (from < units.length && !isOpen(units[from]!)) from++;
    }
    return left;
  }

  #take(request: JoinEntry, story: ErrorStory, lines: readonly StoryLine[], isSure: boolean): void {
    const best = telling(request, lines);
    const earlier: JoinEntry[] = [];
    best.isTaken = true;
    for (const line of lines) {
      line.isTaken = true;
      if (line !== best) earlier.push(line.entry);
    }
    story.requests++;
    this.#found.push({ request, error: best.entry, earlier, isSure, story, last: lines.at(-1)! });
  }

  /** Lines of the same connection that nobody took: earlier attempts of the request, if it may be them. */
  #addEarlier({ request, earlier, story, last }: Found): void {
    for (const line of story.lines) {
      if (line.isTaken || !isIn(request, line.entry)) continue;
      const isConsequence = line.entry.reason === NO_UPSTREAM && line.at === last.at + 1;
      const isAttempt =
        !request.masked &&
        line.at < last.at &&
        (request.durationMs >= 0 || story.requests === 1 || line.second === last.second);
      if (!isConsequence && !isAttempt) continue;
      line.isTaken = true;
      earlier.push(line.entry);
    }
  }

  #isSameNode(a: JoinEntry, b: JoinEntry): boolean {
    const [one, other] = [this.#words.node(a), this.#words.node(b)];
    return one === null || other === null || one === other;
  }
}

/** Whether an error was written while the request ran. */
function isIn(request: JoinEntry, error: JoinEntry): boolean {
  const isKnown = request.durationMs >= 0;
  const duration = isKnown ? request.durationMs : UNKNOWN_DURATION_MS;
  // The line's second is over a second later at most.
  return (
    error.timeMs + SECOND + LAG_MS > request.timeMs - duration &&
    error.timeMs <= request.timeMs + SECOND
  );
}

/** Whether a line may be the last failure of a request that does not name its connection. */
function mayExplain(request: JoinEntry, line: StoryLine): boolean {
  const { entry } = line;
  const next = line.story.lines[line.at + 1];
  const isFollowed =
    next !== undefined &&
    next.entry.reason === NO_UPSTREAM &&
    entry.reason !== NO_UPSTREAM &&
    next.entry.timeMs - entry.timeMs <= SECOND;
  if (request.peer !== 0) return entry.peer === request.peer;
  if (request.reason === NO_UPSTREAM) return entry.reason === NO_UPSTREAM;
  if (request.masked || isFollowed) return false;
  const implied = entry.impliedStatus;
  switch (request.status) {
    case 502:
    case 504:
    case 9:
      return implied === 0 || implied === request.status;
    case 500:
      return implied === 500;
    default:
      // An error page may have given it any other status.
      return implied !== 500;
  }
}

/** The line that tells most: the blamed peer's, then one that is no mere consequence, then the last. */
function telling(request: JoinEntry, lines: readonly StoryLine[]): StoryLine {
  let best = lines.at(-1)!;
  let score = scoreOf(request, best);
  for (let k = lines.length - 2; k >= 0; k--) {
    const own = scoreOf(request, lines[k]!);
    if (own > score) [best, score] = [lines[k]!, own];
  }
  const before = best.story.lines[best.at - 1];
  const isEffect = best.entry.reason === NO_UPSTREAM && request.reason !== NO_UPSTREAM;
  const isCause =
    before !== undefined && !before.isTaken && best.entry.timeMs - before.entry.timeMs <= SECOND;
  return isEffect && isCause && before.entry.reason !== NO_UPSTREAM ? before : best;
}

function scoreOf(request: JoinEntry, { entry }: StoryLine): number {
  const isPeer = request.peer !== 0 && entry.peer === request.peer;
  const isStatus = entry.impliedStatus !== 0 && entry.impliedStatus === request.status;
  const isCause = (entry.reason === NO_UPSTREAM) === (request.reason === NO_UPSTREAM);
  return Number(isPeer) * 4 + Number(isCause) * 2 + Number(isStatus);
}

/** Requests that nothing tells apart, those that say most of themselves first. */
function alikeIn(requests: readonly JoinEntry[]): JoinEntry[][] {
  const known = (request: JoinEntry): number =>
    request.peer !== 0 ? 2 : request.status === 502 || request.status === 504 ? 1 : 0;
  const groups = groupBy(
    requests,
    (request) => `${request.peer} ${request.status} ${request.masked} ${request.reason}`,
  );
  return [...groups.values()].sort((a, b) => known(b[0]!) - known(a[0]!));
}

function chunks(lines: readonly StoryLine[], size: number): StoryLine[][] {
  const out: StoryLine[][] = [];
  for (let from = 0; from < lines.length; from += size) out.push(lines.slice(from, from + size));
  return out;
}

function isOpen(unit: readonly StoryLine[]): boolean {
  return unit.every(({ isTaken }) => !isTaken);
}
