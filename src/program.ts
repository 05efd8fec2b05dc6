// What the launchers run: the program, and the worker's side of it.
export { main } from "./cli/main.ts";
export { serveJobs } from "./cli/worker-loop.ts";
