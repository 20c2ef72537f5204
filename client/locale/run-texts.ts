import { enRun, type RunTexts } from './en-run.ts';
import { koRun } from './ko-run.ts';
import type { Language } from './texts.ts';

/** The table of words of a run that is looked at. */
export const RUN_TEXTS: Readonly<Record<Language, RunTexts>> = { en: enRun, ko: koRun };
