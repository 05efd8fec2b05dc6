// A plan becomes JavaScript made for this one format: straight-line code over bytes, nothing allocated per line.
//
// The fence: everything clever about reading text lines is in this file. Its slow twin is test/grammar/scan-slow.ts, its
// benchmark test/bench/scanner.bench.ts.
import type { Plan, Step, Stop } from "./plan.ts";
import type { Scan, Scanner } from "./scanner.ts";

/** Compiles a plan. The code is generated once per format and takes about a millisecond. */
export function compileText(plan: Plan): Scanner {
  return { fields: plan.fields, scan: new Function(`return ${sourceOf(plan)}`)() as Scan };
}

/** The generated source, for the curious and for tests. */
function sourceOf(plan: Plan): string {
  const count = plan.fields.length;
  const out: string[] = ["function scan(b, i, e, s) {", "let c = 0, j = 0;"];
  const miss = (field: number): string =>
    `{ s[${2 * count}] = i; return ${Math.max(0, Math.min(field, count - 1))}; }`;
  for (const [index, step] of plan.steps.entries()) {
    const isLast = index === plan.steps.length - 1;
    const previous = plan.steps[index - 1];
    // The field before it was found by this literal and has left it behind.
    if (step.do === "literal" && previous?.do === "field" && previous.stop.by === "tail") continue;
    if (step.do === "literal") {
      const text = isLast ? step.text.trimEnd() : step.text;
      const failed = step.before === 0 ? 0 : step.before - 1;
      out.push(literal(text, miss(failed)));
    } else out.push(...fieldCode(step, miss));
  }
  out.push("while (i < e && b[i] === 32) i++;");
  out.push(`if (i !== e) ${miss(count - 1)}`, "return -1;", "}");
  return out.join("\n");
}

/**
 * Moves `i` to the first byte that is one of `stops`, or to `e`. Four bytes a turn: a turn costs V8 an interrupt check,
 * which is most of the price of a byte (0.8 ns a byte against 1.4, test/bench/scanner.bench.ts).
 */
function seek(...stops: number[]): string {
  const isStop = (at: string): string => {
    const tests = stops.map((stop, k) => `${k === 0 ? `(c = b[${at}])` : "c"} === ${stop}`);
    return stops.length === 1 ? `b[${at}] === ${stops[0]}` : tests.join(" || ");
  };
  const quarter = [0, 1, 2, 3].map((k) =>
    k === 0 ? `if (${isStop("i")}) break;` : `if (${isStop(`i + ${k}`)}) { i += ${k}; break; }`,
  );
  return `for (;;) { if (i + 4 > e) { while (i < e && !(${isStop("i")})) i++; break; } ${quarter.join(" ")} i += 4; }`;
}

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function literal(text: string, miss: string): string {
  const bytes = bytesOf(text);
  if (bytes.length === 0) return "";
  const tests = bytes.map((byte, k) => `b[i${k === 0 ? "" : ` + ${k}`}] !== ${byte}`);
  return `if (i + ${bytes.length} > e || ${tests.join(" || ")}) ${miss}\ni += ${bytes.length};`;
}

function fieldCode(
  step: Exclude<Step, { do: "literal" }>,
  miss: (field: number) => string,
): string[] {
  const fail = miss(step.field);
  const open = `s[${2 * step.field}] = i;`;
  const close = `s[${2 * step.field + 1}] = i;`;
  if (step.do === "address") {
    return [
      open,
      step.stop === "" ? "i = e;" : seek(bytesOf(step.stop)[0]!),
      `j = i - 1; while (j >= s[${2 * step.field}] && b[j] !== 58) j--;`,
      `if (j < s[${2 * step.field}]) ${fail}`,
      `s[${2 * step.field + 1}] = j; s[${2 * step.port}] = j + 1; s[${2 * step.port + 1}] = i;`,
    ];
  }
  if (step.do === "captures") {
    const also = step.until === "" ? "" : ` && b[i + 1] !== ${bytesOf(step.until)[0]!}`;
    const space = step.dropSpace ? `if (i < e && b[i] === 32) i++;` : "";
    const begins = step.quoted
      ? "i + 1 < e && b[i] === 34 && b[i + 1] === 123"
      : "i < e && b[i] === 123";
    return [
      `if (${begins}) {`,
      step.quoted ? "i++;" : "",
      open,
      `while (i < e && (b[i] !== 125 || (i + 1 < e && b[i + 1] !== 32${also}))) i++;`,
      `if (i === e) ${fail}`,
      `i++; ${close}`,
      step.quoted ? `if (i >= e || b[i] !== 34) ${fail}\ni++;` : "",
      space,
      `} else { s[${2 * step.field}] = -1; s[${2 * step.field + 1}] = -1; }`,
    ];
  }
  if (step.stop.by === "shape")
    return [open, ...shapeCode(step.kind, step.stop.until, fail), close];
  if (step.stop.by === "tail") return [open, ...tailCode(step.stop, close, fail)];
  return [open, ...stopCode(step.stop, step.kind, close, fail), close];
}

/**
 * The last literal is counted from the line's end, so a raw quote inside the field does no harm. A line that a daemon cut
 * (`log … len`, nginx.md §4.3) has lost its closing quote: without any other quote the field takes the rest. A request that
 * does not end as HTTP's do may have ended earlier, before other quoted values.
 */
function tailCode({ text, isRequest }: Tail, close: string, fail: string): string[] {
  const tail = bytesOf(text.trimEnd());
  const check = isRequest
    ? `if (b[j - 6] !== 80 || b[j - 5] !== 47 || b[j - 10] !== 32) for (let k = i; k < j - 1; k++) if (b[k] === 34 && b[k + 1] === 32) ${fail}`
    : "";
  const isTail = tail.map((byte, k) => `b[j - ${tail.length - k}] === ${byte}`).join(" && ");
  const cut =
    text.trimEnd() === '"'
      ? `else { for (j = i; j < e && b[j] !== 34; j++); if (j < e) ${fail} i = e; ${close} }`
      : `else ${fail}`;
  return [
    "j = e; while (j > i && b[j - 1] === 32) j--;",
    `if (j - ${tail.length} >= i && ${isTail}) { ${check} i = j - ${tail.length}; ${close} i = j; }`,
    cut,
  ];
}

type Tail = Extract<Stop, { by: "tail" }>;

function stopCode(
  stop: Exclude<Stop, { by: "shape" | "tail" }>,
  kind: string,
  close: string,
  fail: string,
): string[] {
  switch (stop.by) {
    case "end":
      // A tab is never part of a word: in LTSV it begins the next value.
      if (kind === "word") return [`if (i >= e) ${fail}`, seek(9), `if (i < e) ${fail}`];
      return kind === "user" ? [seek(9), `if (i < e) ${fail}`] : ["i = e;"];
    case "quote": {
      const unclosed = stop.mayBeCut
        ? `{ i = e; ${close} return -1; }`
        : `{ i = e; ${fail.slice(1)}`;
      return stop.escape === "hex"
        ? [seek(34), `if (i === e) ${unclosed}`]
        : [`while (i < e && (c = b[i]) !== 34) i += c === 92 ? 2 : 1;`, `if (i >= e) ${unclosed}`];
    }
    case "literal": {
      const bytes = bytesOf(stop.text);
      const rest = bytes.slice(1).map((byte, k) => `b[i + ${k + 1}] === ${byte}`);
      const found = rest.length === 0 ? "break;" : `if (${rest.join(" && ")}) break; i++;`;
      const without = bytesOf(stop.without);
      const forbidden =
        without.length === 0
          ? ""
          : `if (${without.map((byte) => `b[i] === ${byte}`).join(" || ")}) ${fail}`;
      return [
        `while (i < e) { ${seek(bytes[0]!, ...without)} if (i >= e) break; ${forbidden} ${found} }`,
        `if (i >= e) ${fail}`,
      ];
    }
    case "byte": {
      const first = bytesOf(stop.text)[0]!;
      return [first === 32 ? seek(32) : seek(32, first)];
    }
  }
}

function shapeCode(kind: string, until: string, fail: string): string[] {
  const digit = (at: string): string => `((c = b[${at}]) >= 48 && c <= 57)`;
  switch (kind) {
    case "int":
      return [
        "while (i < e && b[i] === 32) i++;",
        "j = i; if (i < e && (b[i] === 45 || b[i] === 43)) i++;",
        `while (i < e && ${digit("i")}) i++;`,
        // A lone "-" stands for a missing number; anything else without digits is not one.
        `if (i === j || (i === j + 1 && b[j] === 43)) ${fail}`,
      ];
    case "number":
    case "epoch":
      return [
        "j = i; if (i < e && b[i] === 45) i++;",
        `while (i < e && ${digit("i")}) i++;`,
        `if (i < e && b[i] === 46) { i++; while (i < e && ${digit("i")}) i++; }`,
        `if (i === j) ${fail}`,
      ];
    case "seconds":
      return [
        `j = i; while (i < e && ${digit("i")}) i++;`,
        `if (i === j || i + 4 > e || b[i] !== 46 || !${digit("i + 1")} || !${digit("i + 2")} || !${digit("i + 3")}) ${fail}`,
        "i += 4;",
      ];
    case "list":
      return [
        "for (;;) {",
        seek(...new Set([32, 44, ...bytesOf(until).slice(0, 1)])),
        "if (i + 1 < e && b[i] === 44 && b[i + 1] === 32) { i += 2; continue; }",
        "if (i + 2 < e && b[i] === 32 && b[i + 1] === 58 && b[i + 2] === 32) { i += 3; continue; }",
        "break;",
        "}",
      ];
    case "clf-time":
      return [
        `if (i + 26 > e || b[i + 2] !== 47 || b[i + 6] !== 47 || b[i + 11] !== 58 || b[i + 14] !== 58 || b[i + 20] !== 32) ${fail}`,
        "i += 26;",
      ];
    case "haproxy-time":
      return [
        `if (i + 20 > e || b[i + 2] !== 47 || b[i + 6] !== 47 || b[i + 11] !== 58 || b[i + 14] !== 58) ${fail}`,
        "i += 20;",
        `if (i < e && b[i] === 46) { i++; while (i < e && ${digit("i")}) i++; }`,
      ];
    case "nginx-time":
      return [
        `if (i + 19 > e || b[i + 4] !== 47 || b[i + 7] !== 47 || b[i + 10] !== 32 || b[i + 13] !== 58) ${fail}`,
        "i += 19;",
      ];
    default:
      throw new Error(`no shape for ${kind}`);
  }
}
