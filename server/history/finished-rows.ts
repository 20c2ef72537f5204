import { TIERS } from '../trend/tier.ts';
import { type HistoryRow, RowList } from './row-block.ts';

/** Rows of tiers ≥ 1 that are done and not in a batch yet. */
export class FinishedRows {
  #lists = emptyLists();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  readonly add = (tier: number, row: HistoryRow): void => {
    this.#lists[tier].push(row);
    this.#length++;
  };

  list(tier: number): RowList {
    return this.#lists[tier];
  }

  /** Takes out everything, by tier. */
  take(): RowList[] {
    const taken = this.#lists;
    this.#lists = emptyLists();
    this.#length = 0;
    return taken;
  }
}

function emptyLists(): RowList[] {
  return Array.from({ length: TIERS }, () => new RowList());
}
