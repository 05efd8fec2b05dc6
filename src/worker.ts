// Entry of a worker thread: takes jobs one after another, sends each tally, and its cells in the end.
import { bundleIn } from "./bundle.ts";

bundleIn(__dirname).run().serveJobs();
