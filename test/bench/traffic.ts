// Made-up traffic, the same everywhere: who asked for what, of which server, and how it went. The shapes write it down.

/** How a request ended at the proxy. */
export type Outcome =
  | "answered"
  | "refused"
  | "cut"
  | "timed-out"
  | "no-server"
  | "server-said-502"
  | "retried"
  | "client-left";

/** Whether the client got a 502, 503 or 504. */
export function isFailed(outcome: Outcome): boolean {
  return outcome !== "answered" && outcome !== "retried" && outcome !== "client-left";
}

/** One request, as a proxy saw it. The same object is filled again for every line. */
export interface Request {
  /** When the line was written, milliseconds since 1970. */
  time: number;
  client: string;
  clientPort: number;
  method: string;
  path: string;
  agent: string;
  pool: string;
  /** Which server of the pool, from 0. */
  peer: number;
  /** Its address. */
  address: string;
  /** Address of the server that a retry went to. */
  second: string;
  outcome: Outcome;
  bytes: number;
  connectMs: number;
  /** From the connection to the head of the answer; where nothing came, until the proxy gave up. */
  waitMs: number;
  sendMs: number;
  active: number;
  id: string;
  /** A number that grows: a connection, say. */
  serial: number;
}

/** How varied clients, paths and servers are. */
export const SPREADS = ["usual", "wide"] as const;
export type Spread = (typeof SPREADS)[number];

interface Breadth {
  readonly pools: readonly string[];
  readonly peersPerPool: number;
  readonly clients: number;
  readonly paths: number;
  /** Characters of query string, at most. */
  readonly query: number;
  readonly hasIpv6: boolean;
}

const BREADTH: Readonly<Record<Spread, Breadth>> = {
  usual: {
    pools: ["app", "auth", "search"],
    peersPerPool: 4,
    clients: 60_000,
    paths: 100_000,
    query: 0,
    hasIpv6: false,
  },
  wide: {
    pools: Array.from({ length: 40 }, (_, at) => `team-${at % 8}-service-${at}`),
    peersPerPool: 10,
    clients: 3_000_000,
    paths: 5_000_000,
    query: 900,
    hasIpv6: true,
  },
};

/** A 32-bit xorshift generator of fractions, so that inputs are the same everywhere. */
export type Random = () => number;

/** A generator that begins at a seed. */
export function random(seed: number): Random {
  let x = seed | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** Two million lines are an hour. */
const MS_PER_LINE = 3_600_000 / 2_000_000;
const START = Date.UTC(2026, 10, 22, 6, 0, 0);

const PATHS = [
  "/",
  "/api/v1/orders/",
  "/api/v1/users/",
  "/static/app.",
  "/search?q=",
  "/login?next=%2Faccount&id=",
];
const METHODS = ["GET", "GET", "GET", "GET", "GET", "GET", "POST", "POST", "PUT", "HEAD"];
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Googlebot/2.1 (+http://www.google.com/bot.html)",
  "curl/8.5.0",
  "Go-http-client/1.1",
  "okhttp/4.12.0",
  "python-requests/2.32.3",
];
/** Failures in the proportions of a bad hour: mostly refusals, some of everything. */
const FAILURES: readonly Outcome[] = [
  ...Array<Outcome>(8).fill("refused"),
  ...Array<Outcome>(4).fill("cut"),
  ...Array<Outcome>(3).fill("timed-out"),
  ...Array<Outcome>(2).fill("no-server"),
  ...Array<Outcome>(2).fill("server-said-502"),
  "retried",
];
const TIMEOUT_MS = 30_000;
/** Query strings are cut from this: as long as anyone logs, and without a quote. */
const QUERY = Array.from(
  { length: 80 },
  (_, at) => `&p${at}=${(at * 2_654_435_761).toString(36)}%2F${at}`,
).join("");

/**
 * Requests one after the other, in the order in which a proxy logs them: at their ends.
 * @param failing "quiet": a few failures always, a burst in one hundredth of the time; "half": half of all.
 */
export function* requests(
  lines: number,
  failing: "quiet" | "half",
  spread: Spread,
): Generator<Request> {
  const rnd = random(0x502);
  const below = (n: number): number => Math.floor(rnd() * n);
  /** Few are seen often and most rarely, as everywhere. */
  const skewed = (n: number): number => Math.floor(n * rnd() ** 3);
  const breadth = BREADTH[spread];
  const request: Request = {
    time: START,
    client: "",
    clientPort: 0,
    method: "GET",
    path: "/",
    agent: "",
    pool: "",
    peer: 0,
    address: "",
    second: "",
    outcome: "answered",
    bytes: 0,
    connectMs: 0,
    waitMs: 0,
    sendMs: 0,
    active: 1,
    id: "",
    serial: 0,
  };
  const addresses = breadth.pools.map((_, pool) =>
    Array.from({ length: breadth.peersPerPool }, (__, peer) => `10.9.${pool}.${peer + 1}:8080`),
  );
  for (let n = 0; n < lines; n++) {
    const isBurst = n > lines * 0.5 && n < lines * 0.51;
    const share = failing === "half" ? 0.5 : isBurst ? 0.3 : 0.0002;
    const fails = rnd() < share;
    const pool = below(breadth.pools.length);
    request.time = START + Math.floor(n * MS_PER_LINE);
    request.client = clientAddress(skewed(breadth.clients), breadth.hasIpv6);
    request.clientPort = 1024 + below(60_000);
    request.method = METHODS[below(METHODS.length)]!;
    request.path = PATHS[below(PATHS.length)]! + skewed(breadth.paths);
    if (breadth.query > 0)
      request.path += `${request.path.includes("?") ? "&" : "?"}all=1${QUERY.slice(0, skewed(breadth.query))}`;
    request.agent = AGENTS[below(AGENTS.length)]!;
    request.pool = breadth.pools[pool]!;
    request.peer = below(breadth.peersPerPool);
    request.address = addresses[pool]![request.peer]!;
    request.second = addresses[pool]![(request.peer + 1) % breadth.peersPerPool]!;
    request.outcome = fails
      ? FAILURES[below(FAILURES.length)]!
      : rnd() < 0.001
        ? "client-left"
        : "answered";
    request.bytes = 200 + skewed(60_000);
    request.connectMs = below(3);
    request.waitMs = request.outcome === "timed-out" ? TIMEOUT_MS + below(3) : skewed(900);
    request.sendMs = below(4);
    request.active = 10 + below(40);
    request.id = requestId(rnd);
    request.serial = n;
    yield request;
  }
}

function clientAddress(n: number, hasIpv6: boolean): string {
  if (hasIpv6 && n % 3 === 0)
    return `2001:db8:${(n >>> 12).toString(16)}::${(n & 0xfff).toString(16)}`;
  // Spread over the space by an odd factor, so that neighbours in number are none in address.
  const x = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  return `${11 + (x >>> 25)}.${(x >>> 17) & 255}.${(x >>> 9) & 255}.${(x >>> 1) & 255}`;
}

function requestId(rnd: Random): string {
  const hex = (n: number): string =>
    Math.floor(rnd() * 16 ** n)
      .toString(16)
      .padStart(n, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}
