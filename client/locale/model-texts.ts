import { enModels, type ModelTexts } from './en-models.ts';
import { koModels } from './ko-models.ts';
import type { Language } from './texts.ts';

/** The table of words of the page of models. */
export const MODEL_TEXTS: Readonly<Record<Language, ModelTexts>> = { en: enModels, ko: koModels };
