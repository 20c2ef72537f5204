import type { ModelFault } from '../../server/wire/model-fault.ts';
import { FAULT_TEXTS } from '../locale/fault-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';

interface Faulty {
  readonly reason?: string | undefined;
  readonly fault?: ModelFault | undefined;
}

/** Why a model gave no answer, or is not used: as it was told where that is free text, or of a newer server. */
export function faultWords({ reason = '', fault }: Faulty, { language }: Locale): string {
  const texts = FAULT_TEXTS[language];
  if (fault === undefined || !Object.hasOwn(texts, fault.code)) return toPlainText(reason);
  const { code, ...parts } = fault;
  return texts[code](Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, toPlainText(value)])));
}
