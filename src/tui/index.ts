// The doors of this room.
export { explore } from "./app.tsx";
export type { Feed, Progress, Snapshot, Terminal } from "./feed.ts";
