/** A sample as it travels: its name is SigMF's, `type` is the machine's. */
export interface Datatype {
  readonly type: 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'f32' | 'f64';
  /** Bytes a sample, little-endian. */
  readonly bytes: 1 | 2 | 4 | 8;
}

/** Every datatype a device may send, by its SigMF name. */
export const DATATYPES: ReadonlyMap<string, Datatype> = new Map<string, Datatype>([
  ['ri8', { type: 'i8', bytes: 1 }],
  ['ru8', { type: 'u8', bytes: 1 }],
  ['ri16_le', { type: 'i16', bytes: 2 }],
  ['ru16_le', { type: 'u16', bytes: 2 }],
  ['ri32_le', { type: 'i32', bytes: 4 }],
  ['rf32_le', { type: 'f32', bytes: 4 }],
  ['rf64_le', { type: 'f64', bytes: 8 }],
]);
