// One field of an Envoy line damaged: a miss, or a record in which nothing is wrong that the line still told.
import { describe, expect, it } from "vitest";
import { describeLine } from "../../src/record/describe-line.ts";
import { Names } from "../../src/record/names.ts";
import { ReaderShelf } from "../../src/record/reader-shelf.ts";
import { catalogue, texts } from "./teller.ts";

const names = new Names();
const shelf = new ReaderShelf(texts, names);
const tell = (line: string) =>
  describeLine(line, { catalogue, shelf, names, given: [], zone: "UTC", nearMs: 0 });

const HEAD = `[2026-11-23T18:13:25.234Z] "GET /app/cart?id=3 HTTP/1.1" 503 UF`;
const NUMBERS = `0 98 12 -`;
const QUOTED = `"127.10.3.183" "curl/8.5.0" "787743d2-6391-43b3-9e85-3d461b6783ca" "shop.example" "127.0.0.1:9102"`;
const DETAILS = `upstream_reset_before_response_started{connection_timeout}`;
const TAIL = `outbound|80||app - 10.0.0.1:80 10.0.0.9:41000 - default`;
const JSON_LINE = `{"authority":"shop.example","bytes_sent":98,"duration":12,"method":"GET","path":"/app/cart","protocol":"HTTP/1.1","response_code":503,"response_code_details":"${DETAILS}","response_flags":"UF","start_time":"2026-11-23T18:13:25.234Z","upstream_cluster":"app","upstream_host":"127.0.0.1:9102"}`;

const LINES = {
  default: `${HEAD} ${NUMBERS} ${QUOTED}`,
  "default with details": `${HEAD} ${DETAILS} ${NUMBERS} ${QUOTED}`,
  istio: `${HEAD} ${DETAILS} - "-" ${NUMBERS} ${QUOTED} ${TAIL}`,
  "istio 1.3 to 1.6": `${HEAD} "-" "-" ${NUMBERS} ${QUOTED} ${TAIL}`,
  "istio 1.7 to 1.8": `${HEAD} "-" ${NUMBERS} ${QUOTED} ${TAIL}`,
  emissary: `ACCESS ${HEAD} ${NUMBERS} ${QUOTED}`,
  json: JSON_LINE,
};

/** What must not be wrong: all that a verdict, a count or a peer rests on. */
const JUDGED = [
  "time",
  "start",
  "durationMs",
  "status",
  "bytesOut",
  "pool",
  "peer",
  "code",
  "method",
] as const;

/** Every way to damage one token of a line, as a text. */
function damaged(line: string): string[] {
  const at = [...line.matchAll(/[^ ,]+/g)].map(({ index, 0: token }) => ({ index, token }));
  return at.flatMap(({ index, token }) => {
    const around = (text: string): string =>
      line.slice(0, index) + text + line.slice(index + token.length);
    return [
      // A JSON object may lack a member.
      line.startsWith("{") ? line : around(""),
      around(`${token} ${token}`),
      // A name with another letter is a name: of those only the numbers can be seen to be wrong.
      around(/127\.|outbound/.test(token) ? token : token.replace(/\d/, "x")),
      around(token.replace(/"/, "")),
      around(token.replace(/[A-Z]/, "?")),
      around(`\u0001${token}`),
      line.slice(0, index + Math.ceil(token.length / 2)),
    ].filter((text) => text !== line && text.trim() !== "");
  });
}

describe("a damaged line gives no wrong value", () => {
  it.each(Object.entries(LINES))("%s", (_, line) => {
    const whole = tell(line).record!;
    const wrong: unknown[] = [];
    for (const text of damaged(line)) {
      const { record, miss } = tell(text);
      if (record === null) {
        expect(miss!.why).not.toBe("");
        continue;
      }
      for (const field of JUDGED) {
        const value = record[field];
        if (value !== null && value !== whole[field]) wrong.push([field, value, text]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("names the field", () => {
    const missOf = (text: string): string | null | undefined => tell(text).miss?.field;
    expect(missOf(LINES.default.replace("503", "5x3"))).toBe("RESPONSE_CODE");
    expect(missOf(LINES.default.replace(" 12 ", " 1x2 "))).toBe("DURATION");
    expect(missOf(LINES.default.replace("UF", "U?"))).toBe("RESPONSE_FLAGS");
    expect(missOf(LINES.default.replace("18:13", "28:13"))).toBe("START_TIME");
    expect(missOf(LINES.default.replace("HTTP/1.1", "TTP/1.1"))).toBe("PROTOCOL");
    expect(missOf(LINES.istio.replace(" 12 ", " 1x2 "))).toBe("DURATION");
    expect(missOf(JSON_LINE.replace(":503", `:"5x3"`))).toBe("RESPONSE_CODE");
    expect(missOf(JSON_LINE.replace(":12,", `:"1x",`))).toBe("DURATION");
  });
});
