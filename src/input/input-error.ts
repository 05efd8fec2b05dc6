// A source that cannot be read, told in one sentence.

/** What is wrong with an input, and what would help. */
export class InputError extends Error {
  readonly hint: string;

  constructor(message: string, hint = "") {
    super(message);
    this.name = "InputError";
    this.hint = hint;
  }
}
