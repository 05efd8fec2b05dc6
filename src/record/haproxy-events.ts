// STUB of the lead, to be replaced.
import type { Read } from "./record.ts";
import type { Scanner } from "../grammar/index.ts";
export function haproxyEventReader(..._: unknown[]): Read {
  return () => 0;
}
export function haproxyEventScanner(): Scanner {
  return { fields: [{ name: "message", kind: "rest" }], scan: () => 0 };
}
