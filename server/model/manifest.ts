import { z } from 'zod';
import { isOneLine } from './one-line.ts';

const OneLine = z.string().refine(isOneLine, 'must have no control characters');
const Name = OneLine.min(1).max(60);
const Text = z.strictObject({ en: Name, ko: Name });
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');

/** What a model and its folder are called. */
export const ModelName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z 0-9 -');

/** The figures of a window that a model can look at, in the order of its rows. */
export const ROW_FIGURES = ['min', 'max', 'mean'] as const;
export type RowFigure = (typeof ROW_FIGURES)[number];

/** A run begins with each window whose index in its stream is a multiple of `hop`, whatever the light does. */
const Sliding = z.strictObject({ kind: z.literal('sliding'), hop: z.int().min(1).default(100) });

/**
 * A run begins where the plasma lights: point `before` of it is the last one
 * below `threshold`. An edge counts only after the mean has been below
 * `threshold - hysteresis` for `rearmPoints` points, one after the other. A
 * point that is flagged is no edge and ends a count, but disarms nothing. Of an
 * ignition while points are missing, the first point that came is the edge: the run
 * is incomplete, as it holds the missing one before. Runs may overlap.
 */
const Ignition = z.strictObject({
  kind: z.literal('ignition'),
  /** In the channel's unit, of a window's mean. */
  threshold: z.number(),
  hysteresis: z.number().min(0),
  before: z.int().min(0).default(0),
  rearmPoints: z.int().min(1).default(1),
});

/**
 * A run begins with window 0 of a stream. The device protocol has no mark of
 * its own: a device that opens a new stream when its plasma is to start gives
 * one, so that a late ignition is seen as late.
 */
const Mark = z.strictObject({ kind: z.literal('mark') });

export const Alignment = z.discriminatedUnion('kind', [Sliding, Ignition, Mark]);
export type Alignment = z.output<typeof Alignment>;

/** Shapes that tell severities apart without colour. */
export const CLASS_SYMBOLS = ['circle', 'triangle', 'diamond', 'square', 'cross', 'wave', 'step', 'bolt'] as const;
export const CLASS_SEVERITIES = ['normal', 'low', 'medium', 'high', 'critical'] as const;

/** What runs are of, and how that is shown. */
export const RunClass = z.strictObject({
  /** As in the training table: `0` … `6`. */
  label: OneLine.min(1).max(40),
  name: Text,
  severity: z.enum(CLASS_SEVERITIES),
  symbol: z.enum(CLASS_SYMBOLS),
});
export type RunClass = z.output<typeof RunClass>;

/** How far a class may weigh less or more than another. */
const WEIGHT_LIMIT = 1e6;

export const ModelClass = RunClass.extend({
  /** The class that is told is the one with the greatest f32(probability × weight), the first of equals. */
  weight: z
    .number()
    .min(1 / WEIGHT_LIMIT)
    .max(WEIGHT_LIMIT)
    .default(1),
});
export type ModelClass = z.output<typeof ModelClass>;

export const ModelInput = z
  .strictObject({
    /** Name of the graph's input. */
    name: OneLine.min(1).default('trend'),
    /** `rows`: [batch, rows, length]; `flat`: [batch, rows × length], as scikit-learn writes it. f32. */
    layout: z.enum(['rows', 'flat']).default('rows'),
    rows: z.array(z.enum(ROW_FIGURES)).min(1).max(ROW_FIGURES.length),
    /** Trend points of a run. */
    length: z.int().min(2).max(10_000),
    /** Trend points a second of channels that it is made for. */
    pointsPerSecond: z.number().positive(),
    /** Unit of the channels that it is made for. */
    unit: OneLine.max(16),
    alignment: Alignment,
  })
  .refine((input) => new Set(input.rows).size === input.rows.length, { path: ['rows'], message: 'must not repeat' })
  .refine(({ alignment, length }) => alignment.kind !== 'ignition' || alignment.before <= length - 2, {
    path: ['alignment', 'before'],
    message: 'must leave the edge inside the run',
  });
export type ModelInput = z.output<typeof ModelInput>;

const Outputs = z.strictObject({
  /** f32 [batch, classes]; rows add up to 1. */
  probabilities: OneLine.min(1).default('probabilities'),
  /** f32 [batch]: how strange a run is; above the threshold the answer is *unknown*. A model without it never says so. */
  unknown: OneLine.min(1).optional(),
});

/** What a model's folder says of its `model.onnx`: `manifest.json`. */
export const ModelManifest = z
  .strictObject({
    format: z.literal(1),
    name: ModelName,
    /** Which one of that name: told with every diagnosis. */
    version: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'must be 1 to 40 of A-Z a-z 0-9 . _ -'),
    /** Of `model.onnx`. */
    sha256: Sha256,
    input: ModelInput,
    outputs: Outputs,
    /** In the order of the probabilities; the first is what is normal. Others may be of severity normal too: what else is no fault. */
    classes: z.array(ModelClass).min(2).max(64),
    thresholds: z.strictObject({
      /** Of the unknown score. */
      unknown: z.number().optional(),
      /** A class with less probability is shown as unsure. */
      confidence: z.number().min(0).max(1).default(0.5),
    }),
    /** What it was trained on. */
    data: z.strictObject({ source: OneLine.max(200), sha256: Sha256, runs: z.int().min(1) }),
    /** On runs that it was not trained on. */
    metrics: z.record(OneLine, z.number()),
    /** How it was made: learner, its parameters, seed, versions; `live: false` where it takes more than a live model should. */
    training: z.record(OneLine, z.union([OneLine, z.number(), z.boolean()])),
  })
  .refine((m) => new Set(m.classes.map(({ label }) => label)).size === m.classes.length, {
    path: ['classes'],
    message: 'must have different labels',
  })
  // Also asked where there are no classes, which is told already.
  .refine(({ classes }) => classes.length === 0 || classes[0].severity === 'normal', {
    path: ['classes', 0, 'severity'],
    message: 'must be normal: the first class is what is normal',
  })
  .refine((m) => m.outputs.unknown === undefined || m.thresholds.unknown !== undefined, {
    path: ['thresholds', 'unknown'],
    message: 'must be given where the model has an unknown score',
  });
export type ModelManifest = z.output<typeof ModelManifest>;
