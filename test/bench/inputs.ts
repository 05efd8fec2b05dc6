// Builds the benchmark's inputs: deterministic logs of any length in the shapes that production writes.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** The shapes of input. */
export const SHAPES = [
  "haproxy",
  "nginx",
  "combined",
  "envoy",
  "envoy-json",
  "nginx-error",
] as const;
export type Shape = (typeof SHAPES)[number];

/** What to build. */
export interface InputSpec {
  readonly shape: Shape;
  readonly lines: number;
  /** Share of requests that fail, in a burst over the middle third for quiet logs. */
  readonly failing: "quiet" | "half";
  readonly packed: boolean;
}

const FOLDER = join(import.meta.dirname, "../../.bench");
const START = Date.UTC(2026, 10, 22, 6, 0, 0);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A 32-bit xorshift generator, so that inputs are the same everywhere. */
function random(seed: number): () => number {
  let x = seed | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** The path of an input, built when it is not there yet. */
export async function inputPath(spec: InputSpec): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const plain = join(FOLDER, `${spec.shape}-${spec.failing}-${spec.lines}.log`);
  if (!existsSync(plain)) {
    write(plain + ".part", spec);
    renameSync(plain + ".part", plain);
  }
  if (!spec.packed) return plain;
  const packed = `${plain}.gz`;
  if (!existsSync(packed)) {
    await pipeline(
      createReadStream(plain),
      createGzip({ level: 6 }),
      createWriteStream(packed + ".part"),
    );
    renameSync(packed + ".part", packed);
  }
  return packed;
}

/** Bytes of a file, for throughput. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}

function write(path: string, spec: InputSpec): void {
  const file = openSync(path, "w");
  const rnd = random(0x502);
  const line = MAKERS[spec.shape];
  let chunk: string[] = [];
  // 2 million lines cover an hour, 20 million ten hours.
  const msPerLine = 3_600_000 / 2_000_000;
  for (let n = 0; n < spec.lines; n++) {
    const time = START + Math.floor(n * msPerLine);
    const inBurst = n > spec.lines * 0.5 && n < spec.lines * 0.51;
    const fails = spec.failing === "half" ? rnd() < 0.5 : inBurst ? rnd() < 0.3 : rnd() < 0.0002;
    chunk.push(line(time, fails, rnd));
    if (chunk.length === 20_000) {
      writeSync(file, chunk.join(""));
      chunk = [];
    }
  }
  writeSync(file, chunk.join(""));
  closeSync(file);
}

type Maker = (time: number, fails: boolean, rnd: () => number) => string;

const two = (n: number): string => String(n).padStart(2, "0");
function clf(time: number): string {
  const d = new Date(time);
  return `${two(d.getUTCDate())}/${MONTHS[d.getUTCMonth()]}/${d.getUTCFullYear()}:${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}
const pick = <T>(list: readonly T[], rnd: () => number): T =>
  list[Math.floor(rnd() * list.length)]!;
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "curl/8.5.0",
  "Googlebot/2.1 (+http://www.google.com/bot.html)",
];
const PATHS = [
  "/",
  "/api/v1/orders/",
  "/api/v1/users/",
  "/static/app.",
  "/search?q=",
  "/login?next=%2Faccount&id=",
];
const POOLS = ["app", "auth", "search"];
const client = (rnd: () => number): string =>
  `10.${Math.floor(rnd() * 4)}.${Math.floor(rnd() * 250)}.${Math.floor(rnd() * 250)}`;
const path = (rnd: () => number): string => pick(PATHS, rnd) + Math.floor(rnd() * 1e5);

const MAKERS: Readonly<Record<Shape, Maker>> = {
  haproxy: (time, fails, rnd) => {
    const pool = pick(POOLS, rnd);
    const tr = Math.floor(rnd() * 80);
    const d = new Date(time);
    const head = `${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} lb1 haproxy[2022]: `;
    const date = `${clf(time)}.${String(time % 1000).padStart(3, "0")}`;
    const server = `be_${pool}/${pool}${1 + Math.floor(rnd() * 4)}`;
    const timers = fails
      ? `0/0/-1/-1/${3 * Math.floor(rnd() * 4)} 503 217 - - SC--`
      : `0/0/1/${tr}/${tr + 2} 200 ${200 + Math.floor(rnd() * 9000)} - - ----`;
    return `${head}${client(rnd)}:${1024 + Math.floor(rnd() * 60000)} [${date}] fe_main ${server} ${timers} 24/24/3/1/0 0/0 {shop.example} "GET ${path(rnd)} HTTP/1.1"\n`;
  },
  nginx: (time, fails, rnd) => {
    const seconds = (Math.floor(rnd() * 90) / 1000).toFixed(3);
    const tail = fails
      ? `rt=0.001 ua="10.9.0.${1 + Math.floor(rnd() * 4)}:8080" us="502" uct="-" uht="-" urt="0.001"`
      : `rt=${seconds} ua="10.9.0.${1 + Math.floor(rnd() * 4)}:8080" us="200" uct="0.000" uht="${seconds}" urt="${seconds}"`;
    return `${combined(time, fails, rnd)} "-" "shop.example" ${tail} c=${Math.floor(rnd() * 1e6)}\n`;
  },
  combined: (time, fails, rnd) => `${combined(time, fails, rnd)}\n`,
  envoy: (time, fails, rnd) => {
    const ms = Math.floor(rnd() * 90);
    const answer = fails
      ? `503 UF 0 91 0 -`
      : `200 - 0 ${200 + Math.floor(rnd() * 9000)} ${ms} ${ms}`;
    return `[${new Date(time).toISOString()}] "GET ${path(rnd)} HTTP/1.1" ${answer} "${client(rnd)}" "${pick(AGENTS, rnd)}" "${id(rnd)}" "shop.example" "10.9.0.${1 + Math.floor(rnd() * 4)}:8080"\n`;
  },
  "envoy-json": (time, fails, rnd) => {
    const ms = Math.floor(rnd() * 90);
    return `${JSON.stringify({
      authority: "shop.example",
      bytes_received: 0,
      bytes_sent: fails ? 167 : 200 + Math.floor(rnd() * 9000),
      connection_termination_details: null,
      downstream_local_address: "10.1.1.1:8443",
      downstream_remote_address: `${client(rnd)}:${1024 + Math.floor(rnd() * 60000)}`,
      duration: fails ? 0 : ms,
      method: "GET",
      path: path(rnd),
      protocol: "HTTP/1.1",
      request_id: id(rnd),
      requested_server_name: null,
      response_code: fails ? 503 : 200,
      response_code_details: fails
        ? "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}"
        : "via_upstream",
      response_flags: fails ? "UF" : "-",
      route_name: "default",
      start_time: new Date(time).toISOString(),
      upstream_cluster: `outbound|80||${pick(POOLS, rnd)}.default.svc.cluster.local`,
      upstream_host: `10.9.0.${1 + Math.floor(rnd() * 4)}:8080`,
      upstream_local_address: fails ? null : `10.1.1.1:${1024 + Math.floor(rnd() * 60000)}`,
      upstream_service_time: fails ? null : String(ms),
      upstream_transport_failure_reason: fails ? "delayed_connect_error:_Connection_refused" : null,
      user_agent: pick(AGENTS, rnd),
      x_forwarded_for: client(rnd),
    })}\n`;
  },
  "nginx-error": (time, fails, rnd) => {
    const d = new Date(time);
    const date = `${d.getUTCFullYear()}/${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
    const url = path(rnd);
    const message = fails
      ? "[error] 31#31: *%C connect() failed (111: Connection refused) while connecting to upstream"
      : "[warn] 31#31: *%C an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/4/03/0000000034 while reading upstream";
    return `${date} ${message.replace("%C", String(Math.floor(rnd() * 1e7)))}, client: ${client(rnd)}, server: shop.example, request: "GET ${url} HTTP/1.1", upstream: "http://10.9.0.${1 + Math.floor(rnd() * 4)}:8080${url}", host: "shop.example"\n`;
  },
};

function combined(time: number, fails: boolean, rnd: () => number): string {
  const answer = fails ? "502 157" : `200 ${200 + Math.floor(rnd() * 9000)}`;
  return `${client(rnd)} - - [${clf(time)} +0000] "GET ${path(rnd)} HTTP/1.1" ${answer} "https://shop.example/" "${pick(AGENTS, rnd)}"`;
}

function id(rnd: () => number): string {
  const hex = (n: number): string =>
    Math.floor(rnd() * 16 ** n)
      .toString(16)
      .padStart(n, "0");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}
