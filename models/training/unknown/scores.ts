import type { Scored, ScoredNames } from '../learners/learner.ts';
import type { GraphBuilder } from '../onnx/graph.ts';
import { addDistance, type Distance, scoreDistance } from './distance.ts';
import { addEnergy, scoreEnergy } from './energy.ts';
import { addResidual, type Residual, scoreResidual } from './residual.ts';

/** Of equally good ones the first is taken; it needs no probabilities to be sound. */
export const UNKNOWN_SCORES = ['distance', 'residual', 'energy'] as const;
export type UnknownKind = (typeof UNKNOWN_SCORES)[number];

/** The scores that are fitted to known runs. */
export interface FittedScores {
  readonly distance: Distance;
  readonly residual: Residual;
}

/** How strange runs are told. */
export type UnknownScore =
  | { readonly kind: 'energy' }
  | { readonly kind: 'distance'; readonly distance: Distance }
  | { readonly kind: 'residual'; readonly residual: Residual };

/** Of what is fitted, what a score takes. */
export function unknownScore(kind: UnknownKind, { distance, residual }: FittedScores): UnknownScore {
  switch (kind) {
    case 'energy':
      return { kind };
    case 'distance':
      return { kind, distance };
    case 'residual':
      return { kind, residual };
  }
}

/** How strange each run is; `logits` are runs × classes. */
export function scoreUnknown(
  score: UnknownScore,
  { features, details }: Scored,
  { logits, classes }: { readonly logits: Float32Array; readonly classes: number },
): Float32Array {
  switch (score.kind) {
    case 'energy':
      return scoreEnergy(logits, classes);
    case 'distance':
      return scoreDistance(score.distance, features);
    case 'residual':
      return scoreResidual(score.residual, details?.values ?? features);
  }
}

/** Adds how strange runs are to a graph; returns the name of f32 [batch]. */
export function addUnknown(
  graph: GraphBuilder,
  score: UnknownScore,
  { features, details, logits }: Omit<ScoredNames, 'scores'> & { readonly logits: string },
): string {
  switch (score.kind) {
    case 'energy':
      return addEnergy(graph, logits);
    case 'distance':
      return addDistance(graph, score.distance, features());
    case 'residual':
      return addResidual(graph, score.residual, details ?? features());
  }
}
