// Mirrors assembly/abi.ts; a test compares the two.
export const ABI_VERSION = 1;

export const ABI = {
  SUMMARY_MIN: 0,
  SUMMARY_MAX: 8,
  SUMMARY_MEAN: 16,
  SUMMARY_M2: 24,
  SUMMARY_COUNT: 32,
  SUMMARY_CLIPPED: 40,
  SUMMARY_NONFINITE: 48,
  SUMMARY_BYTES: 56,
} as const;
