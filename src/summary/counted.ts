// What a request came to, to be counted again for others like it.

/** What requests that agree in everything but time, duration, client and path share. */
export class Counted {
  proxy = 0;
  /** Whom a failure is blamed on, who answered in the end, and the pool of the former. */
  upstream = 0;
  last = 0;
  pool = 0;
  /** The peer's name. */
  peer = 0;
  status = 0;
  reason = 0;
  code = 0;
  masked = false;
  /** Earlier tries that the line counts without naming their peers. */
  unlisted = 0;
  /** Waits for its line in nginx's error log; the row of a repeated one does not hold its connection. */
  joins = false;
  hasConnection = false;
  escape = 0;
}
