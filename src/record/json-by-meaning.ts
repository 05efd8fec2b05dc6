// Whose JSON lines these are and what their keys mean: by the names of the keys, and by whether the values fit them.
import {
  lastParts,
  type Catalogue,
  type FieldKind,
  type JsonKey,
  type Recipe,
} from "../grammar/index.ts";
import { pathsOf } from "./json-paths.ts";
import { decodeText } from "./names.ts";
import type { SampleLine } from "./trial.ts";

const OPEN = 123;
/** Lines whose keys are looked at: logs that leave empty values out need some. */
const LOOKED_AT = 40;

/** Fields that only one proxy's logs have: each weighs as much as three others. */
const TELLING: Readonly<Record<Recipe["proxy"], ReadonlySet<string>>> = {
  nginx: new Set(["upstream_status", "upstream_response_time", "upstream_header_time"]),
  haproxy: new Set(["tsc", "ts", "Tw", "Tc", "ft"]),
  envoy: new Set([
    ...["RESPONSE_FLAGS", "RESPONSE_FLAGS_LONG", "RESPONSE_CODE_DETAILS"],
    ...["UPSTREAM_TRANSPORT_FAILURE_REASON", "UPSTREAM_CLUSTER"],
  ]),
};

/** Objects that only hold what belongs together; others, such as `upstream`, say whose the values are. */
const WRAPPERS = new Set([
  ...["http", "request", "req", "response", "res", "resp", "headers", "header", "httprequest"],
  ...[
    "log",
    "access",
    "accesslog",
    "data",
    "fields",
    "attributes",
    "labels",
    "event",
    "properties",
  ],
  ...["envoy", "nginx", "haproxy", "proxy", "json", "payload", "jsonpayload", "context", "message"],
]);

/** Shapes of values; kinds that are not here take anything. */
const SHAPES: Partial<Readonly<Record<FieldKind, RegExp>>> = {
  int: /^[+-]?\d+$/,
  number: /^\d+(?:\.\d+)?$/,
  seconds: /^\d+(?:\.\d+)?$/,
};
const STATUS = /^(?:-1|\d{1,3})$/;
/** Shapes of fields that say more than their kind: a status, and addresses as nginx lists them. */
const OWN_SHAPES: Readonly<Record<string, RegExp>> = {
  ...{ status: STATUS, ST: STATUS, RESPONSE_CODE: STATUS },
  upstream_addr: /^(?:unix:|\[|[\w.-]+:\d|\d+\.\d+\.\d+\.\d+)/,
};
/** What else a key means whose values do not fit: a word in an address's place names the pool. */
const MEANS_OTHERWISE: Readonly<Record<string, string>> = {
  upstream_addr: "proxy_upstream_name",
  request: "request_uri",
  r: "HU",
};
/** Only a path, where others write the request's whole line. */
const PATH_ALONE = /^\/\S*$/;
const STATUSES = new Set(["status", "ST", "RESPONSE_CODE"]);

/** The JSON formats that may be the lines', the likeliest first, with the keys as these lines write them. */
export function jsonByMeaning(
  catalogue: Catalogue,
  bytes: Uint8Array,
  lines: readonly SampleLine[],
): Recipe[] {
  const values = new Map<string, string[]>();
  for (const { message, end } of lines
    .filter((line) => bytes[line.message] === OPEN)
    .slice(0, LOOKED_AT)) {
    for (const [path, value] of pathsOf(decodeText(bytes.subarray(message, end)))) {
      const known = values.get(path);
      if (known === undefined) values.set(path, [value]);
      else known.push(value);
    }
  }
  if (values.size === 0) return [];
  const found = catalogue.listed
    .filter(({ name, format }) => format === "" && name.endsWith(" json"))
    .map((listed) => meant(listed.recipe(), values, catalogue))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || rank(a.recipe) - rank(b.recipe));
  return found.filter(({ score }) => 2 * score > found[0]!.score).map(({ recipe }) => recipe);
}

/** Where keys say nothing, the proxy that reads most into a line comes last. */
function rank({ proxy }: Recipe): number {
  return ["nginx", "envoy", "haproxy"].indexOf(proxy);
}

/** A recipe with the keys that mean something to its proxy, and how much they say for it. */
function meant(
  recipe: Recipe,
  values: ReadonlyMap<string, readonly string[]>,
  catalogue: Catalogue,
): { recipe: Recipe; score: number } {
  if (recipe.how.kind !== "json") return { recipe, score: 0 };
  const { proxy } = recipe;
  const names = byCompactName(catalogue.aliases[proxy]);
  const written: JsonKey[] = [];
  const refused = new Set<string>();
  let score = 0;
  const wrappers = wrappersOf([...values.keys()], names);
  for (const [key, texts] of values) {
    const field = meaningOf(key, catalogue.aliases[proxy], names, wrappers);
    if (field === null) continue;
    if (!fits(key, field, catalogue.kindOf[proxy](field), texts)) {
      refused.add(key);
      const otherwise = MEANS_OTHERWISE[field];
      if (otherwise !== undefined) written.push({ key, field: otherwise });
      continue;
    }
    written.push({ key, field });
    // The vendor's own name for it says more than a word that anybody might use.
    const weight = compact(key) === compact(field) ? 2 : 1;
    score += TELLING[proxy].has(field) ? 3 : weight;
  }
  const isTime = ({ field }: JsonKey): boolean => isTimeKind(catalogue.kindOf[proxy](field));
  if (score > 0 && !written.some(isTime)) {
    const key = keyOfTime(values);
    if (key !== null) written.push({ key, field: catalogue.aliases[proxy]["time"]! });
  }
  const believed = recipe.how.keys.filter(({ key }) => !refused.has(key));
  const known = new Set(believed.map(({ key }) => key));
  const keys = [...believed, ...written.filter(({ key }) => !known.has(key))];
  const how = { ...recipe.how, keys, written: lastParts([...values.keys()]) };
  return { recipe: { ...recipe, how }, score };
}

/** ISO 8601 or the common log format's: what no other value looks like. */
const WRITTEN_TIME =
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d/;

/** The one key whose values are written as times are, where none is named for it; null where there are more. */
function keyOfTime(values: ReadonlyMap<string, readonly string[]>): string | null {
  const found = [...values].filter(([, texts]) => texts.every((text) => WRITTEN_TIME.test(text)));
  return found.length === 1 ? found[0]![0] : null;
}

function isTimeKind(kind: FieldKind | null): boolean {
  return kind !== null && (kind.endsWith("-time") || kind === "epoch");
}

/** The vendor's field that a key's name means: its path as written, or without spelling and without wrappers around it. */
function meaningOf(
  path: string,
  aliases: Readonly<Record<string, string>>,
  names: ReadonlyMap<string, string>,
  wrappers: ReadonlySet<string>,
): string | null {
  if (Object.hasOwn(aliases, path)) return aliases[path]!;
  const lower = path.toLowerCase();
  if (Object.hasOwn(aliases, lower)) return aliases[lower]!;
  const parts = path.split(".");
  for (;;) {
    const field = names.get(compact(parts.join("")));
    if (field !== undefined) return field;
    if (parts.length < 2 || !wrappers.has(compact(parts[0]!))) return null;
    parts.shift();
  }
}

/** Objects that say whose the values in them are: no wrappers, whatever they hold. */
const OWNERS = /upstream|backend|server|origin|peer|cluster|target|client|downstream|tls|ssl|geo/;
/** An object that holds the status and as many other values with a meaning is a wrapper, whatever its name. */
const FEWEST_MEANT = 3;

function wrappersOf(
  paths: readonly string[],
  names: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const meant = new Map<string, string[]>();
  for (const path of paths) {
    const [wrapper, ...rest] = path.split(".");
    const field = rest.length === 0 ? undefined : names.get(compact(rest.join("")));
    if (field === undefined || OWNERS.test(wrapper!.toLowerCase())) continue;
    meant.set(compact(wrapper!), [...(meant.get(compact(wrapper!)) ?? []), field]);
  }
  const found = [...meant].filter(
    ([, fields]) => fields.length > FEWEST_MEANT && fields.some((field) => STATUSES.has(field)),
  );
  return new Set([...WRAPPERS, ...found.map(([name]) => name)]);
}

const compacted = new WeakMap<object, ReadonlyMap<string, string>>();

function byCompactName(aliases: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  let names = compacted.get(aliases) as Map<string, string> | undefined;
  if (names !== undefined) return names;
  names = new Map();
  for (const [key, field] of Object.entries(aliases)) {
    const name = compact(key);
    if (!names.has(name)) names.set(name, field);
  }
  compacted.set(aliases, names);
  return names;
}

/** `responseCode`, `response_code`, `Response-Code` and `:response.code` are one name. */
function compact(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * Whether a key's values are the field's, by most of them: `"code": "E12"` is no status, and no proxy counts in whole
 * seconds. A key that bears the field's own name, or a time's, is believed: what does not fit there is damaged.
 */
function fits(
  key: string,
  field: string,
  kind: FieldKind | null,
  values: readonly string[],
): boolean {
  const told = values.filter((value) => value !== "" && value !== "-");
  const isPath = told.length > 0 && told.every((value) => PATH_ALONE.test(value));
  if (isPath && (field === "request" || field === "r")) return false;
  if (isTimeKind(kind) || compact(key) === compact(field)) return true;
  const shape = OWN_SHAPES[field] ?? (kind === null ? undefined : SHAPES[kind]);
  // What begins like a number may be a damaged one.
  const fit = told.filter((value) => shape === undefined || shape.test(value) || /^\d/.test(value));
  if (2 * fit.length < told.length) return false;
  const isWhole = told.length > 0 && told.every((value) => /^[1-9]\d*$/.test(value));
  return kind !== "seconds" || !isWhole || /^rt$|time$/.test(compact(key));
}
