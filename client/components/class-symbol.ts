import { html, svg } from 'lit';
import type { ModelClassReply } from '../../server/wire/models.ts';

// Drawn in a square of 16: shapes that differ at a glance, in one ink.
const SHAPES: Readonly<Record<ModelClassReply['symbol'], ReturnType<typeof svg>>> = {
  circle: svg`<circle cx="8" cy="8" r="5.5"/>`,
  triangle: svg`<path d="M8 2 14.5 13.5H1.5Z"/>`,
  diamond: svg`<path d="M8 1.5 14.5 8 8 14.5 1.5 8Z"/>`,
  square: svg`<path d="M3 3H13V13H3Z"/>`,
  cross: svg`<path d="M3 3 13 13M13 3 3 13"/>`,
  wave: svg`<path d="M1.5 8C3.5 1.5 6 1.5 8 8S12.5 14.5 14.5 8"/>`,
  step: svg`<path d="M1.5 12.5H8V4H14.5"/>`,
  bolt: svg`<path d="M9.5 1.5 4 9H8L6.5 14.5 12 7H8Z"/>`,
};
// What is a line is not filled where the class is grave.
const LINES: readonly ModelClassReply['symbol'][] = ['cross', 'wave', 'step'];

/** The shape of a class, as high as the text around it: an outline, filled where it is abnormal. Named by the words beside it. */
export function classSymbol({ symbol, severity }: Pick<ModelClassReply, 'symbol' | 'severity'>) {
  const fill = severity === 'normal' || LINES.includes(symbol) ? 'none' : 'currentColor';
  return html`<svg
    viewBox="0 0 16 16"
    width="1em"
    height="1em"
    fill=${fill}
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linejoin="round"
    stroke-linecap="round"
    aria-hidden="true"
  >${SHAPES[symbol]}</svg>`;
}
