// The contract with the host: record layouts and the version that names them.
// `server/kernels/abi.ts` mirrors these numbers; `test/assembly/abi.test.ts`
// fails when the two drift.

/** Bump on any change to a layout below or to an exported signature. */
export const ABI_VERSION: i32 = 1;

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
