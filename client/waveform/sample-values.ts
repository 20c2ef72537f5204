import type { SampleType } from '../../server/kernels/sample-type.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';

const TYPES: ReadonlyMap<string, SampleType> = new Map([
  ['ri8', 'i8'],
  ['ru8', 'u8'],
  ['ri16_le', 'i16'],
  ['ru16_le', 'u16'],
  ['ri32_le', 'i32'],
  ['rf32_le', 'f32'],
  ['rf64_le', 'f64'],
]);

/** The samples' type by its SigMF name. Throws for one that no device can send. */
export function sampleTypeOf(datatype: string): SampleType {
  const type = TYPES.get(datatype);
  if (type === undefined) throw new Error(`datatype ${datatype}, expected one of ${[...TYPES.keys()].join(', ')}`);
  return type;
}

const READERS = {
  i8: (view: DataView, at: number) => view.getInt8(at),
  u8: (view: DataView, at: number) => view.getUint8(at),
  i16: (view: DataView, at: number) => view.getInt16(at, true),
  u16: (view: DataView, at: number) => view.getUint16(at, true),
  i32: (view: DataView, at: number) => view.getInt32(at, true),
  f32: (view: DataView, at: number) => view.getFloat32(at, true),
  f64: (view: DataView, at: number) => view.getFloat64(at, true),
} as const satisfies Record<SampleType, (view: DataView, at: number) => number>;

/** Reads the raw count at a byte of a view. */
export function countReader(type: SampleType): (view: DataView, at: number) => number {
  return READERS[type];
}

/** A raw count in the channel's unit. */
export function toValue(count: number, { scale, offset }: Pick<CaptureReply, 'scale' | 'offset'>): number {
  return count * scale + offset;
}
