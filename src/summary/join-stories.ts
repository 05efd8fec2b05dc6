// The error lines of one client and request, by connection and by second.
import type { JoinEntry } from "./join-entry.ts";

/** One error line in its story. */
export interface StoryLine {
  readonly entry: JoinEntry;
  readonly story: ErrorStory;
  /** Place in the story. */
  readonly at: number;
  readonly second: number;
  /** True once a request has it. */
  isTaken: boolean;
}

/** The lines of one connection, in order of time. */
export interface ErrorStory {
  readonly lines: StoryLine[];
  /** How many requests took lines of it. */
  requests: number;
}

/** Error lines, found by their connection or their second. */
export class Stories {
  readonly #all: StoryLine[] = [];
  readonly #byConnection = new Map<number, ErrorStory>();
  readonly #bySecond = new Map<number, StoryLine[]>();

  /** @param errors in order of time. */
  constructor(errors: readonly JoinEntry[]) {
    for (const entry of errors) {
      const story = this.#story(entry.connection);
      const second = Math.floor(entry.timeMs / 1000);
      const line = { entry, story, at: story.lines.length, second, isTaken: false };
      story.lines.push(line);
      this.#all.push(line);
      const here = this.#bySecond.get(second);
      if (here) here.push(line);
      else this.#bySecond.set(second, [line]);
    }
  }

  of(connection: number): ErrorStory | undefined {
    return this.#byConnection.get(connection);
  }

  at(second: number): readonly StoryLine[] {
    return this.#bySecond.get(second) ?? [];
  }

  /** Lines that no request has taken. */
  open(): readonly StoryLine[] {
    return this.#all.filter(({ isTaken }) => !isTaken);
  }

  /** A line without a connection is a story of its own. */
  #story(connection: number): ErrorStory {
    const known = connection < 0 ? undefined : this.#byConnection.get(connection);
    if (known !== undefined) return known;
    const story: ErrorStory = { lines: [], requests: 0 };
    if (connection >= 0) this.#byConnection.set(connection, story);
    return story;
  }
}
