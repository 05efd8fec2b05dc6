// What is thrown where unpacked bytes are not those that were packed.

/** A checksum does not fit: what was handed on before is wrong somewhere. */
export class ChecksumError extends Error {
  readonly code = "CHECKSUM";

  constructor() {
    super("a checksum does not fit");
  }
}
