// The conditions of --fail-on: when a run that went well still ends with exit code 3.
import { nearestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

/** One condition; several are joined by "or". */
export type FailCondition =
  | { readonly kind: "incident" }
  | {
      readonly kind: "failures" | "rate";
      readonly limit: number;
      /** True for `>=`. */
      readonly orEqual: boolean;
    };

/** The figures that conditions look at. */
export interface Outcome {
  readonly incidents: number;
  readonly failures: number;
  readonly requests: number;
}

const CONDITION = /^\s*([a-z]+)\s*(?:(>=?)\s*(\d+(?:\.\d+)?)(\s*%)?)?\s*$/i;
const NAMES = ["incident", "failures", "rate"];
const HINT = "conditions are incident, failures>N and rate>0.01 (or rate>1%), with commas between";

/**
 * Reads `incident,failures>10,rate>0.01`. A rate is a fraction, or a percentage with its sign.
 * @throws {UsageError} with the place of the mistake.
 */
export function parseFailOn(text: string): readonly FailCondition[] {
  const conditions: FailCondition[] = [];
  let offset = 0;
  for (const part of text.split(",")) {
    conditions.push(parseCondition(part, text, offset + (part.length - part.trimStart().length)));
    offset += part.length + 1;
  }
  return conditions;
}

function parseCondition(part: string, text: string, offset: number): FailCondition {
  const wrong = (message: string, hint = HINT) =>
    new UsageError(message, `--fail-on ${text}`, "--fail-on ".length + offset, hint);
  const match = CONDITION.exec(part);
  if (match === null) throw wrong(`--fail-on does not know the condition "${part.trim()}"`);
  const [, typed, operator, digits, percent] = match;
  const name = typed!.toLowerCase();
  if (name === "incident" || name === "incidents") {
    if (operator !== undefined) throw wrong("incident takes no number in --fail-on");
    return { kind: "incident" };
  }
  if (name !== "failures" && name !== "rate") {
    const near = nearestName(name, NAMES);
    throw wrong(
      `--fail-on does not know the condition "${typed}"`,
      near === null ? HINT : `did you mean ${near}? The ${HINT}`,
    );
  }
  if (operator === undefined || digits === undefined)
    throw wrong(`${name} needs a limit in --fail-on`);
  const value = Number(digits);
  const isPercent = percent !== undefined;
  if (name === "failures" && (isPercent || !Number.isInteger(value))) {
    throw wrong("failures is compared with a whole number in --fail-on");
  }
  const limit = isPercent ? value / 100 : value;
  if (name === "rate" && limit > 1) {
    throw wrong(
      "a rate is a fraction from 0 to 1 in --fail-on",
      "for one per cent: rate>0.01 or rate>1%",
    );
  }
  return { kind: name, limit, orEqual: operator === ">=" };
}

/** Whether any condition is met. The rate of no requests at all is 1 when something failed, else 0. */
export function isFailOnMet(conditions: readonly FailCondition[], outcome: Outcome): boolean {
  const { incidents, failures, requests } = outcome;
  return conditions.some((condition) => {
    if (condition.kind === "incident") return incidents > 0;
    const rate = requests > 0 ? failures / requests : Number(failures > 0);
    const value = condition.kind === "failures" ? failures : rate;
    return condition.orEqual ? value >= condition.limit : value > condition.limit;
  });
}
