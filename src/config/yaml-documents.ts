// YAML as plain values, and where in the file each of them stands. Loaded only when there is YAML to read.
import { isNode, LineCounter, parseAllDocuments } from "yaml";
import type { Document } from "./envoy-config.ts";
import { mistake, type ConfigFile } from "./found.ts";

/** @throws TextError for what is no YAML. */
export function yamlDocuments(file: ConfigFile): Document[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(file.text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: false,
    logLevel: "silent",
  });
  const documents = "empty" in parsed ? [] : [...parsed];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw mistake(
        file,
        error.pos[0],
        error.message.split(/[\n:] /)[0]!.replace(/ at line.*/s, ""),
      );
    }
    return {
      value: document.toJS({ maxAliasCount: 10_000 }) as unknown,
      placeOf: (path) => {
        const node = document.getIn(path, true);
        const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
        const { line, col } = lines.linePos(offset);
        return { file: file.path, line: Math.max(1, line), column: Math.max(1, col) };
      },
    };
  });
}
