import type { Route } from '../components/route.ts';
import type { Locale } from '../locale/locale.ts';

/** What the browser calls a page. */
export function pageTitle(route: Route, { text }: Locale, labelOf: (channel: string) => string): string {
  return `${nameOf()} · Fenestra`;

  function nameOf(): string {
    switch (route.kind) {
      case 'control':
        return text.controlRoom;
      case 'channel':
        return labelOf(route.name);
      case 'captures':
      case 'capture':
        return text.captures;
      case 'system':
        return text.system;
      case 'unknown':
        return text.notFound;
    }
  }
}
