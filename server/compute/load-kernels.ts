import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../base/errors.ts';
import { bindKernels, compileKernels, createMemory, type KernelModule } from '../kernels/module.ts';

/**
 * Reads and compiles the kernels. They are bound once to try them, so that a
 * damaged build is told at the start and not by the first device. Throws
 * `KERNELS_INVALID`.
 */
export async function loadKernels(file: URL): Promise<KernelModule> {
  try {
    const module = await compileKernels(readFileSync(file));
    bindKernels(module, createMemory(1));
    return module;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `cannot use the kernels in ${fileURLToPath(file)} (make them anew with: npm run build): ${reason}`;
    throw new AppError('KERNELS_INVALID', message, { cause: error });
  }
}
