// Entry of a worker thread: takes jobs one after another, sends each tally, and its cells in the end.
import { serveJobs } from "./cli/worker-loop.ts";

serveJobs();
