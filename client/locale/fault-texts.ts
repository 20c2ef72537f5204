import { enFaults } from './en-faults.ts';
import { koFaults } from './ko-faults.ts';
import type { Language } from './texts.ts';

/** The table of words of what can be wrong with a model. */
export const FAULT_TEXTS: Readonly<Record<Language, typeof enFaults>> = { en: enFaults, ko: koFaults };
