const MAGIC = Buffer.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0); // NUMPY after a byte that is no text, version 1.0
const ALIGNMENT = 64;

/** All of an NPY 1.0 file before its samples: one dimension, little-endian. `type` is NumPy's, such as `i2`. */
export function npyHeader(type: string, samples: number): Buffer {
  const order = type.endsWith('1') ? '|' : '<';
  const text = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': (${samples},), }`;
  const bare = MAGIC.length + 2 + text.length + 1;
  const padding = (ALIGNMENT - (bare % ALIGNMENT)) % ALIGNMENT;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length + padding + 1);
  return Buffer.concat([MAGIC, length, Buffer.from(`${text}${' '.repeat(padding)}\n`)]);
}
