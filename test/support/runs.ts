/** How many random cases a property tries, or how long a test lasts: `few` in `npm test`, `many` where FENESTRA_SOAK is set. */
export function runs(few: number, many: number): number {
  return process.env.FENESTRA_SOAK === undefined ? few : many;
}
