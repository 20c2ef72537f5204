import { enKeys, type KeyTexts } from './en-keys.ts';
import { koKeys } from './ko-keys.ts';
import type { Language } from './texts.ts';

/** The table of words of the keys. */
export const KEY_TEXTS: Readonly<Record<Language, KeyTexts>> = { en: enKeys, ko: koKeys };
