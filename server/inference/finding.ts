import { AppError } from '../base/errors.ts';
import { toOneLine } from '../model/one-line.ts';

/** What one check of a model came to. */
export interface Finding {
  /** What was looked at: `files`, `manifest`, `sha256`, `live`, `card`, `report`, `examples`, `graph`, `input`, `outputs`, `runs`, `time`. */
  readonly check: string;
  readonly isFit: boolean;
  /** Nothing is wrong, but a person should know. */
  readonly isNote?: true;
  /** What was found, and where it is wrong what was expected: one line, whatever the files say. */
  readonly message: string;
}

export function passed(check: string, message: string): Finding {
  return { check, isFit: true, message: toOneLine(message) };
}

export function noted(check: string, message: string): Finding {
  return { check, isFit: true, isNote: true, message: toOneLine(message) };
}

export function failed(check: string, message: string): Finding {
  return { check, isFit: false, message: toOneLine(message) };
}

/** What makes a model unfit, in one line. */
export function unfitness(findings: readonly Finding[]): string {
  return findings
    .filter(({ isFit }) => !isFit)
    .map(({ check, message }) => `${check}: ${message}`)
    .join('; ');
}

/** The failure of a swap. */
export function unfit(name: string, reason: string, findings: readonly Finding[]): AppError {
  return new AppError('MODEL_UNFIT', `the model ${name} is not used: ${reason}`, { details: findings });
}

const SHOWN_CHARACTERS = 80;

/** A value of JSON as a message shows it, cut where it is long; in words where it is nested too deeply to be written. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    return 'a value that is nested too deeply';
  }
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
