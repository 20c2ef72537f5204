import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import type { ChannelState } from '../store/channel-store.ts';
import type { Diagnoses } from '../store/diagnoses.ts';
import type { FleetState } from '../store/fleet-store.ts';
import type { LifeStore } from '../store/life-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { AlarmSpeech } from './alarm-speech.ts';
import { CONDITION_SIGN, conditionOf, countVerdicts, isAbnormal } from './condition.ts';
import { channelRemark } from './diagnosis-verdict.ts';
import { readablePace } from './readable-pace.ts';
import { channelPath } from './route.ts';

// More than these and the bar only counts.
const NAMED = 3;

interface Named {
  readonly name: string;
  readonly label: string;
  readonly sign: string | undefined;
  readonly word: string;
  /** It is in the list of alarms, which stands beside. */
  readonly isAlarm: boolean;
}

/** What is abnormal now, in one line of constant height: links to the first channels and how many more. */
@customElement('fen-fleet-summary')
export class FenFleetSummary extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: calc(var(--unit) * 2);
        min-width: 0;
        height: var(--target);
        color: var(--ink-2);
        white-space: nowrap;
      }
      b {
        color: var(--ink);
      }
      ul {
        display: var(--named);
        gap: calc(var(--unit) * 2);
        min-width: 0;
        margin-left: calc(var(--unit) * 2);
      }
      .more {
        display: var(--named);
      }
      li {
        min-width: 4em;
      }
      a {
        display: flex;
        align-items: center;
        max-width: 100%;
        min-height: var(--target);
        padding: 0 calc(var(--unit) * 2.5);
        background: var(--panel);
        border: var(--hair) solid var(--ink);
        border-radius: var(--radius);
        color: var(--ink);
        text-decoration: none;
      }
      a > span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .unjudged {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      /* Running text, so that it needs two lines where its parts side by side need three. */
      @media (max-width: 699px) {
        :host {
          display: block;
          height: auto;
          white-space: normal;
          line-height: 1.2;
        }
      }
    `,
  ];

  @property({ attribute: false }) fleet!: FleetState;
  @property({ attribute: false }) diagnoses!: Diagnoses;
  @property({ attribute: false }) speech!: AlarmSpeech;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;
  /** Said at the end, such as which part of the channels is shown. */
  @property({ attribute: false }) note = '';

  constructor() {
    super();
    new StoreController(this, () => this.life, readablePace);
  }

  override render() {
    const { fleet, locale } = this;
    const { text } = locale;
    const count = fleet.channels.length;
    if (count === 0) return nothing;

    const abnormal = fleet.channels.flatMap((channel) => this.abnormal(channel) ?? []);
    const isSilent = this.life.value.liveness === 'silent'; // then all are stale, and no name says more than another
    return html`
      <span>${text.channels(locale.count(count))}</span>
      <span aria-hidden="true">·</span>
      ${
        abnormal.length === 0
          ? this.renderUnjudged()
          : html`<b>${text.abnormal(locale.count(abnormal.length))}</b>${isSilent ? nothing : this.renderNames(abnormal.filter(({ isAlarm }) => !isAlarm))}`
      }
      ${this.note === '' ? nothing : html`<span aria-hidden="true">·</span><span>${this.note}</span>`}
    `;
  }

  /** The all-clear, or why there is none though nothing is abnormal. */
  private renderUnjudged() {
    const { fleet, locale } = this;
    const { text } = locale;
    const { unjudged, behind, waiting } = countVerdicts(fleet.channels.map(({ value }) => value));
    const suspected = fleet.channels.filter(({ value }) => this.remark(value)?.kind === 'suspicion').length;
    if (suspected + unjudged + behind + waiting === 0) return html`<span>${text.allNormal}</span>`;
    const parts = [
      text.abnormal(locale.count(0)),
      ...(suspected > 0 ? [text.suspected(locale.count(suspected))] : []),
      ...(unjudged > 0 ? [text.withoutRange(locale.count(unjudged))] : []),
      ...(behind > 0 ? [text.catchingUp(locale.count(behind))] : []),
      ...(waiting > 0 ? [text.waitingCount(locale.count(waiting))] : []),
    ];
    return html`<span class="unjudged">${parts.join(' · ')}</span>`;
  }

  /** Undefined where it is not: neither by an alarm, nor its value, nor what a model makes of it. */
  private abnormal({ value }: FleetState['channels'][number]): Named | undefined {
    const { name, label } = value.channel;
    const alarm = this.speech.alarms.value.ofChannel.get(name);
    if (alarm) return { name, label, sign: undefined, word: '', isAlarm: true };
    const condition = conditionOf(value);
    if (isAbnormal(condition))
      return { name, label, sign: CONDITION_SIGN[condition], word: this.locale.text[condition], isAlarm: false };
    const remark = this.remark(value);
    return remark?.kind === 'fault' ? { name, label, sign: undefined, word: remark.name, isAlarm: false } : undefined;
  }

  private remark(state: ChannelState) {
    return channelRemark(this.diagnoses.find(state.channel.name), state, this.locale);
  }

  private renderNames(abnormal: readonly Named[]) {
    const { text } = this.locale;
    const more = abnormal.length - NAMED;
    return html`
      <ul>
        ${abnormal.slice(0, NAMED).map(
          ({ name, label, sign, word }) => html`
            <li>
              <a href=${channelPath(name)} title=${label}>
                <span><b aria-hidden="true">${sign}</b> <bdi>${label}</bdi>: ${word}</span>
              </a>
            </li>
          `,
        )}
      </ul>
      ${more > 0 ? html`<span class="more">${text.more(this.locale.count(more))}</span>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-fleet-summary': FenFleetSummary;
  }
}
