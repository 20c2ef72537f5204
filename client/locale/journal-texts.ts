import { enJournal, type JournalTexts } from './en-journal.ts';
import { koJournal } from './ko-journal.ts';
import type { Language } from './texts.ts';

/** The table of words of the journal of alarms and of their figures. */
export const JOURNAL_TEXTS: Readonly<Record<Language, JournalTexts>> = { en: enJournal, ko: koJournal };
