// Values that take long to make and are not always asked for: made when they are first needed.

/** What `make` gives, made at the first call. */
export function once<Value extends object>(make: () => Value): () => Value {
  let value: Value | null = null;
  return () => (value ??= make());
}
