// The keys under which log collectors keep a line, its time and its host: one table, the most telling key of a kind first.

/** What a key of a wrapping object means. */
export interface KeyNode {
  readonly role: "text" | "time" | "host" | "tag" | "pid" | "stream" | "part" | null;
  /** Where several keys of a role are present, the smallest rank counts. */
  readonly rank: number;
  /** Set where an object under this key may itself be the line: its rank, behind all texts. */
  readonly object: number | undefined;
  /** The meaning of the keys inside; null where they have none. */
  readonly inside: KeyNode | null;
  /** Siblings' names by their length. */
  readonly byLength: readonly (readonly Named[] | undefined)[];
}

interface Named {
  readonly key: Uint8Array;
  readonly node: KeyNode;
}

/** docker json-file, journald, fluentd and fluent-bit, Kibana and CloudWatch exports, Loki, gcloud, Splunk, Datadog, OTLP. */
const TEXT = [
  "log",
  "MESSAGE",
  "message",
  "line",
  "textPayload",
  "@message",
  "event.original",
  "_raw",
  "msg",
  "content",
  "body",
  "Body",
  "body.stringValue",
];

const TIME = [
  "__REALTIME_TIMESTAMP",
  "_SOURCE_REALTIME_TIMESTAMP",
  "time",
  "timestamp",
  "@timestamp",
  "ts",
  "_time",
  "timeUnixNano",
  "Timestamp",
  "date",
  "receiveTimestamp",
];

const HOST = [
  "kubernetes.pod_name",
  "kubernetes.pod.name",
  "resource.labels.pod_name",
  "labels.pod",
  "labels.pod_name",
  "stream.pod",
  "pod",
  "pod_name",
  "podName",
  "_HOSTNAME",
  "hostname",
  "host",
  "host.name",
  "labels.host",
  "labels.hostname",
  "labels.instance",
  "labels.node_name",
  "stream.host",
  "resource.labels.instance_id",
  "logStreamName",
  "@logStream",
  "attrs.tag",
  "container_name",
  "CONTAINER_NAME",
];

/** A JSON object as the line: the record that a collector parsed already. */
const OBJECTS = ["jsonPayload", "message", "MESSAGE", "log", "msg", "parsed", "httpRequest"];
/** Objects whose keys mean what they mean outside. */
const SAME_INSIDE = [
  "_source",
  "result",
  "attributes",
  "fields",
  "jsonPayload",
  "data",
  "logRecord",
];

interface Draft {
  role: KeyNode["role"];
  rank: number;
  object: number | undefined;
  inside: Draft | null;
  byLength: { key: Uint8Array; node: Draft }[][];
}

function draft(): Draft {
  return { role: null, rank: Infinity, object: undefined, inside: null, byLength: [] };
}

function named(parent: Draft, name: string): Draft {
  const key = new TextEncoder().encode(name);
  const list = (parent.byLength[key.length] ??= []);
  const known = list.find((one) => Buffer.compare(one.key, key) === 0);
  if (known !== undefined) return known.node;
  const node = draft();
  list.push({ key, node });
  return node;
}

function table(): Draft {
  const root = draft();
  const at = (path: string): Draft => {
    let node = root;
    const parts = path.split(".");
    for (const [depth, part] of parts.entries()) {
      node = named(node, part);
      if (depth < parts.length - 1) node = node.inside ??= draft();
    }
    return node;
  };
  const add = (role: KeyNode["role"], keys: readonly string[]): void => {
    for (const [rank, key] of keys.entries()) {
      Object.assign(at(key), { role, rank });
      // Some exports flatten what others nest.
      if (key.includes(".")) Object.assign(named(root, key), { role, rank });
    }
  };
  add("text", TEXT);
  add("time", TIME);
  add("host", HOST);
  add("tag", ["SYSLOG_IDENTIFIER", "ident", "programname", "syslog_identifier"]);
  add("pid", ["_PID"]);
  add("stream", ["stream"]);
  add("part", ["CONTAINER_PARTIAL_MESSAGE"]);
  for (const [rank, key] of OBJECTS.entries()) at(key).object = 100 + rank;
  for (const key of SAME_INSIDE) at(key).inside = root;
  return root;
}

/** The meaning of the keys of an outermost object. */
export const ROOT: KeyNode = table();
