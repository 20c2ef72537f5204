// What the hub says of diagnoses, as JSON text among its other events.

import type { ModelFault } from './model-fault.ts';
import type { ModelClassReply } from './models.ts';

export type DiagnosisClass = ModelClassReply;

/** How grave a class is, the quietest first. */
export type ClassSeverity = DiagnosisClass['severity'];

/** Shapes that tell classes apart without colour. */
export type ClassSymbol = DiagnosisClass['symbol'];

/** What the folder of a model says of it. */
export interface ModelAbout {
  readonly version: string;
  /** Trend points of a run. */
  readonly points: number;
  /** Of channels that it is made for; an empty unit is any. */
  readonly pointsPerSecond: number;
  readonly unit: string;
  /** Points from one run to the next; left out where a run begins by an ignition or a mark. */
  readonly hop?: number;
  /** In the order of the probabilities; the first is normal. */
  readonly classes: readonly DiagnosisClass[];
  readonly thresholds: {
    /** Of the unknown score; left out where the model never says so. */
    readonly unknown?: number;
    /** A class with less probability is unsure. */
    readonly confidence: number;
  };
}

export interface DiagnosisModel {
  readonly name: string;
  /** Only of one that is `ready` can anything but *unavailable* come. */
  readonly state: 'loading' | 'ready' | 'stopped' | 'quarantined' | 'unfit';
  /** Why it is not used, or was cut off last, in words. */
  readonly reason?: string;
  /** The same as a code; left out where the words are the runtime's, or of a check that the folder did not pass. */
  readonly fault?: ModelFault;
  /** Left out before its folder was read, and where that could not be. */
  readonly about?: ModelAbout;
}

/** Every model that channels name, whole: after the welcome, and when one is another one now. Not sent where no channel names one. */
export interface Models {
  readonly type: 'models';
  readonly models: readonly DiagnosisModel[];
}

/** What a model made of a run. */
export interface ClassAnswer {
  /** Of the class that is told, by probability times weight; also where it is not believed. */
  readonly index: number;
  readonly label: string;
  /** Its probability. */
  readonly confidence: number;
  /** Of each class. */
  readonly probabilities: readonly number[];
  /** How strange the run is; left out where the model does not say. */
  readonly unknownScore?: number;
}

/** Points of a run that is not looked at: so many never came, are flagged, or have no finite sample; and whether its stream ended in it. */
export interface RunLack {
  readonly missing: number;
  readonly flagged: number;
  readonly empty: number;
  readonly isEnded: boolean;
}

export type DiagnosisOutcome =
  | ({ readonly kind: 'class' } & ClassAnswer)
  /** The run is none of the classes: its score is beyond the threshold of the model. */
  | ({ readonly kind: 'unknown' } & ClassAnswer)
  /** Points are missing or flagged, so nobody guesses. */
  | { readonly kind: 'incomplete'; readonly reason: string; readonly lack?: RunLack }
  /** No model could look at it. Words of the runtime have no code. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fault?: ModelFault }
  /** So many runs waited that this one was left out. */
  | { readonly kind: 'dropped' };

/** One run of a channel, and what it came to. */
export interface RunDiagnosis {
  readonly channel: string;
  readonly stream: string;
  /** Index of the run's first window in its stream. */
  readonly first: number;
  /** Windows of the run. */
  readonly points: number;
  /** Sample clock, ns since 1970 UTC, decimal. */
  readonly fromNs: string;
  readonly toNs: string;
  readonly model: string;
  readonly version: string;
  readonly outcome: DiagnosisOutcome;
  /** From the arrival of its last sample to the answer. */
  readonly latencyMs: number;
}

/** As it is told: since when every run of the channel has come to the same, by the same model. ns since 1970 UTC, decimal. */
export interface ToldDiagnosis extends RunDiagnosis {
  readonly sinceNs: string;
}

/** The newest of channels of the subscription: of all after it was made, then of those of which there is a newer one. */
export interface Diagnoses {
  readonly type: 'diagnoses';
  readonly diagnoses: readonly ToldDiagnosis[];
}
