// The report as JSON text.
import type { Report } from "./report.ts";

/** The report as JSON: two spaces of indent, a final newline; equal reports give equal bytes. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
