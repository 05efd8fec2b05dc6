// How each proxy writes a request down: one line in the shape that production logs have.
import type { Outcome, Request } from "./traffic.ts";

/** The shapes of input. */
export const SHAPES = [
  "haproxy",
  "haproxy-bare",
  "nginx",
  "combined",
  "nginx-error",
  "envoy",
  "envoy-json",
] as const;
export type Shape = (typeof SHAPES)[number];

/** Writes a line, its end included. */
export type Writer = (request: Request) => string;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
const three = (n: number): string => String(n).padStart(3, "0");
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Spells the second of a time; the same second is not spelled twice. */
function spelled(spell: (date: Date) => string): (time: number) => string {
  let last = -1;
  let text = "";
  return (time) => {
    const second = Math.floor(time / 1000);
    if (second !== last) {
      last = second;
      text = spell(new Date(second * 1000));
    }
    return text;
  };
}

const clock = (d: Date): string =>
  `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
const bracketed = (): ((time: number) => string) =>
  spelled(
    (d) => `${two(d.getUTCDate())}/${MONTHS[d.getUTCMonth()]}/${d.getUTCFullYear()}:${clock(d)}`,
  );

/** A writer of each shape. */
export function writerOf(shape: Shape): Writer {
  return MAKERS[shape]();
}

/** The milliseconds from a request's start to its line. */
function lasted(request: Request): number {
  const { outcome, connectMs, waitMs, sendMs } = request;
  if (outcome === "no-server") return 0;
  return outcome === "refused" ? connectMs : connectMs + waitMs + sendMs;
}

/** `TR/Tw/Tc/Tr/Ta`, status, bytes and termination state of HAProxy 2.6, by outcome. */
function haproxyAnswer(request: Request, retries: string): string {
  const { outcome, connectMs, waitMs, bytes } = request;
  const total = lasted(request);
  switch (outcome) {
    case "refused":
      return `0/0/-1/-1/${3000 + total} 503 217 - - SC-- ${retries}`;
    case "cut":
      return `0/0/${connectMs}/-1/${total} 502 209 - - SH-- ${retries}`;
    case "timed-out":
      return `0/0/${connectMs}/-1/${total} 504 198 - - sH-- ${retries}`;
    case "no-server":
      return `0/-1/-1/-1/0 503 217 - - SC-- ${retries}`;
    case "client-left":
      return `0/0/${connectMs}/-1/${total} -1 0 - - CH-- ${retries}`;
    case "server-said-502":
      return `0/0/${connectMs}/${waitMs}/${total} 502 ${bytes} - - ---- ${retries}`;
    default:
      return `0/0/${connectMs}/${waitMs}/${total} 200 ${bytes} - - ---- ${retries}`;
  }
}

const RETRIES: Partial<Record<Outcome, string>> = { refused: "3", retried: "1" };

function haproxy(): Writer {
  const date = bracketed();
  return (request) => {
    const { client, clientPort, pool, peer, outcome, method, path, active } = request;
    const total = lasted(request) + (outcome === "refused" ? 3000 : 0);
    const start = request.time - total;
    const server = outcome === "no-server" ? "<NOSRV>" : `${pool}${peer + 1}`;
    const answer = haproxyAnswer(
      request,
      `${active}/${active}/${active >> 2}/${active >> 4}/${RETRIES[outcome] ?? 0} 0/0`,
    );
    return `${client}:${clientPort} [${date(start)}.${three(start % 1000)}] fe_main be_${pool}/${server} ${answer} {shop.example} "${method} ${path} HTTP/1.1"\n`;
  };
}

/** Status of the attempts and the request, times of the attempts, as `rt ua us uct uht urt` of nginx. */
function nginxTail(request: Request): string {
  const { outcome, address, second, connectMs, waitMs } = request;
  const total = seconds(lasted(request));
  const connect = seconds(connectMs);
  const wait = seconds(connectMs + waitMs);
  const tail = (ua: string, us: string, uct: string, uht: string, urt: string): string =>
    `rt=${total} ua="${ua}" us="${us}" uct="${uct}" uht="${uht}" urt="${urt}"`;
  switch (outcome) {
    case "refused":
      return tail(address, "502", "-", "-", total);
    case "cut":
      return tail(address, "502", connect, "-", wait);
    case "timed-out":
      return tail(address, "504", connect, "-", wait);
    case "no-server":
      return tail(request.pool, "502", "-", "-", "0.000");
    case "client-left":
      return tail(address, "-", connect, "-", wait);
    case "retried":
      return tail(
        `${address}, ${second}`,
        "502, 200",
        `-, ${connect}`,
        `-, ${wait}`,
        `0.000, ${wait}`,
      );
    case "server-said-502":
      return tail(address, "502", connect, wait, wait);
    case "answered":
      return tail(address, "200", connect, wait, wait);
  }
}

const NGINX_STATUS: Readonly<Record<Outcome, string>> = {
  answered: "200",
  retried: "200",
  refused: "502 157",
  cut: "502 157",
  "no-server": "502 157",
  "timed-out": "504 167",
  "server-said-502": "502",
  "client-left": "499 0",
};

function combined(): Writer {
  const date = bracketed();
  return ({ time, client, method, path, agent, outcome, bytes }) => {
    const answer = NGINX_STATUS[outcome];
    const sent = answer.length === 3 ? ` ${bytes}` : "";
    return `${client} - - [${date(time)} +0000] "${method} ${path} HTTP/1.1" ${answer}${sent} "https://shop.example/" "${agent}"\n`;
  };
}

/** What the error log says of an outcome; requests that went well leave other lines there. */
const NGINX_ERRORS: Partial<Record<Outcome, string>> = {
  refused:
    "[error] %P: *%C connect() failed (111: Connection refused) while connecting to upstream",
  cut: "[error] %P: *%C upstream prematurely closed connection while reading response header from upstream",
  "timed-out":
    "[error] %P: *%C upstream timed out (110: Connection timed out) while reading response header from upstream",
  "no-server": "[error] %P: *%C no live upstreams while connecting to upstream",
  "server-said-502":
    "[error] %P: *%C recv() failed (104: Connection reset by peer) while reading response header from upstream",
};
const BUFFERED =
  "[warn] %P: *%C an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/4/03/0000000034 while reading upstream";

function nginxError(): Writer {
  const date = spelled(
    (d) => `${d.getUTCFullYear()}/${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())} ${clock(d)}`,
  );
  return ({ time, client, method, path, address, pool, outcome, serial }) => {
    const message = (NGINX_ERRORS[outcome] ?? BUFFERED)
      .replace("%P", "31#31")
      .replace("%C", String(serial));
    const upstream = outcome === "no-server" ? pool : address;
    return `${date(time)} ${message}, client: ${client}, server: shop.example, request: "${method} ${path} HTTP/1.1", upstream: "http://${upstream}${path}", host: "shop.example"\n`;
  };
}

interface EnvoyAnswer {
  readonly status: number;
  readonly flags: string;
  readonly details: string;
  /** Bytes of Envoy's own answer; null for the upstream's. */
  readonly bytes: number | null;
  readonly reason: string | null;
}

const REFUSED = "delayed_connect_error:_Connection_refused";
const RESET = "upstream_reset_before_response_started";
const VIA = { details: "via_upstream", bytes: null, reason: null, flags: "-" };
const ENVOY: Readonly<Record<Outcome, EnvoyAnswer>> = {
  answered: { ...VIA, status: 200 },
  retried: { ...VIA, status: 200 },
  "server-said-502": { ...VIA, status: 502 },
  refused: {
    status: 503,
    flags: "UF",
    details: `${RESET}{remote_connection_failure|${REFUSED}}`,
    bytes: 152,
    reason: REFUSED,
  },
  cut: {
    status: 503,
    flags: "UC",
    details: `${RESET}{connection_termination}`,
    bytes: 95,
    reason: null,
  },
  "timed-out": { status: 504, flags: "UT", details: "response_timeout", bytes: 24, reason: null },
  "no-server": {
    status: 503,
    flags: "UH",
    details: "no_healthy_upstream",
    bytes: 19,
    reason: null,
  },
  "client-left": {
    status: 0,
    flags: "DC",
    details: "downstream_remote_disconnect",
    bytes: 0,
    reason: null,
  },
};

function isoTime(): (time: number) => string {
  const second = spelled((d) => d.toISOString().slice(0, 19));
  return (time) => `${second(time)}.${three(time % 1000)}Z`;
}

function envoy(): Writer {
  const date = isoTime();
  return (request) => {
    const { method, path, client, agent, id, outcome } = request;
    const { status, flags, bytes } = ENVOY[outcome];
    const host = outcome === "no-server" ? "-" : request.address;
    const total = lasted(request);
    const service = bytes === null ? String(request.waitMs) : "-";
    return `[${date(request.time - total)}] "${method} ${path} HTTP/1.1" ${status} ${flags} 0 ${bytes ?? request.bytes} ${total} ${service} "${client}" "${agent}" "${id}" "shop.example" "${host}"\n`;
  };
}

function envoyJson(): Writer {
  const date = isoTime();
  return (request) => {
    const { method, path, client, agent, id, outcome, pool, clientPort, active } = request;
    const { status, flags, bytes, details, reason } = ENVOY[outcome];
    const hasHost = outcome !== "no-server";
    const total = lasted(request);
    return `${JSON.stringify({
      authority: "shop.example",
      bytes_received: 0,
      bytes_sent: bytes ?? request.bytes,
      connection_termination_details: null,
      downstream_local_address: "10.1.1.1:8443",
      downstream_remote_address: `${client.includes(":") ? `[${client}]` : client}:${clientPort}`,
      duration: total,
      method,
      path,
      protocol: "HTTP/1.1",
      request_id: id,
      requested_server_name: null,
      response_code: status,
      response_code_details: details,
      response_flags: flags,
      route_name: "default",
      start_time: date(request.time - total),
      upstream_cluster: `outbound|80||${pool}.default.svc.cluster.local`,
      upstream_host: hasHost ? request.address : null,
      upstream_local_address:
        hasHost && outcome !== "refused" ? `10.1.1.1:${30_000 + active}` : null,
      upstream_service_time: bytes === null ? String(request.waitMs) : null,
      upstream_transport_failure_reason: reason,
      user_agent: agent,
      x_forwarded_for: client,
    })}\n`;
  };
}

const MAKERS: Readonly<Record<Shape, () => Writer>> = {
  haproxy: () => {
    const head = spelled(
      (d) =>
        `${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${clock(d)} lb1 haproxy[2022]: `,
    );
    const bare = haproxy();
    return (request) => head(request.time) + bare(request);
  },
  "haproxy-bare": haproxy,
  nginx: () => {
    const first = combined();
    return (request) => `${first(request).slice(0, -1)} "-" ${nginxTail(request)}\n`;
  },
  combined,
  "nginx-error": nginxError,
  envoy,
  "envoy-json": envoyJson,
};
