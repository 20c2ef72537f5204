/** Number formats a sample can arrive in, little-endian. */
export type SampleType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'f32' | 'f64';

export const SAMPLE_BYTES = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, f32: 4, f64: 8 } as const satisfies Record<
  SampleType,
  number
>;

/** Ends of the integer types in raw counts: their full scale unless the device gives another. */
export const INTEGER_RANGE = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32_768, 32_767],
  u16: [0, 65_535],
  i32: [-2_147_483_648, 2_147_483_647],
} as const satisfies Partial<Record<SampleType, readonly [low: number, high: number]>>;

/** Limits that no finite sample reaches. */
export const UNLIMITED: readonly [low: number, high: number] = [-Infinity, Infinity];

/** The full scale of a type that its device says nothing about: the type's ends, none for floats. */
export function defaultFullScale(type: SampleType): readonly [low: number, high: number] {
  return type === 'f32' || type === 'f64' ? UNLIMITED : INTEGER_RANGE[type];
}
