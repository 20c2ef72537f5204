import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from './settings.ts';

export interface StorageFlags {
  readonly config?: string;
  readonly storage?: string;
}

/** Adds what tells a command which storage directory is meant. */
export function addStorageOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'settings file (default: fenestra.toml here, if there is one)')
    .option('--storage <folder>', 'the storage directory, instead of that of the settings');
}

/** The storage directory that is meant, as a whole path. */
export function storageDirectory({ config, storage }: StorageFlags): string {
  return resolve(storage ?? readSettings(config).config.storage.directory);
}
