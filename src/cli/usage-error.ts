// A mistake on the command line, told in one sentence.

/** What is wrong, in which text and where (code units from its start, -1 for nowhere), and what would help. Exit code 2. */
export class UsageError extends Error {
  readonly text: string;
  readonly offset: number;
  readonly hint: string;

  constructor(message: string, text = "", offset = -1, hint = "") {
    super(message);
    this.name = "UsageError";
    this.text = text;
    this.offset = offset;
    this.hint = hint;
  }
}
