// Two moves that the WebAssembly of quick lines makes everywhere. Part of quick-lines.ts.
import { add, type Code, get, int, ltU, put, sub } from "./wasm-code.ts";

export const isDigit = (byte: Code): Code => ltU(sub(byte, int(48)), int(10));
export const step = (local: number, by = 1): Code => put(local, add(get(local), int(by)));
