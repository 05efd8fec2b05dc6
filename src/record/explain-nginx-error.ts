// What an nginx error line says, in sentences: the catalogue's words for its message, and whom it concerns.
import {
  MessageTable,
  messageRules,
  PROCESS_SCOPE,
  REQUEST_SCOPE,
  UPSTREAM_SCOPE,
  type MessageRule,
} from "./message-table.ts";
import { NGINX_LEVELS } from "./nginx-error.ts";
import { Names } from "./names.ts";
import type { Rec } from "./record.ts";

/** A field of the line by its nginx name, null where the format does not log it. */
export type FieldText = (name: string) => string | null;

/** The sentences under an error line; without the catalogue only what the line itself names. */
export function explainNginxError(
  field: FieldText,
  rec: Rec,
  names: Names,
  knowledge: unknown,
): string[] {
  const out: string[] = [];
  const rule = knowledge === undefined ? null : ruleOf(field, knowledge);
  if (rule !== null) out.push(rule.meaning);
  const where = [
    rec.peer !== 0 ? `the server is ${names.text(rec.peer)}` : "",
    rec.pool !== 0 ? `the group is ${names.text(rec.pool)}: none of its servers is named` : "",
  ].filter((text) => text !== "");
  out.push(...where);
  const subrequest = field("subrequest");
  if (subrequest !== null) {
    out.push(
      `it befell a subrequest (${subrequest}: auth_request, mirror or slice), not the page's own upstream`,
    );
  }
  if (rule?.confusedWith !== undefined) out.push(`not to be confused with ${rule.confusedWith}`);
  if (rec.masked) out.push("the status had been sent already: the access log shows a good one");
  return out;
}

function ruleOf(field: FieldText, knowledge: unknown): MessageRule | null {
  const rules = messageRules(knowledge);
  const message = field("message");
  if (message === null) return null;
  const encoder = new TextEncoder();
  const action = field("action");
  // Angie's JSON tells the error apart from the message.
  const error = field("error_text");
  const text = error === null ? message : `${message} (${field("errno")}: ${error})`;
  const head = encoder.encode(text);
  const bytes = encoder.encode(action === null ? text : `${text} while ${action}`);
  const table = new MessageTable(rules, new Names(), NGINX_LEVELS);
  const toUpstream = field("upstream") !== null || action?.includes("upstream") === true;
  const scope =
    field("client") === null ? PROCESS_SCOPE : toUpstream ? UPSTREAM_SCOPE : REQUEST_SCOPE;
  const found = table.find(
    bytes,
    0,
    head.length,
    Number(field("errno") ?? -1),
    NGINX_LEVELS.indexOf(field("level") as never),
    scope,
    action === null ? -1 : head.length + " while ".length,
    bytes.length,
  );
  return rules[found] ?? null;
}
