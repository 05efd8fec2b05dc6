// Small questions about the fields of an nginx access line, answered from its spans.
import { isAbsent } from "./bytes.ts";
import { present } from "./field-choice.ts";
import { LOCAL, type Rec, type Read } from "./record.ts";
import { clfTime, epochTime, isoHasZone, isoTime } from "./times.ts";

/** Where the request stands: a field's number each, -1 for none, or several fields, the first with a value. */
export function placer(
  requestAt: number,
  methodAt: number,
  {
    clients,
    paths,
    hosts,
    locations,
    requestIds,
  }: {
    readonly clients: readonly number[];
    readonly paths: readonly number[];
    readonly hosts: readonly number[];
    /** `$host$request_uri`: the path begins at the first slash. */
    readonly locations: readonly number[];
    readonly requestIds: readonly number[];
  },
): NonNullable<Read["place"]> {
  return (bytes, spans, rec) => {
    const clientAt = present(bytes, spans, clients);
    if (clientAt >= 0) {
      rec.clientStart = spans[2 * clientAt]!;
      rec.clientEnd = spans[2 * clientAt + 1]!;
    }
    if (requestAt >= 0) {
      rec.requestStart = spans[2 * requestAt]!;
      rec.requestEnd = spans[2 * requestAt + 1]!;
    }
    if (methodAt >= 0) {
      rec.methodStart = spans[2 * methodAt]!;
      rec.methodEnd = spans[2 * methodAt + 1]!;
    }
    const pathAt = present(bytes, spans, paths);
    if (pathAt >= 0) {
      rec.pathStart = spans[2 * pathAt]!;
      rec.pathEnd = spans[2 * pathAt + 1]!;
    }
    const hostAt = present(bytes, spans, hosts);
    if (hostAt >= 0) {
      rec.hostStart = spans[2 * hostAt]!;
      rec.hostEnd = spans[2 * hostAt + 1]!;
    }
    const locationAt = present(bytes, spans, locations);
    if (locationAt >= 0) {
      let slash = spans[2 * locationAt]!;
      while (slash < spans[2 * locationAt + 1]! && bytes[slash] !== 47) slash++;
      rec.hostStart = spans[2 * locationAt]!;
      rec.hostEnd = rec.pathStart = slash;
      rec.pathEnd = spans[2 * locationAt + 1]!;
    }
    const requestIdAt = present(bytes, spans, requestIds);
    if (requestIdAt >= 0) {
      rec.requestIdStart = spans[2 * requestIdAt]!;
      rec.requestIdEnd = spans[2 * requestIdAt + 1]!;
    }
  };
}

/** True for a field that this line has, whatever its value. */
export function isLogged(spans: Int32Array, at: number): boolean {
  return at >= 0 && spans[2 * at]! >= 0;
}

/** True for a field without a value. */
export function isMissing(bytes: Uint8Array, spans: Int32Array, at: number): boolean {
  return at < 0 || isAbsent(bytes, spans[2 * at]!, spans[2 * at + 1]!);
}

/** True for a list of one item. */
export function isSingle(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === 32) return false;
  return true;
}

/** `127.0.0.1:80`, `[::1]:80`, `unix:/path`: an address with its port, and no user agent. */
export function isUpstream(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0 || start >= end) return false;
  const isSocket = bytes[start] === 117 && bytes[start + 4] === 58;
  if (isSocket || bytes[start] === 91) return true;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === 58) return i > start;
    if (c !== 46 && (c < 48 || c > 57)) return false;
  }
  return false;
}

/** A single upstream status below 500 that is no sign of trouble, or none at all. */
export function isFine(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0 || end - start !== 3) return isAbsent(bytes, start, end);
  const hundreds = bytes[start]!;
  return hundreds >= 49 && hundreds <= 52;
}

/** One of nginx's three times, told by its shape: key names in JSON logs do not always say which one it is. */
export function timeOf(bytes: Uint8Array, start: number, end: number, rec: Rec): number {
  if (bytes[start + 2] === 47) return clfTime(bytes, start, end);
  if (bytes[start + 4] !== 45) return epochTime(bytes, start, end);
  if (!isoHasZone(bytes, start, end)) rec.clock = LOCAL;
  return isoTime(bytes, start, end);
}

/** True for a value with a quote in it. */
export function hasQuote(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === 34) return true;
  return false;
}
