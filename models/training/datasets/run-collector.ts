import { AppError } from '../../../server/base/errors.ts';
import { isOneLine } from '../../../server/model/one-line.ts';
import { type Dataset, sharedFloats } from '../dataset.ts';
import { LABEL_COLUMN, shown } from './columns.ts';

/** One run as a source has it; `where` names its line. */
export interface SourceRun {
  /** Valid until the next one is asked for. */
  readonly values: Float32Array;
  readonly label: string;
  readonly group?: string;
  readonly where: string;
}

export interface CollectorOptions {
  readonly source: string;
  readonly rows: number;
  readonly length: number;
  /** The labels that may be; any where it is left out. */
  readonly classes?: readonly string[];
}

/** Longest label, as in a manifest. */
const LABEL_CHARACTERS = 40;
/** Values of all runs, 1.6 GB; a larger source is refused. */
const MAX_VALUES = 400_000_000;
const BLOCK_RUNS = 256;

/** Takes the runs of a source one by one and makes a data set of them. Throws `FILE_INVALID`. */
export class RunCollector {
  readonly #options: CollectorOptions;
  readonly #width: number;
  readonly #blocks: Float32Array[] = [];
  readonly #labels: string[] = [];
  readonly #groups: number[] = [];
  readonly #groupNames = new Map<string, number>();
  #unlabelled = 0;
  #firstUnlabelled = '';

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#width = options.rows * options.length;
  }

  add({ values, label: text, group, where }: SourceRun): void {
    const { classes, source } = this.#options;
    const run = this.#labels.length;
    if ((run + 1) * this.#width > MAX_VALUES) {
      throw new AppError(
        'FILE_INVALID',
        `${source} has more than ${run} runs of ${this.#width} values, which is the most`,
      );
    }
    const label = toLabel(text);
    if (label === '') {
      this.#firstUnlabelled ||= where;
      this.#unlabelled++;
    } else if (classes !== undefined && !classes.includes(label)) {
      throw new AppError(
        'FILE_INVALID',
        `${where}, column "${LABEL_COLUMN}": the class ${shown(label)} is not known, expected one of ${classes.join(', ')}`,
      );
    } else if (!isOneLine(label)) {
      throw new AppError('FILE_INVALID', `${where}: the class ${shown(label)} has a control character`);
    } else if (label.length > LABEL_CHARACTERS) {
      throw new AppError(
        'FILE_INVALID',
        `${where}: the class ${shown(label)} is longer than ${LABEL_CHARACTERS} characters`,
      );
    }
    if (group?.trim() === '') {
      throw new AppError(
        'FILE_INVALID',
        `${where}: the group is blank, expected what no split may part; a run that belongs with no other is a group of its own`,
      );
    }
    if (run % BLOCK_RUNS === 0) this.#blocks.push(new Float32Array(BLOCK_RUNS * this.#width));
    this.#blocks.at(-1)!.set(values, (run % BLOCK_RUNS) * this.#width);
    this.#labels.push(label);
    if (group === undefined) return;
    if (!this.#groupNames.has(group)) this.#groupNames.set(group, this.#groupNames.size);
    this.#groups.push(this.#groupNames.get(group)!);
  }

  finish(sha256: string): Dataset {
    const { source, rows, length } = this.#options;
    const runs = this.#labels.length;
    if (runs === 0) throw new AppError('FILE_INVALID', `${source} has no runs`);
    if (this.#unlabelled > 0) {
      throw new AppError(
        'FILE_INVALID',
        `${source}: ${this.#unlabelled} of ${runs} runs are not labelled, the first in ${this.#firstUnlabelled}; fill the column ${LABEL_COLUMN}`,
      );
    }
    const classes = this.#options.classes ?? sortedLabels(new Set(this.#labels));
    const places = new Map(classes.map((label, place) => [label, place]));
    const values = sharedFloats(runs * this.#width);
    this.#blocks.forEach((block, i) => {
      const from = i * BLOCK_RUNS * this.#width;
      values.set(block.subarray(0, Math.min(block.length, values.length - from)), from);
    });
    return {
      values,
      runs,
      rows,
      length,
      labels: Int32Array.from(this.#labels, (label) => places.get(label)!),
      classes,
      ...(this.#groups.length > 0 && { groups: Int32Array.from(this.#groups) }),
      source,
      sha256,
    };
  }
}

// Tools that hold whole numbers as floats write 3 as 3.0.
function toLabel(text: string): string {
  return text.trim().replace(/^(-?\d+)\.0+$/, '$1');
}

/** By their value where all are numbers, else by their characters. */
function sortedLabels(labels: Iterable<string>): string[] {
  const all = [...labels];
  const areNumbers = all.every((label) => Number.isFinite(Number(label)));
  return all.sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}
