import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ClassSeverity } from '../../server/wire/diagnoses.ts';
import type { Texts } from '../locale/en.ts';
import type { Locale } from '../locale/locale.ts';
import type { ChannelStore } from '../store/channel-store.ts';
import { SEVERITY_LEVEL } from '../store/diagnosis-span.ts';
import type { DiagnosisStore } from '../store/diagnosis-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { severityInks } from '../styles/severity.ts';
import { shared } from '../styles/shared.ts';
import { renderSign, SIGN_BOX } from './class-symbol.ts';
import { remarkOf, verdictOf } from './diagnosis-verdict.ts';
import { readablePace } from './readable-pace.ts';
import { RunOpenEvent } from './run-open.ts';

const LEVELS = [1, 2, 3, 4];
// Inside the newest run, not at its end, where the next may speak.
const INSIDE_MS = 1;

/**
 * What a model makes of a channel: class, how sure, how long. All of it is grey,
 * for it is no alarm; what is grave has a filled sign and bars, one to four;
 * what is only suspected has them hollow. Takes one line, whatever it says.
 */
@customElement('fen-diagnosis')
export class FenDiagnosis extends LitElement {
  static override styles = [
    shared,
    severityInks,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      /* One line: what has no room in it is out of sight, the class and how sure it is last. */
      .said {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        column-gap: 0.6em;
        height: 1.3em;
        overflow: hidden;
      }
      .said::before {
        content: "";
        height: 1.3em;
        margin-right: -0.6em;
      }
      .said,
      .main {
        line-height: 1.3;
        white-space: nowrap;
        color: var(--ink-2);
      }
      .main {
        display: flex;
        align-items: center;
        gap: 0.45em;
        min-width: 0;
        max-width: 100%;
        margin-right: auto;
      }
      .said:not(.grave) > * {
        font-size: min(1em, var(--text-name));
      }
      svg {
        flex: none;
        width: 0.95em;
        height: 0.95em;
        overflow: visible;
        color: var(--ink-3);
        fill: none;
        stroke: currentColor;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      .filled {
        fill: currentColor;
      }
      .bars {
        width: 0.8em;
        margin-left: -0.15em;
        stroke: none;
        fill: currentColor;
      }
      .off {
        fill: var(--line);
      }
      .hollow {
        fill: none;
        stroke: currentColor;
        stroke-width: 1;
      }
      b {
        flex: 0 1 auto;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        font-weight: var(--weight);
      }
      .grave b,
      .grave .sure {
        font-weight: var(--weight-strong);
        color: var(--ink);
      }
      .sure {
        flex: none;
      }
      .here {
        width: 0.85em;
        height: 0.85em;
        stroke-width: 1.2;
      }
      .holds {
        color: var(--ink-3);
        line-height: inherit;
      }
      .stale b {
        text-decoration: line-through;
      }
      .reason {
        min-width: 0;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      :host([large]) .said {
        height: auto;
        font-size: var(--text-title);
      }
      :host([large]) .main {
        margin-right: 0;
      }
      :host([large]) .said > * {
        font-size: inherit;
      }
      :host([large]) .said > :is(.holds, .reason) {
        font-size: var(--text);
        color: var(--ink-2);
      }
      :host([large]) button {
        min-width: 0;
        min-height: 0;
        padding: 0;
        font-weight: inherit;
        color: inherit;
        background: none;
        border: 0;
        text-decoration: underline;
        text-decoration-color: var(--ink-3);
        text-decoration-thickness: var(--hair);
        text-underline-offset: 0.2em;
      }
      @media (pointer: coarse) {
        :host([large]) button {
          min-height: var(--target);
        }
      }
      :host([large]) b {
        font-weight: var(--weight-strong);
      }
      :host([wraps]) .said {
        height: auto;
      }
      :host([wraps]) .said > * {
        font-size: inherit;
      }
      :host([wraps]) .holds {
        display: none;
      }
      :host([wraps]) :is(.main, b) {
        line-height: 1.1;
        white-space: normal;
      }
    `,
  ];

  @property({ attribute: false }) channel!: ChannelStore;
  @property({ attribute: false }) diagnosis!: DiagnosisStore;
  @property({ attribute: false }) locale!: Locale;
  /** As on the channel's page, with the reason where there is no class. */
  @property({ type: Boolean }) large = false;

  /** As on a wall: a long name takes two lines, and how long it has held stands beside it. */
  @property({ type: Boolean }) wraps = false;

  constructor() {
    super();
    new StoreController(this, () => this.diagnosis, readablePace);
    new StoreController(this, () => this.channel, readablePace); // a stale one makes its diagnosis stale
  }

  override render() {
    const { text } = this.locale;
    const verdict = verdictOf(this.diagnosis.value, this.channel.value, this.locale);
    const { name, confidence, isUnsure, holds, reason, isStale } = verdict;
    const remark = remarkOf(verdict);
    const severity = remark && verdict.severity;
    return html`
      <p class="said ${remark === 'fault' ? 'grave' : ''} ${isStale ? 'stale' : ''}">
        <span class="main" @click=${this.open}>
          <span class="unseen">${text.diagnosis}: </span>
          ${renderSign(verdict.sign, severity, isUnsure)}${this.renderName(name)}
          ${confidence === undefined ? nothing : html`<span class="sure">${this.locale.percent(confidence)}</span>`}
          ${severity ? html`${renderBars(severity, isUnsure)}<span class="unseen">${severityWord(severity, text)}</span>` : nothing}
          ${isUnsure ? html`<span class="sure">${text.unsure}</span>` : nothing}
          ${isStale ? html`<span class="unseen">${text.diagnosisStale}</span>` : nothing}
          ${this.diagnosis.value.isHere ? this.renderHere() : nothing}
        </span>
        ${holds === undefined ? nothing : html`<span class="holds">${holds}</span>`}
        ${this.large && reason ? html`<span class="reason">${reason}</span>` : nothing}
      </p>
    `;
  }

  /** A screen: it was made on this page. */
  private renderHere() {
    return html`
      <svg class="here" viewBox="0 0 14 14" role="img" aria-label=${this.locale.text.diagnosedHere}>
        <title>${this.locale.text.diagnosedHere}</title>
        <path d="M1 2h12v8h-12zM7 10v3M4 13h6" />
      </svg>
    `;
  }

  /** On the channel's page it opens its run. */
  private renderName(name: string) {
    if (!this.large || this.diagnosis.value.newest === undefined) return html`<b title=${name}>${name}</b>`;
    return html`<button title=${this.locale.text.openRun}><b>${name}</b></button>`;
  }

  private open(): void {
    const { newest } = this.diagnosis.value;
    if (!this.large || !newest) return;
    const { name } = this.channel.value.channel;
    this.dispatchEvent(new RunOpenEvent(name, { kind: 'at', timeMs: newest.toMs - INSIDE_MS }));
  }
}

function renderBars(severity: ClassSeverity, isUnsure: boolean) {
  return html`
    <svg class="bars ${severity}" viewBox="0 0 15 ${SIGN_BOX}" aria-hidden="true">
      ${LEVELS.map((level) => {
        const height = level * 3.5;
        const look = level > SEVERITY_LEVEL[severity] ? 'off' : isUnsure ? 'hollow' : '';
        return svg`<rect class=${look} x=${(level - 1) * 4} y=${15 - height} width="3" height=${height} />`;
      })}
    </svg>
  `;
}

function severityWord(severity: ClassSeverity, text: Texts): string {
  switch (severity) {
    case 'normal':
      return text.normal;
    case 'low':
      return text.severityLow;
    case 'medium':
      return text.severityMedium;
    case 'high':
      return text.severityHigh;
    case 'critical':
      return text.severityCritical;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-diagnosis': FenDiagnosis;
  }
}
