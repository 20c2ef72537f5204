import { InvalidArgumentError, Option } from 'commander';

/** Which rows runs have. */
export function rowsOption(): Option {
  return new Option('--rows <number>', '1: the mean; 3: minimum, maximum and mean').argParser(parseRows).default(1);
}

function parseRows(text: string): 1 | 3 {
  if (text === '1' || text === '3') return Number(text) as 1 | 3;
  throw new InvalidArgumentError('It must be 1 or 3.');
}
