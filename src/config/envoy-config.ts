// Finds access-log formats and files in YAML or JSON: Envoy's own configuration, and what Kubernetes keeps of it and of others.
import type { Language } from "../grammar/index.ts";
import { shortPlace, type Found, type FoundFormat, type FoundLog, type Place } from "./found.ts";
import { globOf } from "./log-path.ts";

/** A parsed document: its value, and where a path into it stands. */
export interface Document {
  readonly value: unknown;
  readonly placeOf: (path: readonly (string | number)[]) => Place;
}

type Path = readonly (string | number)[];
type Map_ = Readonly<Record<string, unknown>>;

/** Envoy's loggers by the last word of their type. */
const LOGGER =
  /(?:^|\.)(File|Stdout|Stderr|Stream|HttpGrpc|TcpGrpc|OpenTelemetry|Wasm|Fluentd)AccessLog(?:Config)?$/;
/** Before types were told by `@type`. */
const OLD_FILE_LOGGERS: ReadonlySet<unknown> = new Set([
  "envoy.file_access_log",
  "envoy.access_loggers.file",
]);

/** Keys whose text is a format, in mesh configurations and the ConfigMaps of ingress controllers. */
const FORMAT_KEYS: Readonly<Record<string, Language | null>> = {
  accessLogFormat: "envoy",
  accessLogFormatString: "envoy",
  "accesslog-format-string": "envoy",
  envoy_log_format: "envoy",
  "log-format-upstream": "nginx",
  "log-format-stream": "nginx",
  "stream-log-format": "nginx",
  "log-format": null,
  "http-log-format": "haproxy",
  "https-log-format": "haproxy",
  "tcp-log-format": "haproxy",
};

/**
 * @param languageOf whose a format string is, for keys that do not say it.
 * @param nested takes a configuration that is kept as text inside this one.
 */
export function readEnvoyConfig(
  documents: readonly Document[],
  languageOf: (format: string) => Language | null,
  nested: (text: string, name: string, place: Place) => void,
): Found {
  const formats: FoundFormat[] = [];
  const logs: FoundLog[] = [];
  const notes: string[] = [];
  const elsewhere: string[] = [];
  for (const { value, placeOf } of documents) {
    const walk = (node: unknown, path: Path, owner: string): void => {
      if (Array.isArray(node)) {
        for (const [at, item] of node.entries()) walk(item, [...path, at], owner);
        return;
      }
      if (!isMap(node)) return;
      const name = nameOf(node) ?? owner;
      logger(node, path, name);
      provider(node, path, name);
      for (const [key, item] of Object.entries(node)) {
        if (typeof item === "string") text(node, key, item, [...path, key], name);
        else walk(item, [...path, key], name);
      }
    };
    const add = (
      format: string | null,
      path: Path,
      name: string,
      shape?: FoundFormat["shape"],
      proxy: Language = "envoy",
    ): FoundFormat => {
      const place = placeOf(path);
      const made: FoundFormat = {
        name,
        proxy,
        format,
        place,
        ...(shape === undefined ? {} : { shape }),
      };
      if (!formats.some((one) => one.format === format && one.shape === shape)) formats.push(made);
      return made;
    };
    const file = (target: unknown, format: FoundFormat, path: Path): void => {
      if (typeof target !== "string" || target === "") return;
      if (!/^\/dev\/|^\/proc\//.test(target)) {
        logs.push({ patterns: [globOf(target)], format, place: placeOf(path) });
      } else if (target !== "/dev/null") {
        elsewhere.push(
          `${shortPlace(placeOf(path))}: Envoy logs to ${target}, not to a file: docker logs or kubectl logs have it`,
        );
      }
    };
    /** One of Envoy's own loggers. */
    const logger = (node: Map_, path: Path, name: string): void => {
      const kind = LOGGER.exec(String(node["@type"] ?? ""))?.[1];
      const isOld = OLD_FILE_LOGGERS.has(node["name"]) && isMap(node["config"]);
      if (kind === undefined && !isOld) return;
      if (kind !== undefined && !/^(File|Std|Stream)/.test(kind)) {
        elsewhere.push(
          `${shortPlace(placeOf(path))}: these access logs go to another service (${kind}), not to a file`,
        );
        return;
      }
      const config = (isOld ? node["config"] : node) as Map_;
      const format = formatOf(config, path, name);
      const target =
        kind === "Stdout" || kind === "Stderr" ? `/dev/${kind.toLowerCase()}` : config["path"];
      file(target, format, path);
    };
    const formatOf = (config: Map_, path: Path, name: string): FoundFormat => {
      const log = (config["log_format"] ?? config["logFormat"]) as unknown;
      const from = isMap(log) ? log : config;
      const at = isMap(log) ? [...path, "log_format" in config ? "log_format" : "logFormat"] : path;
      for (const key of ["json_format", "jsonFormat", "typed_json_format", "typedJsonFormat"]) {
        if (isMap(from[key])) return add(JSON.stringify(from[key]), [...at, key], name, "json");
      }
      for (const key of ["text_format_source", "textFormatSource"]) {
        const source = from[key];
        if (!isMap(source)) continue;
        const inline = source["inline_string"] ?? source["inlineString"];
        if (typeof inline === "string") return add(inline, [...at, key], name, "text");
        const place = shortPlace(placeOf([...at, key]));
        notes.push(
          `${place}: the format is in another place (${Object.keys(source).join(", ")}): give it with --log-format`,
        );
      }
      for (const key of ["text_format", "textFormat", "format"]) {
        if (typeof from[key] === "string") return add(from[key], [...at, key], name, "text");
      }
      return add(null, path, name);
    };
    /** Istio's providers and Envoy Gateway's settings. */
    const provider = (node: Map_, path: Path, name: string): void => {
      const istio = node["envoyFileAccessLog"];
      if (isMap(istio)) {
        const at = [...path, "envoyFileAccessLog"];
        const format = isMap(istio["logFormat"]) ? istio["logFormat"] : {};
        if (typeof format["text"] === "string")
          file(istio["path"], add(format["text"], at, name, "text"), at);
        else if (isMap(format["labels"]))
          file(istio["path"], add(JSON.stringify(format["labels"]), at, name, "json"), at);
        else file(istio["path"], add(null, at, name), at);
      }
      const format = node["format"];
      if (isMap(format) && (typeof format["text"] === "string" || isMap(format["json"]))) {
        const at = [...path, "format"];
        const made = isMap(format["json"])
          ? add(JSON.stringify(format["json"]), at, name, "json")
          : add(format["text"] as string, at, name, "text");
        const sinks = Array.isArray(node["sinks"]) ? (node["sinks"] as unknown[]) : [];
        for (const sink of sinks) {
          if (isMap(sink) && isMap(sink["file"])) file(sink["file"]["path"], made, at);
        }
      }
    };
    /** A text that is a format, or a whole configuration of its own. */
    const text = (node: Map_, key: string, value: string, path: Path, name: string): void => {
      if (key in FORMAT_KEYS) {
        const proxy = FORMAT_KEYS[key] ?? languageOf(value);
        if (value.trim() === "" || proxy === null) return;
        if (proxy === "nginx") {
          const isJson =
            node["log-format-escape-json"] === "true" || node["log-format-escaping"] === "json";
          const isNone =
            node["log-format-escape-none"] === "true" || node["log-format-escaping"] === "none";
          const escape = isJson ? "escape=json " : isNone ? "escape=none " : "";
          const quoted = value.trim().replaceAll("\\", "\\\\").replaceAll("'", "\\'");
          add(`log_format ${key} ${escape}'${quoted}';`, path, key, undefined, proxy);
          return;
        }
        const isJson = node["accessLogEncoding"] === "JSON" || /^\s*\{/.test(value);
        const shape =
          proxy === "envoy"
            ? isJson && node["accessLogEncoding"] !== "TEXT"
              ? "json"
              : "text"
            : undefined;
        const format = add(value, path, name === "" ? key : name, shape, proxy);
        file(node["accessLogFile"] ?? node["envoy_log_path"], format, path);
      } else if (path.includes("data") && value.includes("\n")) {
        nested(value, key, placeOf(path));
      }
    };
    walk(value, [], "");
  }
  return { formats, logs, notes, elsewhere, pools: {} };
}

/** What people know the place by: a connection manager's statistics prefix, a listener's or an object's name. */
function nameOf(node: Map_): string | null {
  const meta = isMap(node["metadata"]) ? node["metadata"]["name"] : undefined;
  const name = node["stat_prefix"] ?? node["statPrefix"] ?? meta ?? node["name"];
  return typeof name === "string" && !name.startsWith("envoy.") ? name : null;
}

function isMap(value: unknown): value is Map_ {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
