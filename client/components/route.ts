/** Which page an address stands for. */
export type Route =
  | { readonly kind: 'control' }
  | { readonly kind: 'channel'; readonly name: string }
  | { readonly kind: 'system' }
  | { readonly kind: 'unknown'; readonly path: string };

const CHANNEL_PATH = /^\/channels\/([^/]+)\/?$/;

/** Reads the path of an address, such as `/channels/pmt-1`. */
export function parseRoute(path: string): Route {
  if (path === '/' || path === '/channels' || path === '/channels/') return { kind: 'control' };
  if (path === '/system' || path === '/system/') return { kind: 'system' };
  const encoded = CHANNEL_PATH.exec(path)?.[1];
  const name = encoded === undefined ? undefined : decode(encoded);
  return name === undefined ? { kind: 'unknown', path } : { kind: 'channel', name };
}

/** The path of a channel's page. */
export function channelPath(name: string): string {
  return `/channels/${encodeURIComponent(name)}`;
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined; // a broken escape: no channel is called so
  }
}
