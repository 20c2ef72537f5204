const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/;
const NS_DIGITS = 9;

/**
 * Nanoseconds since 1970 UTC of a time as RFC 3339 with `Z`; `undefined` where
 * it is none, or none that 64 bits hold (1677 to 2262). Digits past the ninth
 * are dropped.
 */
export function parseTime(text: string): bigint | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = ''] = match;
  const ms = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return undefined; // 30 February
  const timeNs = BigInt(ms) * 1_000_000n + BigInt(fraction.slice(0, NS_DIGITS).padEnd(NS_DIGITS, '0'));
  return BigInt.asIntN(64, timeNs) === timeNs ? timeNs : undefined;
}

/** The same time with nine digits after the second. Years 0 to 9999; throws `RangeError` outside. */
export function formatTime(timeNs: bigint): string {
  const second = 1_000_000_000n;
  const fraction = ((timeNs % second) + second) % second;
  const iso = new Date(Number((timeNs - fraction) / 1_000_000n)).toISOString();
  if (iso.length !== 24) throw new RangeError(`time ${timeNs} ns, expected a year of four digits`);
  return `${iso.slice(0, 19)}.${fraction.toString().padStart(NS_DIGITS, '0')}Z`;
}
