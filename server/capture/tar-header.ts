// POSIX ustar, as far as an archive of a few plain files needs it.

export const TAR_BLOCK_BYTES = 512;
const OCTAL_LIMIT = 8 ** 11;

export interface TarEntry {
  /** At most 100 characters of ASCII; a folder's ends with a slash. */
  readonly name: string;
  readonly bytes: number;
  /** Seconds since 1970 UTC. */
  readonly modified: number;
}

/** The block before an entry's content. */
export function tarHeader({ name, bytes, modified }: TarEntry): Buffer {
  const isFolder = name.endsWith('/');
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  block.write(name, 0, 100, 'latin1');
  block.write(octal(isFolder ? 0o755 : 0o644, 7), 100);
  block.write(octal(0, 7), 108); // user
  block.write(octal(0, 7), 116); // group
  writeSize(block, bytes);
  block.write(octal(modified, 11), 136);
  block.write(isFolder ? '5' : '0', 156);
  block.write('ustar\u000000', 257, 'latin1');

  block.fill(' ', 148, 156); // of which the checksum is taken
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148);
  return block;
}

/** Zeros from the end of an entry's content to the next block. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((TAR_BLOCK_BYTES - (bytes % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES);
}

/** What ends an archive. */
export const TAR_END = Buffer.alloc(2 * TAR_BLOCK_BYTES);

// From 8 GiB on in base 256, as tar programs have agreed.
function writeSize(block: Buffer, bytes: number): void {
  if (bytes < OCTAL_LIMIT) return void block.write(octal(bytes, 11), 124);
  block.writeUInt8(0x80, 124);
  block.writeBigUInt64BE(BigInt(bytes), 128);
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}
