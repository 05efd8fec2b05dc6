// Real lines, cut, doubled, with bytes exchanged: what hostile clients and broken disks make of them.
import fc from "fast-check";

const SAMPLES = [
  `127.10.3.207:36417 [23/Nov/2026:18:13:07.245] fe_main be_app/app1 0/0/0/13/13 200 1910 - - ---- 1/1/0/0/0 0/0 {shop.example} "GET /a HTTP/1.1"`,
  `{a b|c}|"{d}" "{e}" [{f}] {g}{h} ----`,
  `127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET /refused/x?q=1 HTTP/1.1" 502 157 "-" "curl/7.88.1" 92 0.001 [-] [] 127.0.0.1:21001 0 0.001 502 af0b393b`,
  `127.0.0.1 - - [22/Nov/2026:13:43:48 +0000] "GET / HTTP/1.1" 502 157 "-" "curl/7.88.1"`,
  `[2026-11-23T18:13:07.245Z] "GET /app HTTP/1.1" 200 - 0 1169 10 9 "127.10.3.207" "curl/8.5.0" "cf40818c" "shop.example" "127.0.0.1:9102"`,
];
/** Real lines, cut, doubled, with bytes exchanged: what hostile clients and broken disks make of them. */
export const hostileLine = fc
  .tuple(
    fc.constantFrom(...SAMPLES),
    fc.array(
      fc.tuple(
        fc.nat(300),
        fc.constantFrom('"', " ", "[", "]", "\\", "-", "{", "}", ",", ":", "/", "é", "0", ""),
      ),
      { maxLength: 4 },
    ),
    fc.nat(400),
  )
  .map(([line, edits, cut]) => {
    let text = line;
    for (const [at, what] of edits) text = text.slice(0, at) + what + text.slice(at + 1);
    return cut > 350 ? text.slice(0, cut - 350) : text;
  });
