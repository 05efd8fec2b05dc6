// What is said of lines from Envoy's own log and its event logs.
import { expect, it } from "vitest";
import { explainLine } from "../../src/record/explain-line.ts";
import { Names } from "../../src/record/names.ts";
import { ReaderShelf } from "../../src/record/reader-shelf.ts";
import { catalogue, texts } from "./teller.ts";

const names = new Names();
const shelf = new ReaderShelf(texts, names);

it.each([
  [
    "[2026-11-22 13:43:48.963][1][warning][main] [source/server/server.cc:881] caught ENVOY_SIGTERM",
    ["caught SIGTERM: Envoy was told to stop."],
  ],
  [
    "[2026-11-22 13:43:48.963][9][debug][router] [source/common/router/router.cc:671] [C5][S7] upstream reset: reset reason: overflow",
    [expect.stringContaining("the access line counts it")],
  ],
  [
    `{"type":"SUCCESS_RATE","timestamp":"2026-11-22T13:43:48Z","cluster_name":"app","upstream_url":"127.0.0.1:9101","action":"EJECT","num_ejections":0,"enforced":false}`,
    [expect.stringContaining("is not enforced"), "it concerns 127.0.0.1:9101 of app"],
  ],
])("%s", (line, said) => {
  const describer = { catalogue, shelf, names, given: [], zone: "UTC", nearMs: 0 };
  expect(explainLine(line, describer, texts).sentences).toEqual(said);
});
