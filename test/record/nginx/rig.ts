// The nginx rig's own two logs as fixtures: about 100 faults, each behind a `#### name` line, and readers for both.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileText } from "../../../src/grammar/compile-text.ts";
import { nginxErrorScanner } from "../../../src/grammar/nginx-error.ts";
import { parseFormat } from "../../../src/grammar/parse-format.ts";
import { planText } from "../../../src/grammar/plan.ts";
import type { FieldKind, Scanner } from "../../../src/grammar/scanner.ts";
import { Names } from "../../../src/record/names.ts";
import { nginxAccessReader } from "../../../src/record/nginx-access.ts";
import { nginxErrorReader } from "../../../src/record/nginx-error.ts";
import { REASONS } from "../../../src/record/reasons.ts";
import { ERROR, EVENT, NOTE, Rec, type Read } from "../../../src/record/record.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `grammars/nginx/failures.json`, parsed. */
export const knowledge: unknown = JSON.parse(
  readFileSync(at("../../../grammars/nginx/failures.json"), "utf8"),
);
/** `grammars/nginx/fields.json`. */
export const kinds = JSON.parse(
  readFileSync(at("../../../grammars/nginx/fields.json"), "utf8"),
) as Record<string, FieldKind>;

/** The rig's most telling log_format. */
export const KV =
  '$msec c=$connection/$connection_requests pid=$pid st=$status "$request" rt=$request_time ua="$upstream_addr" ' +
  'us="$upstream_status" uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ' +
  'url="$upstream_response_length" ubr="$upstream_bytes_received" ubs="$upstream_bytes_sent" ' +
  'cs="$upstream_cache_status" bytes=$body_bytes_sent ph="$proxy_host" pp="$proxy_port" rid=$request_id pipe=$pipe ' +
  'compl="$request_completion"';

/** The format of the incident runs. */
export const EXTENDED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ' +
  '"$http_x_forwarded_for" "$host" rt=$request_time ua="$upstream_addr" us="$upstream_status" ' +
  'uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" c=$connection';

export const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

export const INGRESS =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ' +
  "$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr " +
  "$upstream_response_length $upstream_response_time $upstream_status $req_id";

/** A line, read: the record in words. */
export interface Told {
  readonly field: number;
  readonly kind: "request" | "error" | "event" | "note";
  readonly time: string;
  readonly status: number;
  readonly reason: string;
  readonly masked: boolean;
  readonly code: string;
  readonly peer: string;
  readonly pool: string;
  readonly event: string;
  readonly connection: number;
  readonly joinable: boolean;
  readonly attempts: readonly string[];
  readonly durationMs: number;
  readonly client: string;
  readonly request: string;
  readonly host: string;
  readonly rec: Rec;
  readonly text: (name: string) => string | null;
}

/** Reads lines of one format. */
export class Teller {
  readonly names = new Names();
  readonly #scanner: Scanner;
  readonly #read: Read;

  private constructor(make: (names: Names) => readonly [Scanner, Read]) {
    [this.#scanner, this.#read] = make(this.names);
  }

  static access(format: string): Teller {
    return new Teller((names) => {
      const ast = parseFormat(format, "nginx");
      const scanner = compileText(planText(ast, (name) => kinds[name] ?? null));
      return [scanner, nginxAccessReader(scanner.fields, names, ast.escape)];
    });
  }

  static errors(): Teller {
    return new Teller((names) => {
      const scanner = nginxErrorScanner();
      return [scanner, nginxErrorReader(scanner.fields, names, knowledge)];
    });
  }

  /** Null where the scanner does not match. */
  tell(line: string): Told | null {
    const bytes = new Uint8Array(Buffer.from(line, "latin1"));
    const fields = this.#scanner.fields;
    const spans = new Int32Array(2 * fields.length + 1);
    if (this.#scanner.scan(bytes, 0, bytes.length, spans) >= 0) return null;
    const rec = new Rec();
    const field = this.#read(bytes, spans, rec);
    const cut = (start: number, end: number): string => (start < 0 ? "" : line.slice(start, end));
    const named = (id: number): string => this.names.text(id);
    return {
      field,
      kind:
        rec.kind === ERROR
          ? "error"
          : rec.kind === EVENT
            ? "event"
            : rec.kind === NOTE
              ? "note"
              : "request",
      time: new Date(rec.timeMs).toISOString(),
      status: rec.status,
      reason: REASONS[rec.reason]!,
      masked: rec.masked,
      code: named(rec.code),
      peer: named(rec.peer),
      pool: named(rec.pool),
      event: named(rec.event),
      connection: rec.connection,
      joinable: rec.joinable,
      attempts: Array.from(
        rec.attemptReason.subarray(0, rec.attempts),
        (reason, k) => `${named(rec.attemptPeer[k]!)} ${REASONS[reason]!}`,
      ),
      durationMs: rec.durationMs,
      client: cut(rec.clientStart, rec.clientEnd),
      request: cut(rec.requestStart, rec.requestEnd),
      host: cut(rec.hostStart, rec.hostEnd),
      rec,
      text: (name) => {
        const index = fields.findIndex((candidate) => candidate.name === name);
        return index < 0 || spans[2 * index]! < 0
          ? null
          : cut(spans[2 * index]!, spans[2 * index + 1]!);
      },
    };
  }
}

/** The lines of a rig log with the mark each stands behind; marks that repeat are told apart by their lines only. */
export function rigLines(
  name: "kv.log" | "error.log",
): readonly { readonly mark: string; readonly line: string }[] {
  let mark = "";
  const out: { mark: string; line: string }[] = [];
  for (const line of readFileSync(at(`./${name}`), "latin1").split("\n")) {
    if (line.startsWith("#### ")) mark = line.slice(5);
    else if (line !== "") out.push({ mark, line });
  }
  return out;
}
