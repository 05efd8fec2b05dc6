// How IPv6 addresses are told from times and other words with colons, for the guesses at formats.

/** The source of a pattern: eight groups, or fewer around `::`; the last two may be written as IPv4. */
export const IPV6 =
  "(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}:){0,6}(?:[0-9a-fA-F]{1,4})?::(?:[0-9a-fA-F]{1,4}:)*(?:[0-9a-fA-F]{1,4}|\\d{1,3}(?:\\.\\d{1,3}){3})?)";
