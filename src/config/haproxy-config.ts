// Finds log formats in a HAProxy configuration, with what sections inherit from defaults, and says where its logs go.
import {
  placeOf,
  shortPlace,
  type ConfigFile,
  type Disk,
  type Found,
  type FoundFormat,
} from "./found.ts";
import { haproxyWords, type Word } from "./haproxy-words.ts";

/** What a section may say about its lines, or inherit. */
interface Settings {
  readonly format: Written | null;
  readonly errorFormat: Written | null;
}

/** A format as it is written: a directive for `--log-format`, and its place. */
interface Written {
  readonly directive: string;
  readonly offset: number;
  readonly file: ConfigFile;
}

interface Section {
  readonly kind: string;
  readonly name: string;
  format: Written | null;
  errorFormat: Written | null;
}

const NOTHING: Settings = { format: null, errorFormat: null };
const PROXIES: ReadonlySet<string> = new Set(["frontend", "backend", "listen"]);
const SECTIONS: ReadonlySet<string> = new Set([
  ...PROXIES,
  ..."global defaults peers resolvers userlist mailers cache program http-errors ring log-forward".split(
    " ",
  ),
  ..."fcgi-app crt-store traces log-profile acme".split(" "),
]);
const OPTION = /^(tcp|https?)log$/;

/**
 * Reads configuration files in HAProxy's order, later ones going on where earlier ones ended.
 * @throws TextError naming file, line and column.
 */
export function readHaproxyConfig(files: readonly ConfigFile[], disk: Disk): Found {
  const reader = new HaproxyReader(disk);
  for (const file of files) {
    let from = file.text.startsWith("\uFEFF") ? 1 : 0;
    while (from < file.text.length) {
      const newline = file.text.indexOf("\n", from);
      const to = newline < 0 ? file.text.length : newline;
      const words = haproxyWords(file, from, to);
      if (words.length > 0) reader.line(file, words, to);
      from = to + 1;
    }
  }
  return reader.found();
}

class HaproxyReader {
  readonly #disk: Disk;
  /** `setenv` and its like. */
  readonly #env = new Map<string, string>();
  readonly #named = new Map<string, Settings>();
  readonly #sections: Section[] = [];
  readonly #targets = new Map<string, string>();
  readonly #profiles: Written[] = [];
  #defaults: Settings = NOTHING;
  #section: Section = { kind: "", name: "", ...NOTHING };

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  line(file: ConfigFile, words: readonly Word[], to: number): void {
    const [first, second] = words.map(({ text }) => text);
    const { start } = words[0]!;
    if (SECTIONS.has(first!)) return this.#open(first!, words);
    if (/^(pre)?setenv$/.test(first!) && words.length > 2) this.#env.set(second!, words[2]!.text);
    const rest = (from: number): Written => ({
      directive: this.#expanded(file.text.slice(from, to)),
      offset: from,
      file,
    });
    const section = this.#section;
    if (section.kind === "log-profile" && first === "on") {
      const at = words.findIndex(({ text }) => text === "format");
      const end = words.findIndex(({ text }, k) => k > at && text === "sd");
      if (at < 0 || words[at + 1] === undefined) return;
      const text = file.text.slice(words[at + 1]!.start, end < 0 ? to : words[end]!.start);
      this.#profiles.push({
        directive: this.#expanded(`log-format ${text}`),
        offset: words[at + 1]!.start,
        file,
      });
    } else if (first === "log-format" && words.length > 1) section.format = rest(start);
    else if (first === "error-log-format" && words.length > 1) section.errorFormat = rest(start);
    else if (first === "option" && OPTION.test(second ?? "")) {
      const directive = words.map(({ text }) => text).join(" ");
      section.format = { directive, offset: start, file };
    } else if (first === "no" && second === "option" && OPTION.test(words[2]?.text ?? "")) {
      section.format = null;
    } else if (first === "log" && second !== undefined && second !== "global") {
      this.#targets.set(second, shortPlace(placeOf(file, start)));
    }
    if (section.kind === "defaults") {
      this.#defaults = section;
      this.#named.set(section.name, section);
    }
  }

  #open(kind: string, words: readonly Word[]): void {
    const from = words.findIndex(({ text }, k) => k > 0 && text === "from");
    const parent = from < 0 ? undefined : this.#named.get(words[from + 1]?.text ?? "");
    // `defaults` begins anew; the others go on from the last one, or from the one they name.
    const base = kind === "defaults" ? (parent ?? NOTHING) : (parent ?? this.#defaults);
    const inherits = kind === "defaults" || PROXIES.has(kind);
    const name = from === 1 ? "" : (words[1]?.text ?? "");
    const { format, errorFormat } = inherits ? base : NOTHING;
    this.#section = { kind, name, format, errorFormat };
    if (kind === "defaults") {
      this.#defaults = this.#section;
      this.#named.set(name, this.#section);
    }
    this.#sections.push(this.#section);
  }

  /** Variables where HAProxy expands them; those that name formats are left for the format's own parser. */
  #expanded(text: string): string {
    return text.replace(/\$\{(\w+)(?:-([^}]*))?\}/g, (whole, name: string, fallback?: string) => {
      if (/^HAPROXY_\w+_FMT$/.test(name)) return whole;
      return this.#env.get(name) ?? this.#disk.env(name) ?? fallback ?? whole;
    });
  }

  found(): Found {
    const formats = new Map<string, FoundFormat>();
    const elsewhere: string[] = [];
    const add = (written: Written, name: string): void => {
      const key = `${written.file.path} ${written.offset}`;
      if (formats.has(key)) return;
      const place = placeOf(written.file, written.offset);
      formats.set(key, { name, proxy: "haproxy", format: written.directive, place });
    };
    for (const { kind, name, format, errorFormat } of this.#sections) {
      // A backend's lines are written in the format of the frontend that they came through.
      if (kind !== "frontend" && kind !== "listen") continue;
      if (format !== null) add(format, nameOf(format, name));
      if (errorFormat !== null) add(errorFormat, `errors of ${name}`);
    }
    // A fragment that only holds defaults is worth reading too.
    if (formats.size === 0) {
      for (const { format, name } of this.#sections) {
        if (format !== null) add(format, nameOf(format, name === "" ? "defaults" : name));
      }
    }
    for (const [at, profile] of this.#profiles.entries()) add(profile, `log profile ${at + 1}`);
    for (const [target, place] of this.#targets) elsewhere.push(`${place}: ${whereIs(target)}`);
    return { formats: [...formats.values()], logs: [], notes: [], elsewhere, pools: {} };
  }
}

function nameOf({ directive }: Written, section: string): string {
  return directive.startsWith("option ") ? directive.slice("option ".length) : section;
}

/** HAProxy writes no files: in which file its lines end up, somebody else decides. */
function whereIs(target: string): string {
  if (/^(stdout|stderr|fd@[12])$/.test(target)) {
    return `HAProxy logs to ${target}, not to a file: journalctl -u haproxy, docker logs or kubectl logs have it`;
  }
  if (target.startsWith("ring@")) {
    return `HAProxy logs to the ring ${target.slice(5)}: its ring section names the server that gets the lines`;
  }
  if (/^\/|^unix@|^abns@/.test(target)) {
    return `HAProxy logs to ${target}, which is syslog and no file: usually /var/log/haproxy.log or journalctl -u haproxy`;
  }
  return `HAProxy logs to the syslog server ${target}: the file is on that host`;
}
