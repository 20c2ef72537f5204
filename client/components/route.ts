/** Which page an address stands for. */
export type Route =
  | { readonly kind: 'control' }
  | { readonly kind: 'channel'; readonly name: string }
  | { readonly kind: 'captures' }
  | { readonly kind: 'capture'; readonly id: string }
  | { readonly kind: 'models' }
  | { readonly kind: 'journal' }
  | { readonly kind: 'kpi' }
  | { readonly kind: 'alarm-settings' }
  | { readonly kind: 'boards' }
  | { readonly kind: 'system' }
  | { readonly kind: 'unknown'; readonly path: string };

const CAPTURE_PATH = /^\/captures\/([a-z0-9-]{1,64})\/?$/;
const CHANNEL_PATH = /^\/channels\/([^/]+)\/?$/;

/** Reads the path of an address, such as `/channels/pmt-1`. */
export function parseRoute(path: string): Route {
  if (path === '/' || path === '/channels' || path === '/channels/') return { kind: 'control' };
  if (path === '/system' || path === '/system/') return { kind: 'system' };
  if (path === '/models' || path === '/models/') return { kind: 'models' };
  if (path === '/alarms/settings' || path === '/alarms/settings/') return { kind: 'alarm-settings' };
  if (path === '/wall/edit' || path === '/wall/edit/') return { kind: 'boards' };
  if (path === '/captures' || path === '/captures/') return { kind: 'captures' };
  if (path === '/alarms/journal' || path === '/alarms/journal/') return { kind: 'journal' };
  if (path === '/alarms/kpi' || path === '/alarms/kpi/') return { kind: 'kpi' };
  const id = CAPTURE_PATH.exec(path)?.[1];
  if (id !== undefined) return { kind: 'capture', id };
  const encoded = CHANNEL_PATH.exec(path)?.[1];
  const name = encoded === undefined ? undefined : decode(encoded);
  return name === undefined ? { kind: 'unknown', path } : { kind: 'channel', name };
}

/** The path of a channel's page. */
export function channelPath(name: string): string {
  return `/channels/${encodeURIComponent(name)}`;
}

/** The path of the control room with an alarm in detail. */
export function alarmPath(tag: string): string {
  return `/?${new URLSearchParams({ alarm: tag })}`;
}

/** The path of a recording's page. */
export function captureHref(id: string): string {
  return `/captures/${encodeURIComponent(id)}`;
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // a broken escape: no channel is called so
  }
}
