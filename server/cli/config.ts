import { Command } from 'commander';
import { stringify } from 'smol-toml';
import { requireSecret } from '../http/secret-gate.ts';
import type { LoadedConfig } from '../load-config.ts';
import { readSettings } from './settings.ts';

/** Settings that are not shown. */
const SECRETS = ['token', 'operator_secret'];

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
  const blocks = Object.entries(sections).map(([name, keys]) => printTable([name], keys, origins));
  for (const [channel, keys] of Object.entries(channels)) {
    blocks.push(printTable(['channels', channel], keys, origins));
  }
  return blocks.join('\n\n');
}

function printTable(path: readonly string[], keys: object, origins: LoadedConfig['origins']): string {
  const header = stringify(path.reduceRight<object>((inner, name) => ({ [name]: inner }), {})).trim();
  const lines = Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const origin = origins.get([...path, key].join('.')) ?? 'default';
      if (SECRETS.includes(key) && value !== '') return `# ${key} is set and not shown # ${origin}`;
      return `${stringify({ [key]: value }).trim()} # ${origin}`;
    });
  return [header.split('\n').at(-1), ...lines].join('\n');
}
