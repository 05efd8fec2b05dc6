// A format that is a YAML mapping, as `json_format` stands in a configuration, becomes the JSON object it means.

const MEMBER = /^( *)(?:"([^"]+)"|'([^']+)'|([^\s"'{}#-][^\s]*?)): *(.*?) *$/;

/**
 * The object of a mapping of two or more lines, nested ones by their indentation; null for any other text. Lists, anchors
 * and block texts are not read: no access-log format has been seen with them.
 */
export function yamlObject(text: string): string | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*#/.test(line));
  if (lines.length < 2) return null;
  const root: Record<string, unknown> = {};
  const open: { indent: number; object: Record<string, unknown> }[] = [
    { indent: -1, object: root },
  ];
  for (const line of lines) {
    const member = MEMBER.exec(line);
    if (member === null) return null;
    const [, blanks, quoted, single, bare, value] = member;
    const indent = blanks!.length;
    while (open.at(-1)!.indent >= indent) open.pop();
    const { object } = open.at(-1)!;
    const key = quoted ?? single ?? bare!;
    if (value === "") {
      const inner: Record<string, unknown> = {};
      object[key] = inner;
      open.push({ indent, object: inner });
    } else object[key] = scalar(value!);
  }
  return JSON.stringify(root);
}

function scalar(text: string): unknown {
  if (/^".*"$/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text.slice(1, -1);
    }
  }
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  const plain = text.replace(/ #.*$/, "");
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : plain;
}
