import type { ClassSeverity } from '../../server/wire/diagnoses.ts';
import type { Locale } from '../locale/locale.ts';
import type { DiagnosisLook, DiagnosisSpan } from '../store/diagnosis-span.ts';
import { spanName, spanSign } from './diagnosis-verdict.ts';
import type { LaneLook, LaneStretch } from './lane-picture.ts';

/** A span as a lane draws it. */
export function stretchOf(span: DiagnosisSpan, locale: Locale): LaneStretch {
  const { kind, fromMs, toMs, parts } = span;
  const shares = parts
    ?.filter((part) => severityOf(part) !== 'normal' && (part.kind === 'class' || part.kind === 'unknown'))
    .map((part) => ({ severity: severityOf(part), isUnsure: part.isUnsure, share: part.share }));
  const { isUnsure, isMixed } = span;
  const severity = severityOf(span);
  return {
    kind,
    fromMs,
    toMs,
    shares,
    severity,
    isUnsure,
    isMixed,
    name: spanName(span, locale),
    sign: spanSign(span),
  };
}

/** Undefined where nobody can say, nor suspects a fault. */
function severityOf({ kind, ofClass, isUnsure }: DiagnosisLook): ClassSeverity | undefined {
  const severity = kind === 'class' ? ofClass?.severity : undefined;
  return isUnsure && severity === 'normal' ? undefined : severity;
}

/** What the stylesheet says of an element. */
export function readLook(element: Element): LaneLook {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const fontPx = Number.parseFloat(style.fontSize);
  return {
    severities: {
      normal: token('--band'),
      low: token('--grade-low'),
      medium: token('--grade-medium'),
      high: token('--grade-high'),
      critical: token('--grade-critical'),
    },
    ink: token('--ink'),
    quiet: token('--ink-3'),
    line: token('--line'),
    font: `${fontPx}px ${style.fontFamily}`,
    fontPx,
    hairPx: Number.parseFloat(token('--hair')) || 1,
  };
}
