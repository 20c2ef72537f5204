import { enPerson, type PersonTexts } from './en-person.ts';
import { koPerson } from './ko-person.ts';
import type { Language } from './texts.ts';

/** The table of words of who acts. */
export const PERSON_TEXTS: Readonly<Record<Language, PersonTexts>> = { en: enPerson, ko: koPerson };
