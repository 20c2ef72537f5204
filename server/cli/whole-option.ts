import { InvalidArgumentError } from 'commander';

/** Parses an option that is a whole number from `low` to `high`. */
export function wholeOption(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}
