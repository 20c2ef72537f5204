import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALARM_PRIORITIES, type AlarmPriority } from '../../server/wire/alarms.ts';
import type { DefinitionReply } from '../../server/wire/definition-replies.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';

/** Per cent of all alarms that a priority should have at most; of the least, about: the guide of EEMUA 191 with four priorities. */
const GUIDE: Readonly<Record<AlarmPriority, number>> = { critical: 1, high: 5, medium: 15, low: 80 };

/** How many alarms have which priority, beside the guide. */
@customElement('fen-priority-mix')
export class FenPriorityMix extends LitElement {
  static override styles = [
    shared,
    css`
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--unit) * 2) calc(var(--unit) * 7);
      }
      dt {
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      dd {
        font-variant-numeric: tabular-nums;
      }
      small {
        font-size: var(--text-small);
        color: var(--ink-2);
      }
      .beyond b {
        border-bottom: calc(var(--hair) * 2) solid var(--ink);
      }
    `,
  ];

  @property({ attribute: false }) definitions: readonly DefinitionReply[] = [];
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const text = DEFINITION_TEXTS[this.locale.language];
    const all = this.definitions.reduce((sum, { alarms }) => sum + alarms, 0);
    const shares = ALARM_PRIORITIES.map((priority) => {
      const count = this.definitions.reduce((sum, one) => sum + (one.whole?.priority === priority ? one.alarms : 0), 0);
      return { priority, percent: all === 0 ? 0 : (100 * count) / all };
    });
    return html`
      <dl aria-label=${text.mix}>
        ${shares.map(({ priority, percent }, n) => {
          const isLeast = priority === 'low';
          const isBeyond = !isLeast && percent > GUIDE[priority];
          return html`
            <div class=${isBeyond ? 'beyond' : ''}>
              <dt>${n + 1} ${text.priorities[priority]}</dt>
              <dd><b>${percent.toFixed(0)} %</b> <small>${text.mixGuide(GUIDE[priority], isLeast)}</small></dd>
            </div>
          `;
        })}
      </dl>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-priority-mix': FenPriorityMix;
  }
}
