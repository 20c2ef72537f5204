import type { Route } from '../components/route.ts';
import type { Locale } from '../locale/locale.ts';

/** What a page is called. */
export function pageName(route: Route, { text }: Locale, labelOf: (channel: string) => string): string {
  switch (route.kind) {
    case 'control':
      return text.controlRoom;
    case 'channel':
      return labelOf(route.name);
    case 'captures':
    case 'capture':
      return text.captures;
    case 'boards':
      return text.boards;
    case 'alarm-settings':
      return text.alarmSettings;
    case 'models':
      return text.models;
    case 'journal':
      return text.alarmJournal;
    case 'kpi':
      return text.alarmFigures;
    case 'system':
      return text.system;
    case 'unknown':
      return text.notFound;
  }
}

/** Of a site that has a name of its own. */
export function siteName(name: string | undefined): string {
  return name === undefined || name === 'Fenestra' ? '' : name;
}
