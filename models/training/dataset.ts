/**
 * Labelled runs. `values` holds run after run, of each run row after row
 * (a row is the mean alone, or the minimum, the maximum and the mean), of each
 * row its points: runs × rows × length, f32, in memory that threads share.
 */
export interface Dataset {
  readonly values: Float32Array;
  readonly runs: number;
  readonly rows: number;
  readonly length: number;
  /** Of each run, the index into `classes`. */
  readonly labels: Int32Array;
  /** The labels as the source writes them, ascending: `0` … `6`. */
  readonly classes: readonly string[];
  /** Of each run, what must stay on one side of a split: the run of a device, a day. */
  readonly groups?: Int32Array;
  /** File name without its folder. */
  readonly source: string;
  /** Of the source's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Points of a run over all its rows. */
export function widthOf({ rows, length }: Pick<Dataset, 'rows' | 'length'>): number {
  return rows * length;
}

/** The runs at `indices`, in that order, in new memory. */
export function selectRuns(dataset: Dataset, indices: Int32Array): Dataset {
  const width = widthOf(dataset);
  const values = sharedFloats(indices.length * width);
  indices.forEach((run, i) => {
    values.set(dataset.values.subarray(run * width, (run + 1) * width), i * width);
  });
  const { groups } = dataset;
  return {
    ...dataset,
    values,
    runs: indices.length,
    labels: indices.map((run) => dataset.labels[run]),
    ...(groups && { groups: indices.map((run) => groups[run]) }),
  };
}

/** The same runs, with the classes that they have. */
export function dropEmptyClasses(dataset: Dataset): Dataset {
  const present = [...new Set(dataset.labels)].sort((a, b) => a - b);
  return {
    ...dataset,
    classes: present.map((label) => dataset.classes[label]!),
    labels: dataset.labels.map((label) => present.indexOf(label)),
  };
}

/** Zeros in memory that threads share. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
