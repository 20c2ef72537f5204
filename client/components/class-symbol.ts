import { html, svg } from 'lit';
import type { ClassSeverity, ClassSymbol, DiagnosisClass, DiagnosisOutcome } from '../../server/wire/diagnoses.ts';

/** A sign in a box of `SIGN_BOX`: an area, or a line along its path. */
export interface Sign {
  readonly path: string;
  readonly isLine: boolean;
}

export const SIGN_BOX = 16;
/** Width of a sign's line, and of its outline where it is not filled. */
export const SIGN_LINE = 2.4;
export const SIGN_OUTLINE = 1.6;

const area = (path: string): Sign => ({ path, isLine: false });
const line = (path: string): Sign => ({ path, isLine: true });

/** Of each class, as its model's manifest has it. */
export const CLASS_SIGNS: Readonly<Record<ClassSymbol, Sign>> = {
  circle: area('M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z'),
  triangle: area('M8 1.8L15 14H1z'),
  diamond: area('M8 1L15 8L8 15L1 8z'),
  square: area('M2.5 2.5h11v11h-11z'),
  bolt: area('M9.8 1L3 9.2h4L5.6 15L13 6.6H8.8z'),
  cross: line('M3 3l10 10M13 3L3 13'),
  wave: line('M1.5 8c2-7 4.3-7 6.5 0s4.5 7 6.5 0'),
  step: line('M1.5 12.5H7.5V3.5H14.5'),
};

/** Of an answer that names no class; undefined where there is one. */
export const OUTCOME_SIGNS: Readonly<Record<DiagnosisOutcome['kind'] | 'none', Sign | undefined>> = {
  class: undefined,
  unknown: line('M5 5.6a3 3 0 1 1 4.6 2.5C8.5 8.8 8 9.4 8 10.8M8 13.6v.2'),
  incomplete: line('M1.5 8h4M10.5 8h4'),
  unavailable: line('M3.8 12.2L12.2 3.8M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z'),
  dropped: line('M2.5 8h11'),
  none: line('M3 8h.1M8 8h.1M13 8h.1'),
};

/** The sign of a class, as high as the text around it: an outline, filled where it is abnormal and sure. Named by the words beside it. */
export function classSymbol({ symbol, severity }: Pick<DiagnosisClass, 'symbol' | 'severity'>, isUnsure = false) {
  const { path, isLine } = CLASS_SIGNS[symbol];
  const fill = severity === 'normal' || isUnsure || isLine ? 'none' : 'currentColor';
  return html`<svg
    viewBox="0 0 ${SIGN_BOX} ${SIGN_BOX}"
    width="1em"
    height="1em"
    fill=${fill}
    stroke="currentColor"
    stroke-width=${isLine ? SIGN_LINE : SIGN_OUTLINE}
    stroke-linejoin="round"
    stroke-linecap="round"
    aria-hidden="true"
  >${svg`<path d=${path} />`}</svg>`;
}

/** A sign, in its colour where it is grave; filled, or of a thick line, where it is sure. */
export function renderSign({ path, isLine }: Sign, severity: ClassSeverity | undefined, isUnsure = false) {
  const isFilled = severity !== undefined && !isUnsure && !isLine;
  return html`
    <svg class="${severity ?? ''} ${isFilled ? 'filled' : ''}" viewBox="0 0 ${SIGN_BOX} ${SIGN_BOX}" aria-hidden="true">
      ${svg`<path d=${path} stroke-width=${isLine && !isUnsure ? SIGN_LINE : SIGN_OUTLINE} />`}
    </svg>
  `;
}
