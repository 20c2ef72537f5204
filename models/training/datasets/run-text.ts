const SURE_DIGITS = 9; // of which any tells one f32 from all others

/** The values of a run as a line of CSV has them: digits that read back to the same f32. */
export function runText(values: Float32Array): string {
  return Array.from(values, floatText).join();
}

function floatText(value: number): string {
  for (let digits = 6; digits < SURE_DIGITS; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toPrecision(SURE_DIGITS);
}
