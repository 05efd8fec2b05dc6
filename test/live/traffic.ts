// A client that sends requests at an even pace and remembers what it saw of each.
import { get } from "node:http";

/** What every request asks for: other lines of a log do not have it. */
export const PATH = "/app/item";

/** How one request ended, in the client's eyes. */
export interface Seen {
  /** When the answer, or the lack of one, was complete (ms since the epoch). */
  readonly endedAt: number;
  readonly failed: boolean;
}

/** Sends `count` requests, `perSecond` of them each second, whether or not earlier ones are answered; resolves when all are. */
export async function send(url: string, count: number, perSecond: number): Promise<Seen[]> {
  const started = performance.now();
  const requests: Promise<Seen>[] = [];
  for (let at = 0; at < count; at++) {
    const due = started + (at * 1000) / perSecond - performance.now();
    // This is the pace of the traffic, not a wait for something.
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    requests.push(sendOne(`${url}${PATH}?id=${at}`));
  }
  return Promise.all(requests);
}

/** Sends one request on a connection of its own. */
export function sendOne(url: string): Promise<Seen> {
  return new Promise((resolve) => {
    const end = (failed: boolean): void => resolve({ endedAt: Date.now(), failed });
    const headers = { "user-agent": "why502-live" };
    const request = get(url, { agent: false, headers, timeout: 10_000 }, (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      // A body cut short ends with `close` only.
      response.on("close", () => end(!response.complete || status < 200 || status >= 500));
      response.on("error", () => {});
    });
    request.on("error", () => end(true));
    request.on("timeout", () => request.destroy(new Error("no answer")));
  });
}
