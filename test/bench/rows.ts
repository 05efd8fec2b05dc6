// What is compared with what, and what must come out: the table of the benchmark. Flat data.
import type { InputSpec } from "./inputs.ts";
import type { Shape } from "./shapes.ts";

/** What a row promises: none of these may be more. Ratios are ours through theirs. */
export interface Target {
  readonly wall?: number;
  /** What would be worth trying for. */
  readonly worth?: number;
  /** Ratio of the peaks of memory. */
  readonly peak?: number;
  /** Our peak, in MB. */
  readonly peakMb?: number;
}

/** What is set against our run. */
export type Against =
  | { readonly kind: "peer"; readonly name: string }
  /** Our own program on another input, or told otherwise. */
  | {
      readonly kind: "self";
      readonly label: string;
      readonly input: InputSpec;
      readonly flags: string;
    }
  | { readonly kind: "command"; readonly label: string; readonly command: string };

/** One comparison. */
export interface Row {
  readonly against: Against;
  readonly target: Target;
  /** Whether `--quick` runs it. */
  readonly isQuick: boolean;
}

/** Our run, and everything that is set against it, in alternation. */
export interface Group {
  readonly label: string;
  /** null: the help text, which reads nothing. */
  readonly input: InputSpec | null;
  readonly flags: string;
  readonly rows: readonly Row[];
}

const MILLION = 1_000_000;
const input = (shape: Shape, more: Partial<InputSpec> = {}): InputSpec => ({
  shape,
  lines: 2 * MILLION,
  failing: "quiet",
  spread: "usual",
  packed: false,
  ...more,
});
const group = (label: string, spec: InputSpec | null, rows: readonly Row[], flags = ""): Group => ({
  label,
  input: spec,
  flags,
  rows,
});
const peer = (name: string, target: Target = {}): Row => ({
  against: { kind: "peer", name },
  target,
  isQuick: false,
});
const self = (label: string, spec: InputSpec, target: Target, flags = ""): Row => ({
  against: { kind: "self", label, input: spec, flags },
  target,
  isQuick: false,
});
const quick = (row: Row): Row => ({ ...row, isQuick: true });

const HAPROXY = input("haproxy");
const NGINX = input("nginx");
const JSON_300K = input("envoy-json", { lines: 300_000 });
const JSON_2M = input("envoy-json");
const half = (spec: InputSpec): InputSpec => ({ ...spec, failing: "half" });
const gz = (spec: InputSpec): InputSpec => ({ ...spec, packed: true });
const wide = (spec: InputSpec): InputSpec => ({ ...spec, spread: "wide" });
const long = (spec: InputSpec): InputSpec => ({ ...spec, lines: 20 * MILLION });
const HALF_COSTS: Target = { wall: 1.5 };
const TWO_CORES: Target = { wall: 1 / 1.7 };
const LONG: Target = { wall: 10.5, peak: 1.1, peakMb: 200 };

/** All comparisons, by our run. */
export const GROUPS: readonly Group[] = [
  group("HAProxy, 2 M lines", HAPROXY, [
    quick(peer("halog -srv", { wall: 2, worth: 1, peakMb: 200 })),
    quick(peer("mawk", { wall: 0.5, worth: 0.3 })),
    quick(peer("duckdb", { wall: 0.9, worth: 0.5 })),
    peer("gawk"),
    peer("rg|awk|sort|uniq"),
    peer("agrind"),
  ]),
  group("HAProxy without syslog's head, 2 M", input("haproxy-bare"), [
    peer("halog -srv", { wall: 2 }),
    peer("mawk", { wall: 0.5 }),
    peer("duckdb", { wall: 0.9 }),
  ]),
  group("HAProxy .gz, 2 M", gz(HAPROXY), [quick(peer("halog -srv", { wall: 0.6, worth: 0.45 }))]),
  group("nginx with upstream fields, 2 M", NGINX, [
    quick(peer("mawk", { wall: 0.6, worth: 0.3, peakMb: 200 })),
    peer("gawk"),
    peer("duckdb"),
    peer("rg|awk|sort|uniq"),
  ]),
  group("nginx .gz, 2 M", gz(NGINX), [peer("mawk")]),
  group("combined, 2 M", input("combined"), [
    quick(peer("mawk", { peakMb: 200 })),
    peer("gawk"),
    peer("duckdb"),
    peer("rg|awk|sort|uniq"),
    peer("lnav"),
    peer("goaccess", { wall: 0.01 }),
  ]),
  group("nginx error log, 2 M", input("nginx-error"), [
    quick(peer("mawk", { peakMb: 200 })),
    peer("gawk"),
  ]),
  group("Envoy text, 2 M", input("envoy"), [
    quick(peer("mawk", { peakMb: 200 })),
    peer("gawk"),
    peer("duckdb"),
    peer("rg|awk|sort|uniq"),
  ]),
  group("Envoy JSON, 300 k", JSON_300K, [
    peer("jq", { wall: 0.15, worth: 0.08, peakMb: 200 }),
    quick(peer("duckdb", { wall: 0.8, worth: 0.5 })),
    peer("rg|awk|sort|uniq"),
    peer("agrind"),
  ]),
  group("Envoy JSON, 2 M", JSON_2M, [
    peer("duckdb", { wall: 0.8, peakMb: 200 }),
    peer("jq", { wall: 0.15 }),
  ]),
  group("Envoy JSON .gz, 300 k", gz(JSON_300K), [peer("jq", { wall: 0.15 })]),

  group("HAProxy, half failing, 2 M", half(HAPROXY), [
    quick(self("the quiet log", HAPROXY, { ...HALF_COSTS, peakMb: 200 })),
    peer("halog -srv"),
    peer("mawk"),
  ]),
  group("nginx, half failing, 2 M", half(NGINX), [
    self("the quiet log", NGINX, { ...HALF_COSTS, peakMb: 200 }),
    peer("mawk"),
  ]),
  group("nginx error log, half failing, 2 M", half(input("nginx-error")), [
    self("the quiet log", input("nginx-error"), HALF_COSTS),
  ]),
  group("Envoy text, half failing, 2 M", half(input("envoy")), [
    self("the quiet log", input("envoy"), HALF_COSTS),
  ]),
  group("Envoy JSON, half failing, 300 k", half(JSON_300K), [
    self("the quiet log", JSON_300K, HALF_COSTS),
  ]),

  group("HAProxy, long URLs, 400 servers, many clients, 2 M", wide(HAPROXY), [
    quick(peer("halog -srv", { wall: 2, peakMb: 200 })),
    peer("mawk", { wall: 0.5 }),
  ]),
  group("nginx, long URLs, 400 servers, many clients, 2 M", wide(NGINX), [
    peer("mawk", { wall: 0.6, peakMb: 200 }),
  ]),
  group("nginx, the same with half failing, 2 M", half(wide(NGINX)), [
    self("the quiet log", wide(NGINX), { ...HALF_COSTS, peakMb: 200 }),
  ]),
  group("Envoy JSON, long URLs, 400 servers, many clients, 300 k", wide(JSON_300K), [
    peer("duckdb", { wall: 0.8, peakMb: 200 }),
    peer("jq", { wall: 0.15 }),
  ]),

  group("HAProxy, 20 M lines", long(HAPROXY), [
    self("2 M lines", HAPROXY, LONG),
    peer("halog -srv", { wall: 2 }),
  ]),
  group("HAProxy .gz, 20 M", long(gz(HAPROXY)), [self("2 M lines", gz(HAPROXY), LONG)]),
  group("nginx, 20 M", long(NGINX), [self("2 M lines", NGINX, LONG)]),
  group("nginx, wide and half failing, 20 M", long(half(wide(NGINX))), [
    self("2 M lines", half(wide(NGINX)), LONG),
  ]),

  group(
    "HAProxy, 2 M, --workers 2",
    HAPROXY,
    [self("--workers 1", HAPROXY, TWO_CORES, "--workers 1")],
    "--workers 2",
  ),
  group(
    "HAProxy, 20 M, --workers 2",
    long(HAPROXY),
    [self("--workers 1", long(HAPROXY), TWO_CORES, "--workers 1")],
    "--workers 2",
  ),
  group(
    "nginx, 2 M, --workers 2",
    NGINX,
    [self("--workers 1", NGINX, TWO_CORES, "--workers 1")],
    "--workers 2",
  ),
  group(
    "Envoy JSON, 300 k, --workers 2",
    JSON_300K,
    [self("--workers 1", JSON_300K, TWO_CORES, "--workers 1")],
    "--workers 2",
  ),
  group("why502 --help", null, [
    quick({
      against: { kind: "command", label: "node -e 0", command: "node -e 0" },
      target: { wall: 2.5, worth: 1.5 },
      isQuick: true,
    }),
  ]),
];

/** Inputs whose report must be the same byte for byte with 1, 2 and 4 workers. */
export const SAME_WITH_ANY_WORKERS: readonly (readonly [label: string, input: InputSpec])[] = [
  ["HAProxy, half failing", half(HAPROXY)],
  ["nginx, half failing", half(NGINX)],
  ["nginx, wide and half failing", half(wide(NGINX))],
  ["Envoy JSON, half failing", half(JSON_300K)],
];
