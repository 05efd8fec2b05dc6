// Sees whose configuration a file is, and finds in it what there is to know about its logs.
import { languageOf } from "../grammar/index.ts";
import type { Document } from "./envoy-config.ts";
import { mistake, type ConfigFile, type Disk, type Found, type Place } from "./found.ts";
import { readHaproxyConfig } from "./haproxy-config.ts";
import { readNginxConfig } from "./nginx-config.ts";

type Kind = "nginx" | "haproxy" | "yaml" | "json";

const HAPROXY =
  /^(?:global|defaults(?:\s+[\w.-]+)*|(?:frontend|backend|listen|program|peers|resolvers)\s+\S.*|\.if\s.*)$/;
const YAML = /^(?:---|%YAML|- |["']?[\w.\/@-]+["']?:(?:\s|$))/;

/**
 * Reads one configuration, or several files of HAProxy's that are one.
 * @throws TextError naming file, line and column.
 */
export async function readConfig(files: readonly ConfigFile[], disk: Disk): Promise<Found> {
  const [main] = files;
  const kind = kindOf(main!);
  if (kind === "haproxy") return readHaproxyConfig(files, disk);
  const found: Found[] = [];
  for (const file of files) {
    const one = kindOf(file);
    found.push(
      one === "nginx"
        ? readNginxConfig(file, disk)
        : one === "haproxy"
          ? readHaproxyConfig([file], disk)
          : await readDocuments(file, one, disk),
    );
  }
  return joined(found);
}

/** Everything that several configurations tell. */
export function joined(found: readonly Found[]): Found {
  return {
    formats: found.flatMap(({ formats }) => formats),
    logs: found.flatMap(({ logs }) => logs),
    notes: [...new Set(found.flatMap(({ notes }) => notes))],
    elsewhere: [...new Set(found.flatMap(({ elsewhere }) => elsewhere))],
    pools: Object.assign({}, ...found.map(({ pools }) => pools)) as Found["pools"],
  };
}

/** Whose it is shows in the first line that says anything. */
function kindOf(file: ConfigFile): Kind {
  const first = /^\uFEFF?(?:\s*(?:#.*)?\r?\n)*[ \t]*(.*)/.exec(file.text)?.[1]?.trimEnd() ?? "";
  if (/^[[{]/.test(first)) return "json";
  if (HAPROXY.test(first.replace(/\s*#.*$/, ""))) return "haproxy";
  if (YAML.test(first)) return "yaml";
  if (/[;{]/.test(file.text)) return "nginx";
  throw mistake(
    file,
    Math.max(0, file.text.indexOf(first)),
    first === "" ? "this configuration is empty" : "this is no configuration that why502 knows",
    "it takes nginx.conf, haproxy.cfg, and Envoy's or Kubernetes' YAML and JSON",
  );
}

async function readDocuments(file: ConfigFile, kind: "yaml" | "json", disk: Disk): Promise<Found> {
  const { readEnvoyConfig } = await import("./envoy-config.ts");
  const documents =
    (kind === "json" ? asJson(file) : null) ??
    (await import("./yaml-documents.ts")).yamlDocuments(file);
  const inner: Promise<Found | null>[] = [];
  const nested = (text: string, name: string, { line }: Place): void => {
    const path = `${file.path}, ${name} at line ${line}`;
    // A text that is nobody's configuration is none of ours: ConfigMaps hold scripts, pages and certificates as well.
    inner.push(readConfig([{ path, text }], disk).catch(() => null));
  };
  const found = readEnvoyConfig(documents, languageOf, nested);
  const more = await Promise.all(inner);
  return joined([found, ...more.filter((one) => one !== null)]);
}

/** Config dumps are large: read without places, by the platform's parser; null for what is YAML after all. */
function asJson(file: ConfigFile): Document[] | null {
  try {
    const place = { file: file.path, line: 1, column: 1 };
    return [{ value: JSON.parse(file.text) as unknown, placeOf: () => place }];
  } catch {
    return null;
  }
}
