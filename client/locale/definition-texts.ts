import { type DefinitionTexts, enDefinitions } from './en-definitions.ts';
import { koDefinitions } from './ko-definitions.ts';
import type { Language } from './texts.ts';

/** The table of words of the page of alarm definitions. */
export const DEFINITION_TEXTS: Readonly<Record<Language, DefinitionTexts>> = { en: enDefinitions, ko: koDefinitions };
