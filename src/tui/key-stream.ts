// The keyboard as Ink can take it: escape sequences that are no key of ours never reach it.
//
// What is pasted may hold any sequence, and terminals answer questions that were asked before us. Ink (6.8) takes `ESC[31m` for
// a key with ctrl and without a name, and falls over it.

/** A control sequence, its parameters and its last byte; several escapes in front are one with alt. */
const SEQUENCE = /\x1b+\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]/g;
/** Arrows, home, end, shift+tab; insert, delete, page up and down; each with ctrl, alt or shift. */
const KEY = /^\x1b+\[(?:[ABCDFHZ]|1;\d[ABCDFH]|[1-8](?:;\d)?~)$/;
/** A sequence whose end has not come yet. A lone escape is a key. */
const BEGUN = /\x1b+\[[\x20-\x3f]*$/;

/** Takes out of what was typed all control sequences that are no keys; `held` is a beginning to put in front of what comes next. */
export function keysOf(text: string): { readonly keys: string; readonly held: string } {
  const held = BEGUN.exec(text)?.[0] ?? "";
  const whole = text.slice(0, text.length - held.length);
  return {
    keys: whole.replace(SEQUENCE, (sequence) => (KEY.test(sequence) ? sequence : "")),
    held,
  };
}

/** The input with only keys in it; everything but reading is the input's own. */
export function keyStream(input: NodeJS.ReadStream): NodeJS.ReadStream {
  let held = "";
  const read = (): string | null => {
    for (;;) {
      const chunk = input.read() as string | Buffer | null;
      if (chunk === null) return null;
      const found = keysOf(held + chunk.toString());
      held = found.held;
      if (found.keys !== "") return found.keys;
    }
  };
  return new Proxy(input, {
    get(target, name) {
      if (name === "read") return read;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}
