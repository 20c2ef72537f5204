const PREFIXES: Readonly<Record<number, string>> = {
  [-18]: 'a',
  [-15]: 'f',
  [-12]: 'p',
  [-9]: 'n',
  [-6]: 'µ',
  [-3]: 'm',
  3: 'k',
  6: 'M',
  9: 'G',
  12: 'T',
  15: 'P',
  18: 'E',
};
// A unit takes a prefix when it is, or begins with, one of these, to the first
// power and without a prefix of its own: V/m does, m² and kPa do not.
const BARE = /^(?:A|V|W|Pa|Hz|s|m|g|N|J|K|C|F|Ω|S|T|Wb|H|lm|lx|Bq|Gy|Sv|mol|cd|bar|eV|L|l)(?:$|[/·*\s])/;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A unit for values divided by `10 ** exponent`: `pA`, else `×10⁻¹² A` where no prefix says it. */
export function scaledUnit(unit: string, exponent: number): string {
  if (exponent === 0) return unit;
  const prefix = BARE.test(unit) ? PREFIXES[exponent] : undefined;
  if (prefix !== undefined) return prefix + unit;
  return `×10${superscript(exponent)}${unit === '' ? '' : ` ${unit}`}`;
}

function superscript(exponent: number): string {
  return String(exponent)
    .replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])
    .replace('-', '⁻');
}
