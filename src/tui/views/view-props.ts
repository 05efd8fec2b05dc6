// What every view is drawn from.
import type { Model } from "../model.ts";
import type { Ink } from "../paint.ts";

/** Props of every view. */
export interface ViewProps {
  readonly model: Model;
  readonly ink: Ink;
  /** What a raw line means, one sentence each. */
  readonly explain: (line: string) => readonly string[];
}
