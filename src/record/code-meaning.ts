// What a bare code means, and the data that no single proxy's file holds: errno names, statuses, health checks.
import type { Maker, Reason } from "./reasons.ts";
import type { Proxy } from "./record.ts";

/** One meaning of a code. */
export interface CodeMeaning {
  readonly proxy: Proxy;
  /** What kind of code it is: "termination state", "response flag" … */
  readonly what: string;
  readonly code: string;
  /** Null for a code that alone says nothing of a failure. */
  readonly reason: Reason | null;
  readonly by: Maker;
  readonly detail: string | null;
  readonly meaning: string;
  readonly confusedWith: string | null;
  /** What it means where more is known: "with <NOSRV>: no-upstream. No server …". */
  readonly otherwise: readonly string[];
  /** The meanings it is one of, where the code alone does not tell which. */
  readonly either?: readonly CodeMeaning[];
  readonly source: string;
}

/** The parsed `grammars/codes.json`. */
export interface Codes {
  readonly errnos: readonly {
    readonly name: string;
    readonly numbers: readonly number[];
    readonly text: string;
    readonly reason: Reason | null;
    readonly meaning: string;
    /** Where the number alone has no reason: nginx's message that it stands in. */
    readonly message?: string;
  }[];
  readonly statuses: readonly {
    readonly status: string;
    readonly proxy: Proxy;
    readonly reason: Reason | null;
    readonly by: Maker;
    readonly meaning: string;
  }[];
  readonly checks: readonly {
    readonly names: readonly string[];
    readonly text: string;
    readonly reason: Reason | null;
    readonly meaning: string;
  }[];
}

/** What most meanings lack. */
export const PLAIN = { detail: null, confusedWith: null, otherwise: [], source: "" } as const;
