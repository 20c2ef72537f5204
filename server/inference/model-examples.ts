import { z } from 'zod';

/** Runs that show what a class looks like: `examples.json` of a model's folder. */
export const ModelExamples = z.strictObject({
  format: z.literal(1),
  /** As many as in the manifest. */
  rows: z.int().min(1),
  length: z.int().min(1),
  classes: z.array(
    z.strictObject({
      label: z.string(),
      /** The most typical first; row after row. */
      runs: z.array(z.array(z.number())),
    }),
  ),
});
export type ModelExamples = z.output<typeof ModelExamples>;
