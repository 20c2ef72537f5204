import { enWall, type WallTexts } from './en-wall.ts';
import { koWall } from './ko-wall.ts';
import type { Language } from './texts.ts';

/** The table of words of walls. */
export const WALL_TEXTS: Readonly<Record<Language, WallTexts>> = { en: enWall, ko: koWall };
