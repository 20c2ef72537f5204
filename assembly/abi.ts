// The contract with the host: record layouts and the version that names them.
// `server/kernels/abi.ts` mirrors these numbers; `test/assembly/abi.test.ts`
// fails when the two drift.

/** Bump on any change to a layout below or to an exported signature. */
export const ABI_VERSION: i32 = 3;

// Summary record, 56 bytes, 8-aligned:
//
//    0       8       16      24      32      40         48
//   ├───────┼───────┼───────┼───────┼───────┼──────────┼───────────┤
//   │ min   │ max   │ mean  │ m2    │ count │ clipped  │ nonfinite │
//   │ f64   │ f64   │ f64   │ f64   │ f64   │ f64      │ f64       │
//
// Counts are whole numbers in f64, so that a merge over years cannot wrap.
// m2 is the sum of squared deviations from the mean; variance is m2 / count.
// An empty summary has min +inf, max -inf and zeros.

export const SUMMARY_MIN: i32 = 0;
export const SUMMARY_MAX: i32 = 8;
export const SUMMARY_MEAN: i32 = 16;
export const SUMMARY_M2: i32 = 24;
export const SUMMARY_COUNT: i32 = 32;
export const SUMMARY_CLIPPED: i32 = 40;
export const SUMMARY_NONFINITE: i32 = 48;
export const SUMMARY_BYTES: i32 = 56;

// State record of one channel's open window, 16-aligned:
//
//    0         56    64     72    80        88        92    96        152   160      224
//   ├─────────┼─────┼──────┼─────┼─────────┼─────────┼─────┼─────────┼─────┼────────┼───────┤
//   │ open    │ low │ high │ sum │ squares │ carried │ pad │ result  │ pad │ tail   │ carry │
//   │ summary │ f64 │ f64  │ i64 │ i64     │ i32     │     │ summary │     │ 8 f64  │ bytes │
//
// open     what is reduced so far. 8- and 16-bit integers fill in all but mean
//          and m2, which `finish` takes from sum and squares.
// low/high full scale in raw counts: samples at or beyond are clipped; -inf and
//          +inf for none.
// carry    the samples of a block that is not complete yet (i32, f32, f64),
//          `carried` of them, room for one block of the widest type.
// result   the last finished window.
// tail     where the last few samples of a window are padded to whole vectors.

export const STATE_OPEN: i32 = 0;
export const STATE_LOW: i32 = 56;
export const STATE_HIGH: i32 = 64;
export const STATE_SUM: i32 = 72;
export const STATE_SQUARES: i32 = 80;
export const STATE_CARRIED: i32 = 88;
export const STATE_RESULT: i32 = 96;
export const STATE_TAIL: i32 = 160;
export const STATE_CARRY: i32 = 224;

export const TAIL_SAMPLES: i32 = 8;

/** Samples reduced together, counted from the window's start. A block of the widest type fits in L1. */
export const BLOCK_SAMPLES: i32 = 2048;
export const STATE_BYTES: i32 = STATE_CARRY + BLOCK_SAMPLES * 8;

// Trend rows, what `decimate` reads: five columns of `capacity` f64 back to
// back. Row r is element r % capacity of each column.
//
//   ├── time ms ──┼── min ──┼── max ──┼── mean ──┼── count ──┤
//
// Times never fall. A row with count 0 marks a gap.

export const ROW_COLUMNS: i32 = 5;

// Pixel columns, what `decimate` writes: four columns of `columns` f64 back to
// back, then one byte a column, not 0 where a gap mark fell into it.
//
//   ├── min ──┼── max ──┼── mean ──┼── count ──┼── broken u8 ──┤
//
// A pixel column without samples has count 0 and NaN for the figures.

export const PIXEL_BYTES: i32 = 4 * 8 + 1;

/** First address that is the host's to lay out. */
export const HOST_BASE: i32 = 1024;
