// `--field FIELD=KEY`: which key of a JSON log holds which field of ours.
import { recordFieldNames, withUserFields, type Texts, type UserField } from "../grammar/index.ts";
import { nearestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The knowledge with the user's keys in it.
 * @throws UsageError for a field we have not got, or a text that is not `FIELD=KEY`.
 */
export function withFieldFlags(texts: Texts, flags: readonly string[]): Texts {
  const known = recordFieldNames(texts);
  const fields: UserField[] = [];
  for (const flag of flags) {
    const text = `--field ${flag}`;
    const equals = flag.indexOf("=");
    const field = equals < 0 ? flag : flag.slice(0, equals);
    const key = equals < 0 ? "" : flag.slice(equals + 1);
    if (equals < 0 || key === "") {
      const at = equals < 0 ? text.length : text.length - key.length;
      throw new UsageError(
        "--field needs FIELD=KEY",
        text,
        at,
        "for example: --field status=response.code",
      );
    }
    if (!known.includes(field)) {
      const near = nearestName(field, known);
      throw new UsageError(
        `no record has a field ${field === "" ? "without a name" : `"${field}"`}`,
        text,
        text.length - flag.length,
        near === null ? `the fields are ${known.join(", ")}` : `did you mean ${near}?`,
      );
    }
    if (fields.some((other) => other.key === key)) {
      throw new UsageError(
        `the key "${key}" is given to two fields`,
        text,
        text.length - key.length,
        "one key holds one field",
      );
    }
    fields.push({ field, key });
  }
  return withUserFields(texts, fields);
}
