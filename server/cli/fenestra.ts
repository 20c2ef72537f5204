#!/usr/bin/env node
import { AppError } from '../base/errors.ts';
import { createProgram } from './program.ts';
import { readVersion } from './version.ts';

try {
  await (await createProgram(readVersion(), process.argv[2])).parseAsync();
} catch (error) {
  // An expected failure is one sentence; a bug is told whole.
  console.error(error instanceof AppError ? `fenestra: ${error.message}` : error);
  process.exitCode = 1;
}
