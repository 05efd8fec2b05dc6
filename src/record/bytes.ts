// Numbers read straight from bytes, without making strings.

const DASH = 45;
const PLUS = 43;
const DOT = 46;
const ZERO = 48;

/** True for a value that stands for "nothing": an empty span, an absent one (start -1) or a lone `-`. */
export function isAbsent(bytes: Uint8Array, start: number, end: number): boolean {
  return start < 0 || start >= end || (end === start + 1 && bytes[start] === DASH);
}

/** A number made of digits only; -1 for anything else, the empty span included. Exact up to 2^53. */
export function parseUint(bytes: Uint8Array, start: number, end: number): number {
  if (start < 0 || start >= end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A whole number with an optional sign; NaN for anything else. */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  const sign = start >= 0 && start < end ? bytes[start] : 0;
  const signed = sign === DASH || sign === PLUS;
  const value = parseUint(bytes, signed ? start + 1 : start, end);
  if (value < 0) return NaN;
  return sign === DASH ? -value : value;
}

/**
 * Decimal seconds as whole ms: `0.010` is 10, `1.5` is 1500; digits beyond the third are cut.
 * @returns -1 for an absent value (`-`, empty), NaN for one that is not a number.
 */
export function parseDecimalMs(bytes: Uint8Array, start: number, end: number): number {
  if (isAbsent(bytes, start, end)) return -1;
  let i = start;
  let ms = 0;
  for (; i < end && bytes[i] !== DOT; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    ms = ms * 10 + digit;
  }
  if (i === start) return NaN;
  ms *= 1000;
  if (i === end) return ms;
  const fraction = fractionMs(bytes, i + 1, end);
  return fraction < 0 ? NaN : ms + fraction;
}

/** The digits behind a decimal point as ms: `5` is 500, `0501` is 50; -1 when they are not all digits, or none. */
export function fractionMs(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  let ms = 0;
  let weight = 100;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    ms += digit * weight;
    weight = weight > 1 ? weight / 10 : 0;
  }
  return ms;
}

/** True for a line of nothing but blanks and control bytes. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 32) return false;
  return true;
}

const IN_MS: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1000 };

/** A duration with its unit, as Istio's Mixer wrote them: `35.076236ms`, `1.5s`; -1 for anything else. */
export function parseUnitMs(bytes: Uint8Array, start: number, end: number): number {
  const text = new TextDecoder().decode(bytes.subarray(start, end));
  const found = /^(\d+(?:\.\d+)?)(us|µs|ms|s)$/.exec(text);
  return found === null ? -1 : Math.trunc(Number(found[1]) * IN_MS[found[2]!]!);
}
