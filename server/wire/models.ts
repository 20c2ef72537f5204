import type { ModelFault } from './model-fault.ts';
import type { DiagnosisReply } from './rest.ts';

// What REST answers of models, as JSON: the manifest and the report are those
// of a model's folder, checked.

/** That a card may be written in. */
export const CARD_LANGUAGES = ['en', 'ko'] as const;
export type CardLanguage = (typeof CARD_LANGUAGES)[number];

/** `GET /api/models` */
export interface ModelsReply {
  /** Those that channels ask for, then the others of the models' directory, by name. */
  readonly models: readonly ModelReply[];
  readonly inference: InferenceReply;
}

/** How all models do together; counts are since the start. */
export type InferenceReply = Omit<DiagnosisReply, 'models' | 'channels'>;

export interface ModelReply {
  readonly name: string;
  /** `unused`: no channel asks for it, so nobody has tried it. */
  readonly state: DiagnosisReply['models'][number]['state'] | 'unused';
  /** Why it is not used, or was cut off last, in words. */
  readonly reason?: string | undefined;
  /** The same as a code; left out where the words are free text. */
  readonly fault?: ModelFault | undefined;
  /** Times that its thread was ended because a batch was over its time box. */
  readonly cuts: number;
  /** Those that ask for it. */
  readonly channels: readonly string[];
  /** Of the version in use, else of what lies in its folder; nothing where that cannot be read. */
  readonly version?: string | undefined;
  /** Of `model.onnx`. */
  readonly sha256?: string | undefined;
  readonly learner?: string | undefined;
  /** What it was trained on. */
  readonly data?: ModelManifestReply['data'] | undefined;
  /** On runs that it was not trained on. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** What a roll-back brings back. */
  readonly previousVersion?: string | undefined;
  /** What pages that diagnose by themselves had compared of the version in use; nothing before the first run. */
  readonly parity?: DiagnosisReply['models'][number]['parity'];
  /** Folders of the models' directory with a model of that name: what it can be swapped for. */
  readonly folders: readonly { readonly folder: string; readonly version: string }[];
}

/** `POST /api/models/NAME/swap` */
export interface ModelSwap {
  /** One of `folders`. */
  readonly folder: string;
}

export type ModelAlignment =
  | { readonly kind: 'sliding'; readonly hop: number }
  | {
      readonly kind: 'ignition';
      readonly threshold: number;
      readonly hysteresis: number;
      readonly before: number;
      readonly rearmPoints: number;
    }
  | { readonly kind: 'mark' };

export interface ModelClassReply {
  readonly label: string;
  readonly name: { readonly en: string; readonly ko: string };
  readonly severity: 'normal' | 'low' | 'medium' | 'high' | 'critical';
  readonly symbol: 'circle' | 'triangle' | 'diamond' | 'square' | 'cross' | 'wave' | 'step' | 'bolt';
}

/** `GET /api/models/NAME` */
export interface ModelManifestReply {
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly input: {
    readonly name: string;
    readonly layout: 'rows' | 'flat';
    readonly rows: readonly ('min' | 'max' | 'mean')[];
    readonly length: number;
    readonly pointsPerSecond: number;
    readonly unit: string;
    readonly alignment: ModelAlignment;
  };
  readonly outputs: { readonly probabilities: string; readonly unknown?: string | undefined };
  /** In the order of the probabilities; the first is normal. */
  readonly classes: readonly (ModelClassReply & {
    /** Of `decideClass`. */
    readonly weight: number;
  })[];
  readonly thresholds: { readonly unknown?: number | undefined; readonly confidence: number };
  readonly data: { readonly source: string; readonly sha256: string; readonly runs: number };
  readonly metrics: Readonly<Record<string, number>>;
  readonly training: Readonly<Record<string, string | number | boolean>>;
}

interface Source {
  readonly source: string;
  readonly sha256: string;
  readonly runs: number;
}

export interface ModelCandidateReply {
  readonly learner: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly scaling: string;
  readonly macroF1: number;
  readonly macroF1Spread: number;
  readonly accuracy: number;
  readonly logLoss: number;
  readonly seconds: number;
}

/** A learner that could not be fitted to the runs. */
export interface ModelOmissionReply {
  readonly learner: string;
  readonly because: 'too-many-runs' | 'too-few-points';
  readonly found: number;
  readonly limit: number;
}

/** `GET /api/models/NAME/report`: what is known of it is said in the schema of `report.json`. */
export interface ModelReportReply {
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly trainedAt: string;
  readonly seed: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly seconds: { readonly compare: number; readonly fit: number; readonly total: number };
  readonly data: {
    readonly train: Source;
    readonly test: Source & { readonly kind: 'held-out' | 'file' };
    readonly rows: readonly string[];
    readonly length: number;
    readonly classes: readonly { readonly label: string; readonly runs: number }[];
    readonly groups?: number | undefined;
  };
  readonly comparison: {
    readonly runs: number;
    readonly folds: number;
    readonly best: number;
    readonly candidates: readonly ModelCandidateReply[];
    readonly omitted: readonly ModelOmissionReply[];
  };
  readonly decision: {
    readonly exponent: number;
    readonly candidates: readonly { readonly exponent: number; readonly macroF1: number }[];
    readonly classes: readonly { readonly label: string; readonly weight: number }[];
  };
  readonly test: {
    readonly accuracy: number;
    readonly macroF1: number;
    readonly logLoss: number;
    readonly brier: number;
    readonly confusion: readonly (readonly number[])[];
    readonly classes: readonly {
      readonly label: string;
      readonly precision: number;
      readonly recall: number;
      readonly sureRecall?: number | undefined;
      readonly f1: number;
      readonly support: number;
    }[];
    readonly confidence?: number | undefined;
    readonly reliability: readonly {
      readonly from: number;
      readonly to: number;
      readonly runs: number;
      readonly confidence: number;
      readonly accuracy: number;
    }[];
    readonly calibrationError: number;
    readonly unweighted: { readonly accuracy: number; readonly macroF1: number };
    readonly uncalibrated: { readonly macroF1: number; readonly logLoss: number; readonly calibrationError: number };
  };
  readonly learningCurve: readonly { readonly runs: number; readonly macroF1: number; readonly accuracy: number }[];
  readonly unknown: {
    readonly score: 'energy' | 'distance' | 'residual';
    readonly threshold: number;
    readonly falseAlarms: number;
    readonly candidates: readonly {
      readonly score: 'energy' | 'distance' | 'residual';
      readonly auroc: number;
      readonly rejected: number;
      readonly classes: readonly { readonly label: string; readonly auroc: number; readonly rejected: number }[];
    }[];
  };
  readonly parity: {
    readonly runs: number;
    readonly within: number;
    readonly tolerance: number;
    readonly largestProbability: number;
    readonly largestUnknown: number;
    readonly exceptions: readonly {
      readonly run: number;
      readonly probability: number;
      readonly unknown: number;
      readonly isSameClass: boolean;
      readonly isSameUnknown?: boolean | undefined;
    }[];
  };
}

/** `GET /api/models/NAME/examples`: runs that stand for each class, row after row. */
export interface ModelExamplesReply {
  readonly format: 1;
  readonly rows: number;
  readonly length: number;
  readonly classes: readonly { readonly label: string; readonly runs: readonly (readonly number[])[] }[];
}
