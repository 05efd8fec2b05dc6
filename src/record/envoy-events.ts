// Envoy's event logs, JSON objects of outlier detection and of health checks, and its application log as Istio's JSON.
import { compileJson, type Field, type Scanner } from "../grammar/index.ts";
import { MessageTable, messageRules } from "./message-table.ts";
import { decodeText, type Names } from "./names.ts";
import { EVENT, NOTE, type Read } from "./record.ts";
import { isoTime } from "./times.ts";

const KEYS = [
  ...["timestamp", "time", "cluster_name", "upstream_url", "action", "enforced", "type"],
  ...["host.socket_address.address", "host.socket_address.port_value", "host.pipe.path"],
  ...["eject_unhealthy_event.failure_type", "health_check_failure_event.failure_type"],
  ...["health_checker_type", "level", "scope", "msg"],
];
/** An object without any of them is somebody else's. */
const NEEDS = ["health_checker_type", "action", "scope"];
const ISTIO = "envoy ";

/** What an object says: `key` stands in it, with `value` where that is given. */
interface ObjectRule {
  readonly key: string;
  readonly value?: string;
  /** Not where these keys have these values. */
  readonly unless?: Readonly<Record<string, string>>;
  /** The key whose value says more. */
  readonly detail?: string;
  readonly event?: string;
  readonly code: string;
  readonly meaning: string;
  readonly source: string;
}

/** The objects of a parsed `grammars/envoy/events.json`. */
export function objectRules(knowledge: unknown): readonly ObjectRule[] {
  return (knowledge as { objects: readonly ObjectRule[] }).objects;
}

/** A scanner for the objects; its last field is the whole line, for empty objects leave no value behind. */
export function envoyEventScanner(): Scanner {
  const json = compileJson(
    KEYS.map((key) => ({ key, field: key })),
    () => null,
    NEEDS,
  );
  const fields: Field[] = [...json.fields, { name: "line", kind: "rest" }];
  const spans = new Int32Array(2 * json.fields.length + 1);
  const last = 2 * json.fields.length;
  return {
    fields,
    scan: (bytes, start, end, out) => {
      const failed = json.scan(bytes, start, end, spans);
      out.set(spans.subarray(0, last));
      out[last] = start;
      out[last + 1] = end;
      if (failed >= 0) out[last + 2] = spans[last]!;
      return failed;
    },
  };
}

/** The reader for {@link envoyEventScanner}. @param knowledge the parsed `grammars/envoy/events.json`. */
export function envoyEventReader(fields: readonly Field[], names: Names, knowledge: unknown): Read {
  const rules = objectRules(knowledge);
  const messages = messageRules(knowledge);
  const table = new MessageTable(messages, names);
  const find = (name: string): number => fields.findIndex((field) => field.name === name);
  const scope = find("scope");
  return (bytes, spans, rec) => {
    const text = (name: string): string => {
      const at = find(name);
      return at < 0 || spans[2 * at]! < 0
        ? ""
        : decodeText(bytes.subarray(spans[2 * at]!, spans[2 * at + 1]!));
    };
    rec.kind = NOTE;
    const isLog = spans[2 * scope]! >= 0;
    const timeAt = find(isLog ? "time" : "timestamp");
    rec.timeMs = isoTime(bytes, spans[2 * timeAt]!, spans[2 * timeAt + 1]!);
    if (spans[2 * timeAt]! < 0 || Number.isNaN(rec.timeMs)) return timeAt;
    if (isLog) {
      if (!text("scope").startsWith(ISTIO)) return scope;
      const message = Buffer.from(text("msg").replace(/^(?:\[[^\]]*\] ?)+/, ""));
      const found = table.find(message, 0, message.length);
      const event = messages[found]?.event;
      if (found >= 0) rec.code = Math.max(0, table.code);
      if (event !== undefined) {
        rec.kind = EVENT;
        rec.event = names.internText(event);
      }
      return -1;
    }
    const line = text("line");
    const rule = rules.find(
      ({ key, value, unless }) =>
        (value === undefined ? line.includes(`"${key}"`) : text(key) === value) &&
        !Object.entries(unless ?? {}).some(([other, no]) => text(other) === no),
    );
    if (rule === undefined) return find("action");
    rec.pool = Math.max(0, names.internText(text("cluster_name")));
    rec.peer = Math.max(0, names.internText(peerOf(text)));
    const detail = rule.detail === undefined ? "" : text(rule.detail);
    rec.code = Math.max(0, names.internText(detail === "" ? rule.code : `${rule.code}: ${detail}`));
    if (rule.event !== undefined) {
      rec.kind = EVENT;
      rec.event = names.internText(rule.event);
    }
    return -1;
  };
}

/** The host as access lines name it. */
function peerOf(text: (name: string) => string): string {
  const url = text("upstream_url").replace(/^\w+:\/\//, "");
  if (url !== "") return url;
  const address = text("host.socket_address.address");
  if (address === "") return text("host.pipe.path");
  const port = text("host.socket_address.port_value");
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
