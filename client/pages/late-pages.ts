import type { Route } from '../components/route.ts';
import { LatePage, type PageLoader } from './late-page.ts';

const TAGS = {
  channel: 'fen-channel-page',
  captures: 'fen-captures-page',
  capture: 'fen-capture-page',
  models: 'fen-models-page',
  journal: 'fen-journal-page',
  kpi: 'fen-kpi-page',
  system: 'fen-system-page',
  'alarm-settings': 'fen-alarm-settings-page',
  boards: 'fen-board-page',
} as const;

/** Where the scripts are had from of the pages that are not part of the first one. */
export type PageLoaders = Readonly<Record<keyof typeof TAGS, PageLoader>>;

/** The pages that are not part of the first script. */
export class LatePages {
  readonly #pages: ReadonlyMap<string, LatePage>;

  /** `onChange` is called when one is there, and whenever one could not be had. */
  constructor(loaders: () => PageLoaders, onChange: () => void) {
    const kinds = Object.keys(TAGS) as (keyof typeof TAGS)[];
    this.#pages = new Map(kinds.map((kind) => [kind, new LatePage(TAGS[kind], () => loaders()[kind], onChange)]));
  }

  /** The page of a route where its script is still on its way. */
  awaited({ kind }: Route): LatePage | undefined {
    const page = this.#pages.get(kind);
    return page?.isThere ? undefined : page;
  }
}
