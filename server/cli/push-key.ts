import { Command } from 'commander';
import { makeVapidKey } from '../notify/vapid.ts';

/** `fenestra push-key` */
export function pushKeyCommand(): Command {
  return new Command('push-key')
    .description('make a key for notifications of phones, as settings to copy')
    .action(() => console.log(settingsOf(makeVapidKey())));
}

function settingsOf(key: string): string {
  return `# A secret. With another key every phone has to be switched on anew.
[notify.push]
private_key = "${key}"
contact = "mailto:you@example.org"   # whom push services may write to`;
}
