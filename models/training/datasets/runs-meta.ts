import { z } from 'zod';
import { ModelInput, RunClass } from '../../../server/model/manifest.ts';

/** What a table of runs does not say of itself: `runs.csv.json` beside `runs.csv`. */
export const RunsMeta = z.strictObject({
  format: z.literal(1),
  /** As a model that is trained on them is to look at a channel. */
  input: ModelInput,
  /** What the labels mean; none where a person is to fill them in. */
  classes: z.array(RunClass).optional(),
  runs: z.int().min(0),
  /** Where they come from. */
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('plasma'), seed: z.string(), rateHz: z.number(), version: z.string() }),
    z.strictObject({ kind: z.literal('history'), channels: z.array(z.string()), version: z.string() }),
  ]),
});
export type RunsMeta = z.output<typeof RunsMeta>;

/** The name of the file that says it of the table `path`. */
export function metaPath(path: string): string {
  return `${path}.json`;
}
