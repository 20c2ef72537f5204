import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { KPI_GUIDES } from '../../server/wire/alarm-kpi.ts';
import { ALARM_PRIORITIES } from '../../server/wire/alarms.ts';
import type { DefinitionReply } from '../../server/wire/definition-replies.ts';
import { DEFINITION_TEXTS } from '../locale/definition-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { shared } from '../styles/shared.ts';
import './fen-alarm-symbol.ts';

/** How many alarms have which priority, beside what EEMUA 191 says of four priorities. */
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
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 1.5);
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
      return { priority, share: all === 0 ? 0 : count / all };
    });
    return html`
      <dl aria-label=${text.mix}>
        ${shares.map(({ priority, share }) => {
          const isLeast = priority === 'low';
          const guide = KPI_GUIDES.mix[priority];
          const isBeyond = !isLeast && share > guide;
          return html`
            <div class=${isBeyond ? 'beyond' : ''}>
              <dt>
                <fen-alarm-symbol quiet .priority=${priority} .state=${'acknowledged'}></fen-alarm-symbol>
                ${this.locale.text.alarmPriority[priority]}
              </dt>
              <dd><b>${this.locale.fixed(share * 100, share > 0 && share < 0.1 ? 1 : 0)} %</b> <small>${text.mixGuide(guide * 100, isLeast)}</small></dd>
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
