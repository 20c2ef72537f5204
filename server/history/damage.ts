// What DuckDB says of a file whose content is not what it wrote. Anything else, such as a full disk or too many open
// files, says nothing about the file.
const DAMAGE =
  /corrupt|checksum|not a valid DuckDB database|could not read enough bytes|replaying WAL|serialization error|internal error|fatal error|Input\/output error|deserialize|Trying to read a database file/i;

// A disk that does not take what is written to it may still hold all that was written before.
const WRITING = /could not (write|fsync|truncate|rename)|fsync failed/i;

/** Whether an error of DuckDB means that a file is damaged. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && DAMAGE.test(error.message) && !WRITING.test(error.message);
}

/** The first line of what went wrong. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
