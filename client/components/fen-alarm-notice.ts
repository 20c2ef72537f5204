import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ALARM_ACT_TEXTS } from '../locale/alarm-act-texts.ts';
import type { AlarmDesk, RefusedAction } from '../store/alarm-desk.ts';
import { StoreController } from '../store/store-controller.ts';
import { noticeStyle } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { wholeWords } from './alarm-refusal.ts';
import { type AlarmSpeech, alarmName } from './alarm-speech.ts';

// Of the alarms of one action.
const NAMED = 3;

/** Which actions about alarms were not done, and why, until that is read; and how many are still on their way. */
@customElement('fen-alarm-notice')
export class FenAlarmNotice extends LitElement {
  static override styles = [
    shared,
    noticeStyle,
    css`
      :host {
        left: var(--gutter);
      }
    `,
  ];

  @property({ attribute: false }) desk!: AlarmDesk;
  @property({ attribute: false }) speech!: AlarmSpeech;

  constructor() {
    super();
    new StoreController(this, () => this.desk);
  }

  override render() {
    const { actions, refused } = this.desk.value;
    const { locale } = this.speech;
    const queued = actions.filter(({ why }) => why !== undefined).length;
    const last = refused.at(-1);
    return html`
      <div role="status">
        ${queued > 0 ? html`<div class="news"><p>${locale.text.actionsQueued(locale.count(queued))}</p></div>` : nothing}
        ${last ? this.renderRefused(last) : nothing}
      </div>
    `;
  }

  private renderRefused({ action, results, whole }: RefusedAction) {
    const { locale } = this.speech;
    const { text } = locale;
    const count = whole ? action.alarms.length : results.length;
    return html`
      <div class="news">
        <p>
          <b>${text.notDone(text.actionName[action.action], locale.count(count))}</b>
          <span class="why">${whole ? html`<bdi>${wholeWords(whole, ALARM_ACT_TEXTS[locale.language])}</bdi>` : results.slice(0, NAMED).map((result) => this.renderWhy(result))}</span>
        </p>
        <button aria-label=${text.close} @click=${() => this.desk.dismiss(action.id)}><span aria-hidden="true">✕</span></button>
      </div>
    `;
  }

  private renderWhy({ tag, refusal, alarm }: RefusedAction['results'][number]) {
    const { speech } = this;
    const { refusal: words } = ALARM_ACT_TEXTS[speech.locale.language];
    const name = alarm ? alarmName(alarm, speech) : tag;
    return html`<bdi>${name}</bdi>: ${refusal === undefined ? '' : words[refusal]} `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-alarm-notice': FenAlarmNotice;
  }
}
