import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { addressBytes } from '../base/ip-address.ts';
import { writeWhole } from '../base/whole-file.ts';
import { makeCertificate } from './make-certificate.ts';
import { bracketed, ownAddresses } from './own-addresses.ts';

interface Options {
  readonly host: readonly string[];
  readonly output: string;
  readonly force?: boolean;
}

const DAY_MS = 86_400_000;
/** iPhones take none that is longer than 825 days. */
const DAYS = 820;
const OWNER_ONLY = 0o600;
const FILES = { authority: 'fenestra-ca.crt', certificate: 'server.crt', key: 'server.key' } as const;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const DNS_NAME = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** `fenestra cert` */
export function certCommand(): Command {
  return new Command('cert')
    .description('make a certificate for https, to try it: phones ask for one')
    .option('--host <name...>', 'further names and addresses of this server, besides those of this machine', [])
    .option('-o, --output <folder>', 'where to put it', 'fenestra-cert')
    .option('--force', 'replace what is there')
    .action(async (options: Options) => console.log(await makeFiles(options)));
}

/** Writes the files and returns what to do with them. Throws `FILE_INVALID`. */
async function makeFiles({ host, output, force = false }: Options): Promise<string> {
  const folder = resolve(output);
  const paths = {
    authority: join(folder, FILES.authority),
    certificate: join(folder, FILES.certificate),
    key: join(folder, FILES.key),
  };
  const there = Object.values(paths).filter((path) => existsSync(path));
  if (there.length > 0 && !force)
    throw new AppError(
      'FILE_INVALID',
      `${there.join(', ')} ${there.length > 1 ? 'are' : 'is'} there already; --force replaces`,
    );

  const names = [...host.map(checkedHost), ...ownHosts()];
  const hosts = [...new Set([...names, ...LOOPBACK])];
  const nowMs = systemClock.nowMs();
  const made = makeCertificate({
    hosts,
    authority: `Fenestra at ${names[0] ?? 'localhost'}, ${new Date(nowMs).toISOString().slice(0, 10)}`,
    fromMs: nowMs - DAY_MS, // clocks of phones may be behind
    untilMs: nowMs + DAYS * DAY_MS,
  });
  try {
    await mkdir(folder, { recursive: true });
    await writeWhole(paths.authority, made.authority);
    await writeWhole(paths.certificate, made.certificate);
    await writeWhole(paths.key, made.key, OWNER_ONLY);
  } catch (error) {
    throw new AppError('FILE_INVALID', `cannot write to ${folder}: ${(error as Error).message}`, { cause: error });
  }
  return steps(paths, hosts);
}

function checkedHost(text: string): string {
  const host = addressBytes(text) ? text : domainToASCII(text.toLowerCase());
  if (addressBytes(host) || (host.length <= 253 && DNS_NAME.test(host))) return host;
  throw new AppError(
    'FILE_INVALID',
    `--host is ${JSON.stringify(text)}, expected a name such as plant.example or an address`,
  );
}

// What others on the network call this machine.
function ownHosts(): string[] {
  const name = hostname().toLowerCase();
  return [...ownAddresses(), ...(DNS_NAME.test(name) ? [name] : [])];
}

function steps(paths: Readonly<Record<keyof typeof FILES, string>>, hosts: readonly string[]): string {
  const names = hosts.filter((host) => !addressBytes(host) && host !== 'localhost');
  return `Made for ${hosts.join(', ')}, for ${DAYS} days:

  ${paths.authority}  what phones and computers are to trust
  ${paths.certificate}  the certificate of the server
  ${paths.key}  its key, for nobody else

1. Tell the server, in fenestra.toml, and start it:

     [server]
     host = "0.0.0.0"
     operator_secret = "…"   # 12 characters or more
     tls_certificate = ${JSON.stringify(paths.certificate)}
     tls_key = ${JSON.stringify(paths.key)}
     allowed_hosts = ${JSON.stringify(names)}

2. Bring ${FILES.authority} to each phone, by cable or mail, and trust it there:

     Android  Settings, Security, Encryption & credentials, Install a certificate, CA certificate: choose the file.
     iPhone   Open the file; Settings, General, VPN & Device Management: install the profile;
              then Settings, General, About, Certificate Trust Settings: switch it on.

3. Open https://${bracketed(hosts[0]!)}:8080/ there, with the port of the server.

The authority's key was used once and forgotten: nobody can make another certificate that those phones trust.
When you are done trying, take it off the phones.`;
}
