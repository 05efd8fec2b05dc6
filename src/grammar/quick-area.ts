// Where in the memory a format's tables and a batch's rows lie, number by number: quick-lines.ts and its WebAssembly share it.

/** A format's area: the state of its tables, by offset. */
export const AREA = {
  /** Entries of the key table, and where the next key goes. */
  count: 0,
  keysEnd: 4,
  /** Bytes of the rows that were written. */
  rows: 12,
  /** Whether heads must have an ISO stamp (1), must not (0), or do not matter (-1). */
  wantsStamp: 8,
  /** 1 where reading stops behind a line whose minute is not known. */
  stops: 36,
  /** 1 where heads of another process than this one are refused: its digits and the bracket behind them, and their mask. */
  watches: 40,
  pid: 48,
  pidMask: 56,
  /** The head found last. */
  headKind: 16,
  hostStart: 20,
  hostEnd: 24,
  stampStart: 28,
  stampEnd: 32,
  /** Lines of the last call, and those of them that were counted. */
  lines: 2048,
  counted: 2052,
  /** The first and the last time of lines that were counted in the last call. */
  firstTime: 2064,
  lastTime: 2072,
  ownTimes: 64,
  stampTimes: 1088,
  /** Sixteen bytes of ones, sixteen of zeros. */
  masks: 2304,
  /** The members of JSON lines in their order: how many, then a {@link MEMBER} for each. */
  members: 4096,
  slots: 65_536,
  entries: 196_608,
  /** For each entry, an {@link ENTRY_TALLY}. */
  tallies: 458_752,
  keys: 1_507_328,
  end: 8 << 20,
} as const;
/** Slots of the key table, and half as many entries. */
export const SLOT_BITS = 15;
export const SLOTS = 1 << SLOT_BITS;
export const MAX_ENTRIES = SLOTS / 2;
export const ENTRY_BYTES = 16;
/** The most bytes of one field in a key. */
export const LONGEST_PART = 200;

/** What WebAssembly needs to count a line of an entry, and the cells that it counted the last one in. */
export const ENTRY_TALLY = {
  /** What is known of such lines: nothing yet (0), that they are counted here (1), that others count them (2). */
  state: 0,
  /** Numbers of the upstream that answered, and of the pool. */
  last: 4,
  pool: 8,
  statusAt: 12,
  requestsAt: 16,
  clientMask: 20,
  /** A bin, the table's epoch, the address of the cell's counts. */
  traffic: 24,
  latency: 36,
} as const;
/** Each has 64 bytes. */
export const ENTRY_TALLY_SHIFT = 6;

/** A member of JSON lines: where its field's spans go, -1 for nowhere; how long its key is, with quotes and colon; the key. */
export const MEMBER = {
  spans: 0,
  length: 4,
  key: 16,
  longestKey: 96,
  bytes: 128,
  first: 16,
} as const;
export const MAX_MEMBERS = 250;

/** A memory of minutes: how their times are written, and what the last sixteen came to. */
export const TIMES = {
  length: 0,
  secondAt: 4,
  /** Digits of the fraction; 0 for none. */
  fraction: 8,
  tailAt: 12,
  tailMask: 16,
  slots: 64,
  slotBytes: 48,
  /** In a slot: sixteen bytes, the two before the second's colon, the tail, the minute in ms. */
  near: 16,
  tail: 24,
  minute: 32,
} as const;

/** Offsets in a row. */
export const ROW = {
  time: 0,
  start: 8,
  end: 12,
  entry: 16,
  duration: 20,
  clientStart: 24,
  clientEnd: 28,
  requestStart: 32,
  requestEnd: 36,
  /** Lines before it in this call, and the last time among them that was counted. */
  line: 40,
  before: 48,
  /** What chooses it to be kept; of lines whose numbers are all known. */
  hash: 56,
} as const;
