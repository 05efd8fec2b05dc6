// What container runtimes and their tools put in front of a line: stream and flag, service names, pods.

const SPACE = 32;
const BAR = 124;
const LONGEST_NAME = 96;
const POD = new TextEncoder().encode("[pod/");

/** Behind `stdout F `, which stands behind the time in Kubernetes' own files (CRI logging format); -1 without it. */
export function behindStream(b: Uint8Array, i: number, end: number): number {
  const isStream =
    i + 9 <= end &&
    b[i] === 115 &&
    b[i + 1] === 116 &&
    b[i + 2] === 100 &&
    b[i + 6] === SPACE &&
    (b[i + 7] === 70 /* F */ || b[i + 7] === 80) /* P */ &&
    b[i + 8] === SPACE;
  return isStream ? i + 9 : -1;
}

/** Where a name was found. */
interface HostSpan {
  hostStart: number;
  hostEnd: number;
}

/**
 * Behind `web-1  | ` of docker compose or `[pod/web-5d9/nginx] ` of `kubectl logs --prefix`, the service's or pod's name put
 * into `host`; -1 without them.
 */
export function behindContainer(
  bytes: Uint8Array,
  start: number,
  end: number,
  host: HostSpan,
): number {
  const last = Math.min(end, start + LONGEST_NAME);
  let i = start;
  if (bytes[i] === 91) {
    for (let k = 0; k < POD.length; k++) if (bytes[start + k] !== POD[k]) return -1;
    const name = start + POD.length;
    i = name;
    while (i < last && bytes[i] !== 93) i++;
    if (i + 1 >= last || bytes[i + 1] !== SPACE) return -1;
    let slash = name;
    while (slash < i && bytes[slash] !== 47) slash++;
    host.hostStart = name;
    host.hostEnd = slash;
    return i + 2;
  }
  // `docker logs --details` leaves room for what it would say of the container.
  if (bytes[i] === SPACE) i++;
  const name = i;
  while (i < last && isNameByte(bytes[i]!)) i++;
  const nameEnd = i;
  while (i < last && bytes[i] === SPACE) i++;
  const isPrefix = nameEnd > name && i > nameEnd && bytes[i] === BAR && bytes[i + 1] === SPACE;
  if (!isPrefix || i + 2 > end) return -1;
  host.hostStart = name;
  host.hostEnd = nameEnd;
  return i + 2;
}

function isNameByte(c: number): boolean {
  const isLetter = (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
  return isLetter || (c >= 48 && c <= 57) || c === 45 || c === 46 || c === 95;
}
