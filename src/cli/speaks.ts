// Whether standard input has anything to say, for runs that have something else to read.
import { fstatSync } from "node:fs";

/** How long a pipe may be silent before it is taken for one that nobody writes to (ms). */
const PATIENCE_MS = 3000;

/** True as soon as bytes come; false for a keyboard, /dev/null, an empty input, and a pipe that stays silent. */
export async function speaks(stdin: NodeJS.ReadStream): Promise<boolean> {
  if (stdin.isTTY || !isPipeOrFile()) return false;
  const isSpeaking = await new Promise<boolean>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stdin.off("readable", done).off("end", done).off("error", done);
      resolve(stdin.readableLength > 0);
    };
    const timer = setTimeout(done, PATIENCE_MS);
    stdin.on("readable", done).on("end", done).on("error", done);
  });
  // An open pipe would keep the process alive for ever.
  if (!isSpeaking) stdin.destroy();
  return isSpeaking;
}

function isPipeOrFile(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}
