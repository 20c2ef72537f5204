#!/usr/bin/env node
import { AppError } from '../base/errors.ts';
import { toOneLine } from '../model/one-line.ts';
import { createProgram } from './program.ts';
import { readVersion } from './version.ts';

try {
  await (await createProgram(readVersion(), process.argv[2])).parseAsync();
} catch (error) {
  // An expected failure is a sentence, which may hold words of a file; a bug is told whole.
  console.error(error instanceof AppError ? `fenestra: ${error.message.split('\n').map(toOneLine).join('\n')}` : error);
  process.exitCode = 1;
}
