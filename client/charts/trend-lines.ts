import { type TimeSpan, TrendColumns } from './trend-columns.ts';
import type { TrendSource } from './trend-source.ts';
import { unite, type ValueRange } from './value-range.ts';

/** What the columns were made from. They stay until it changes, though rows of theirs may be gone by then. */
interface Origin {
  readonly sources: readonly (TrendSource | undefined)[];
  readonly versions: readonly number[];
  readonly span: TimeSpan;
  readonly keptFromMs: number | undefined;
}

/** The pixel columns of all lines of a plot, the first one's first. */
export class TrendLines {
  #lines = [new TrendColumns()];
  #origin: Origin | undefined;

  get columns(): readonly TrendColumns[] {
    return this.#lines;
  }

  /** Undefined before any were made. */
  get origin(): Pick<Origin, 'span' | 'keptFromMs'> | undefined {
    return this.#origin;
  }

  /** Makes the columns anew where there is anything new in them, and returns whether there was. */
  take(sources: readonly (TrendSource | undefined)[], span: TimeSpan): boolean {
    const versions = sources.map((source) => source?.version ?? 0);
    const held = this.#origin;
    const isSameSpan = held?.span.toMs === span.toMs && held.span.columnMs === span.columnMs;
    if (held && isSameSpan && isSame(held.sources, sources) && isSame(held.versions, versions)) return false;

    this.#origin = { sources, versions, span, keptFromMs: sources[0]?.keptFromMs };
    this.#lines.length = Math.min(this.#lines.length, sources.length);
    while (this.#lines.length < sources.length) this.#lines.push(new TrendColumns());
    this.#lines.forEach((columns, i) => {
      const source = sources[i];
      if (source?.edgeMs === undefined) columns.clear();
      else columns.copy(source.decimate(span));
    });
    return true;
  }

  /** Lowest minimum and highest maximum of all; undefined where there is no data. */
  extent(): ValueRange | undefined {
    return this.#lines.reduce<ValueRange | undefined>((range, columns) => unite(range, columns.extent()), undefined);
  }
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
