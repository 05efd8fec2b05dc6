// A free port on 127.0.0.1 that stays free for whoever stops listening on it.
import { createServer } from "node:net";

/** Below every system's ephemeral range, so that no client's socket takes the port of a stopped backend. */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** Finds a port nobody listens on. @throws when all tries met a taken one */
export async function freePort(): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
