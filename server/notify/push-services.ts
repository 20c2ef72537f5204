import { AppError } from '../base/errors.ts';

/** A host, all below one, or an address, with or without a port. */
export const SERVICE = /^(?:(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** Which of the settings' `services` an endpoint is of. Throws `REQUEST_INVALID` where it is of none, or not by https. */
export function serviceOf(endpoint: string, services: readonly string[]): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  const service = isPlain ? services.find((one) => isOf(url.host, one)) : undefined;
  if (service !== undefined) return service;
  const found = url === undefined ? 'no address' : `${url.protocol}//${url.host}`;
  throw new AppError(
    'REQUEST_INVALID',
    `the push service is ${found.slice(0, 200)}, expected https of ${services.join(', ')} (notify.push.services)`,
  );
}

function isOf(host: string, service: string): boolean {
  return service.startsWith('*.') ? host.endsWith(service.slice(1)) : host === service;
}
