import { Command } from 'commander';
import { stringify } from 'smol-toml';
import { requireSecret } from '../http/secret-gate.ts';
import type { LoadedConfig } from '../load-config.ts';
import { readSettings } from './settings.ts';

/** Settings that are not shown; the address of a receiver often is one. */
const SECRETS = ['token', 'operator_secret', 'secret', 'password', 'private_key'];
const SECRET_PATHS = ['notify.webhooks.url'];

interface Options {
  readonly config?: string;
}

/** `fenestra config print` and `fenestra config check`. */
export function configCommand(): Command {
  const command = new Command('config').description('show or check the settings');

  command
    .command('print')
    .description('print the settings in force as TOML, each with where it comes from')
    .option('-c, --config <file>', 'settings file (default: fenestra.toml here, if there is one)')
    .action(({ config }: Options) => console.log(printConfig(readSettings(config))));

  command
    .command('check')
    .description('check the settings and name every bad field')
    .option('-c, --config <file>', 'settings file (default: fenestra.toml here, if there is one)')
    .action(({ config }: Options) => {
      const settings = readSettings(config);
      for (const variable of settings.unknown) console.log(`${variable} is not a setting`);
      requireSecret(settings.config.server);
      console.log('the settings are valid');
    });

  return command;
}

/**
 * The settings as TOML that reads back the same, except for secrets: they are
 * shown as a comment that only says that they are set.
 */
export function printConfig({ config, origins }: LoadedConfig): string {
  const { channels, ...sections } = config;
  const blocks = Object.entries(sections).flatMap(([name, keys]) => printTable([name], keys, origins));
  for (const [channel, keys] of Object.entries(channels)) {
    blocks.push(...printTable(['channels', channel], keys, origins));
  }
  return blocks.join('\n\n');
}

/** The table of a path, and those in it. */
function printTable(
  path: readonly string[],
  keys: object,
  origins: LoadedConfig['origins'],
  isOneOf = false,
): string[] {
  const entries = Object.entries(keys).filter(([, value]) => value !== undefined);
  const lines = entries
    .filter(([, value]) => tablesIn(value) === undefined)
    .map(([key, value]) => {
      const at = [...path, key].join('.');
      const origin = origins.get(at) ?? origins.get(path.join('.')) ?? 'default';
      const isSecret = SECRETS.includes(key) || SECRET_PATHS.includes(at);
      if (isSecret && value !== '') return `# ${key} is set and not shown # ${origin}`;
      return `${stringify({ [key]: value }).trim()} # ${origin}`;
    });
  const below = entries.flatMap(([key, value]) =>
    (tablesIn(value) ?? []).flatMap((table) => printTable([...path, key], table, origins, Array.isArray(value))),
  );
  const header = path.reduceRight<object>((inner, name) => ({ [name]: inner }), {});
  const name = stringify(header).trim().split('\n').at(-1)!;
  return [[isOneOf ? `[${name}]` : name, ...lines].join('\n'), ...below];
}

/** Undefined where it is a value. */
function tablesIn(value: unknown): object[] | undefined {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? [value] : undefined;
  return value.length > 0 && typeof value[0] === 'object' && !Array.isArray(value[0]) ? value : undefined;
}
