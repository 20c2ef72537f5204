import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlarmLine } from './alarm-groups.ts';
import { type LineLook, lineId, renderAlarmLine } from './alarm-line.ts';

/** Which lines of a list are rendered, and where. */
export interface RowsLook {
  readonly lines: readonly AlarmLine[];
  /** The first that is rendered, and the one after the last. */
  readonly rendered: readonly [first: number, end: number];
  /** Place of the line that has the keyboard; -1 where none has. */
  readonly at: number;
  /** Height of a line. */
  readonly rowPx: number;
  readonly label: string;
  /** What is said where there is no line. */
  readonly none: string;
  readonly lookOf: (line: AlarmLine) => Omit<LineLook, 'isActive' | 'index'>;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onScroll: () => void;
}

/** The lines of the list of alarms as a tree grid that scrolls, of which only those in view and some beside are there. */
export function renderAlarmRows(look: RowsLook): TemplateResult {
  const { lines, at, rowPx } = look;
  const [first, end] = look.rendered;
  return html`
    <div
      class="rows"
      role="treegrid"
      tabindex="0"
      aria-label=${look.label}
      aria-multiselectable="true"
      aria-rowcount=${Math.max(1, lines.length)}
      aria-activedescendant=${at >= first && at < end ? lineId(at) : nothing}
      @keydown=${look.onKey}
      @click=${look.onClick}
      @scroll=${look.onScroll}
    >
      ${lines.length === 0 ? html`<div class="empty" role="row"><span role="gridcell">${look.none}</span></div>` : nothing}
      <div class="space" role="presentation" .style=${`height: ${lines.length * rowPx}px`}>
        <div class="window" role="presentation" .style=${`transform: translateY(${first * rowPx}px)`}>
          ${repeat(
            lines.slice(first, end),
            ({ key }) => key,
            (line, i) => renderAlarmLine(line, { ...look.lookOf(line), isActive: first + i === at, index: first + i }),
          )}
        </div>
      </div>
    </div>
  `;
}
