// Finds formats, log files and facts in an nginx configuration.
import {
  mistake,
  placeOf,
  shortPlace,
  type ConfigFile,
  type Disk,
  type Found,
  type FoundFormat,
  type FoundLog,
} from "./found.ts";
import { globOf, hasVariable } from "./log-path.ts";
import { nginxPools } from "./nginx-pools.ts";
import { nginxTree, type Directive } from "./nginx-tree.ts";

/** Levels that leave out what says why a request failed, which is logged as `error`. */
const TOO_QUIET: ReadonlySet<string> = new Set(["crit", "alert", "emerg"]);
/** Contexts with formats of their own. */
const MODULES: ReadonlySet<string> = new Set(["http", "stream", "mail"]);
const DEFAULT_LOGS = "/var/log/nginx";

/** @throws TextError naming file, line and column. */
export function readNginxConfig(main: ConfigFile, disk: Disk): Found {
  const folder = main.path.replace(/[\\/]?[^\\/]*$/, "") || ".";
  const { directives, missing } = nginxTree(main, folder, disk);
  const reader = new NginxReader(prefixesOf(folder));
  reader.collectFormats(directives, "http");
  reader.walk(directives, "http");
  for (const directive of missing) {
    const from = shortPlace(placeOf(directive.file, directive.start));
    reader.notes.push(`${from} includes ${directive.args[0]!}, which is not there`);
  }
  if (!reader.hasAccessLog) reader.addDefault("access.log", main);
  if (!reader.hasErrorLog) reader.addDefault("error.log", main);
  return {
    formats: [...reader.formats.values()],
    logs: reader.logs,
    notes: reader.notes,
    elsewhere: reader.elsewhere,
    pools: nginxPools(directives),
  };
}

/** Where relative log paths may begin: the prefix is compiled in, so that only custom tells it. */
function prefixesOf(folder: string): readonly string[] {
  const above = /[\\/]conf$/.test(folder) ? [folder.replace(/[\\/]conf$/, "")] : [];
  return [...above, folder, "/usr/local/nginx", "/usr/share/nginx", "/etc/nginx"];
}

class NginxReader {
  /** By `module name`. */
  readonly formats = new Map<string, FoundFormat>();
  readonly logs: FoundLog[] = [];
  readonly notes: string[] = [];
  readonly elsewhere: string[] = [];
  hasAccessLog = false;
  hasErrorLog = false;
  readonly #prefixes: readonly string[];

  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes;
  }

  /** First of all, because a format may be used before it is defined. */
  collectFormats(directives: readonly Directive[], module: string): void {
    for (const { name, args, block, file, start, end } of directives) {
      if (block !== null) this.collectFormats(block, MODULES.has(name) ? name : module);
      if (name !== "log_format" || block !== null) continue;
      if (args.length < 2) throw mistake(file, end, "this log_format has no text");
      const place = placeOf(file, start);
      const format = `${file.text.slice(start, end)};`;
      this.formats.set(`${module} ${args[0]!}`, { name: args[0]!, proxy: "nginx", format, place });
    }
  }

  walk(directives: readonly Directive[], module: string): void {
    for (const directive of directives) {
      const { name, args, block } = directive;
      if (block !== null) this.walk(block, MODULES.has(name) ? name : module);
      else if (name === "access_log") this.#accessLog(directive, module);
      else if (name === "error_log") this.#errorLog(directive);
      else if (/^(proxy|fastcgi|uwsgi|scgi|grpc)_next_upstream$/.test(name) && args[0] === "off") {
        this.#note(directive, `nothing is retried on another server (${name} off)`);
      }
    }
  }

  /** A log that no directive names is written all the same, where it was compiled to be. */
  addDefault(name: string, main: ConfigFile): void {
    const format = name === "access.log" ? this.#combined(placeOf(main, 0)) : null;
    const patterns = [
      `${DEFAULT_LOGS}/${name}`,
      ...this.#prefixes.map((prefix) => `${prefix}/logs/${name}`),
    ];
    this.logs.push({ patterns: patterns.map(globOf), format, place: placeOf(main, 0) });
  }

  #accessLog(directive: Directive, module: string): void {
    const { args, file, start } = directive;
    const [path, name] = args;
    if (path === undefined) throw mistake(file, start, "access_log needs a file");
    this.hasAccessLog = true;
    if (path === "off") {
      this.#note(directive, "some requests are not logged at all (access_log off)");
      return;
    }
    const place = placeOf(file, start);
    const condition = args.find((arg) => arg.startsWith("if="));
    if (condition !== undefined)
      this.#note(directive, `only some requests are logged (${condition})`);
    const isNamed = name !== undefined && !/^(buffer|flush|if|gzip)(=|$)/.test(name);
    const format = isNamed ? this.#formatOf(directive, name, module) : this.#combined(place);
    this.#add(directive, path, format);
  }

  #errorLog(directive: Directive): void {
    const { args } = directive;
    this.hasErrorLog = true;
    if (args[0] === undefined || args[0] === "/dev/null") {
      this.#note(directive, "the error log is thrown away: only it says why a request failed");
      return;
    }
    if (TOO_QUIET.has(args[1] ?? "")) {
      this.#note(
        directive,
        `error_log at level ${args[1]!} leaves out why requests failed: those lines have level error`,
      );
    }
    this.#add(directive, args[0], null);
  }

  #formatOf(directive: Directive, name: string, module: string): FoundFormat | null {
    const place = placeOf(directive.file, directive.start);
    if (name === "combined") return this.#combined(place);
    const format = this.formats.get(`${module} ${name}`);
    if (format !== undefined) return format;
    this.#note(
      directive,
      `the format ${name} is not defined here: name the main nginx.conf as well`,
    );
    return null;
  }

  #combined(place: FoundFormat["place"]): FoundFormat {
    const known = this.formats.get("combined");
    const made: FoundFormat = known ?? { name: "combined", proxy: "nginx", format: null, place };
    this.formats.set("combined", made);
    return made;
  }

  #add(directive: Directive, path: string, format: FoundFormat | null): void {
    const place = placeOf(directive.file, directive.start);
    if (/^(syslog|memory|cyclic_memory):/.test(path)) {
      const where = path.startsWith("syslog:") ? "syslog" : "memory";
      this.#note(
        directive,
        `${directive.name} goes to ${where}, not to a file: ${path}`,
        this.elsewhere,
      );
      return;
    }
    if (/^\/(dev\/(stdout|stderr|fd\/)|proc\/)/.test(path) || path === "stderr") {
      this.#note(
        directive,
        `${directive.name} goes to the standard output of the process: docker logs, kubectl logs or journalctl have it`,
        this.elsewhere,
      );
      return;
    }
    // Tengine: pipe:rollback PATH interval=…
    const plain = path.replace(/^pipe:rollback\s+(\S+).*$/, "$1");
    const isAbsolute = /^([\\/]|[A-Za-z]:)/.test(plain) || hasVariable(plain[0] ?? "");
    const bases = isAbsolute ? [""] : this.#prefixes.map((prefix) => `${prefix}/`);
    this.logs.push({ patterns: bases.map((base) => globOf(base + plain)), format, place });
  }

  #note({ file, start }: Directive, text: string, to = this.notes): void {
    to.push(`${shortPlace(placeOf(file, start))}: ${text}`);
  }
}
