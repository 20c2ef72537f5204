import { HIDDEN_RANK } from '../wire/alarm-urgency.ts';

/** Alarms are told by how urgent they are. */
export const RANKS = HIDDEN_RANK + 1;

/** Of one rank: numbers up to `upTo` are known, and those above `from`, up to `to`. */
export interface KnownNumbers {
  readonly upTo: number;
  readonly from: number;
  readonly to: number;
}

/** What a viewer was told. Viewers who were told the same share it. */
export interface AlarmKnowledge {
  readonly ranks: readonly KnownNumbers[];
  /** Number of the newest definition of which and of all before it is known, */
  readonly definitions: number;
  /** and those besides, with their numbers. */
  readonly besides: ReadonlyMap<string, number>;
  readonly flood: number;
  /** All was told once. */
  readonly isGreeted: boolean;
}

const NO_NUMBERS: KnownNumbers = { upTo: 0, from: 0, to: 0 };

/** What a new viewer knows. */
export const NOTHING: AlarmKnowledge = {
  ranks: Array<KnownNumbers>(RANKS).fill(NO_NUMBERS),
  definitions: 0,
  besides: new Map(),
  flood: -1,
  isGreeted: false,
};

export function isKnown({ ranks }: AlarmKnowledge, { rank, number }: { rank: number; number: number }): boolean {
  const { upTo, from, to } = ranks[rank];
  return number <= upTo || (number > from && number <= to);
}
