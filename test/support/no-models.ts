import { AppError } from '../../server/base/errors.ts';
import type { ModelSource } from '../../server/http/model-source.ts';
import { fakeSource } from './system-source.ts';

/** Models of a server that has none, for tests of other things. */
export function noModels(): ModelSource {
  const none = async () => {
    throw new AppError('MODEL_UNKNOWN', 'there are none');
  };
  return {
    list: async () => {
      const { models: _, channels: __, ...inference } = fakeSource().diagnosis();
      return { models: [], inference };
    },
    manifest: none,
    report: none,
    card: none,
    examples: none,
    graph: none,
    swap: none,
    rollBack: none,
    compare: () => ({ compared: 0, different: 0, greatest: 0 }),
  };
}
