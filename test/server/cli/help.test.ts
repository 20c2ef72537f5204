import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../server/cli/program.ts';

const COMMANDS = all(await createProgram('1.2.3'));

describe('--help', () => {
  it.each(COMMANDS.map((command) => [command.name(), command] as const))(
    'of %s says what the command and each of its options do',
    (name, command) => {
      let text = '';
      command.configureOutput({ writeOut: (some) => (text += some) }).outputHelp();

      expect(text).toContain(`${name} `);
      expect(text).toContain(command.description().split(' ')[0]);
      for (const { flags, description } of command.options) {
        expect(description, flags).not.toBe('');
        expect(text).toContain(flags);
      }
    },
  );
});

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}
