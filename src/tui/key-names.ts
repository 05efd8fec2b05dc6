// What the terminal sent becomes key names. Fast typing and pastes arrive as one chunk: each character is a key.
import type { Key } from "ink";

const FLAGS: readonly (readonly [keyof Key, string])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["backspace", "backspace"],
  // Terminals send DEL for the backspace key, which Ink calls delete.
  ["delete", "backspace"],
];

/** The names of the keys in one input event of Ink, in the order they were pressed. */
export function keyNames(input: string, key: Key): readonly string[] {
  if (key.tab) return [key.shift ? "shift+tab" : "tab"];
  for (const [flag, name] of FLAGS) if (key[flag] === true) return [name];
  if (key.ctrl && input.length === 1) return [`ctrl+${input}`];
  // Alt and a key means nothing here; unknown escape sequences arrive without their escape.
  if (key.meta || /^[[O]./.test(input)) return [];
  return [...input].flatMap(nameOf);
}

function nameOf(character: string): readonly string[] {
  const code = character.codePointAt(0)!;
  if (code === 0x0d || code === 0x0a) return ["enter"];
  if (code === 0x09) return ["tab"];
  if (code === 0x20) return ["space"];
  if (code === 0x7f || code === 0x08) return ["backspace"];
  if (code === 0x1b) return ["escape"];
  if (code < 0x1b && code > 0) return [`ctrl+${String.fromCharCode(code + 0x60)}`];
  return code < 0x20 || (code >= 0x80 && code < 0xa0) ? [] : [character];
}
