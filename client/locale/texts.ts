import { en, type Texts } from './en.ts';
import { ko } from './ko.ts';

export type Language = 'en' | 'ko';
export const LANGUAGES: readonly Language[] = ['en', 'ko'];

/** The one table of words. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en, ko };
