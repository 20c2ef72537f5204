import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ParityTotals } from '../../server/wire/parity.ts';
import type { Diagnosing } from '../diagnosing.ts';
import type { ParityState } from '../inference/parity.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { StoreController } from '../store/store-controller.ts';
import { panel } from '../styles/panel.ts';
import { segments } from '../styles/segments.ts';
import { shared } from '../styles/shared.ts';
import { ChoiceEvent } from './choice-event.ts';
import { faultWords } from './fault-words.ts';

/**
 * Who makes the diagnoses by one model that this page shows, the server or this
 * browser, and how far they agree. Fires `fen-choice`.
 */
@customElement('fen-diagnosis-place')
export class FenDiagnosisPlace extends LitElement {
  static override styles = [
    shared,
    panel,
    segments,
    css`
      :host {
        display: block;
      }
      fieldset {
        margin: calc(var(--unit) * 3) calc(var(--unit) * 3.5);
      }
      p {
        padding: 0 calc(var(--unit) * 3.5) calc(var(--unit) * 2);
        color: var(--ink-2);
      }
      .different,
      .unmatched {
        font-weight: var(--weight-strong);
      }
    `,
  ];

  @property({ attribute: false }) diagnosing!: Diagnosing;
  @property({ attribute: false }) model!: string;
  /** What all pages had compared; undefined where nothing was, or where it is not said. */
  @property({ attribute: false }) totals: ParityTotals | undefined;
  @property({ attribute: false }) locale!: Locale;

  constructor() {
    super();
    new StoreController(this, () => this.diagnosing);
  }

  override render() {
    const { text } = this.locale;
    const { isHere, models, dropped, parity } = this.diagnosing.value;
    const { state, reason, fault } = models.find(({ name }) => name === this.model) ?? {};
    return html`
      <h2>${text.diagnosis}</h2>
      <fieldset>
        <legend>${text.diagnosis}</legend>
        ${this.renderPlace('server', text.diagnosedByServer, !isHere)} ${this.renderPlace('here', text.diagnosedHere, isHere)}
      </fieldset>
      ${isHere ? nothing : html`<p>${text.diagnosedHereWhy}</p>`}
      <div role="status">
        ${isHere && state === 'loading' ? html`<p>${text.modelLoading}</p>` : nothing}
        ${isHere && reason ? html`<p class="different">${state === 'ready' ? text.modelKept : text.runUnavailable}: ${faultWords({ reason, fault }, this.locale)}</p>` : nothing}
        ${isHere ? this.renderParity(parity.get(this.model)) : nothing}
        ${dropped > 0 ? html`<p>${text.leftOutHere(this.locale.count(dropped))}</p>` : nothing}
      </div>
      ${this.totals ? html`<p>${text.parityOfAll}: ${this.words(this.totals)}</p>` : nothing}
    `;
  }

  private renderPlace(place: string, label: string, isChosen: boolean) {
    const choose = () => this.dispatchEvent(new ChoiceEvent('diagnosis', place));
    return html`<label><input type="radio" name="place" .checked=${isChosen} @change=${choose} />${label}</label>`;
  }

  private renderParity(parity: ParityState | undefined) {
    const { text } = this.locale;
    if (parity === undefined) return nothing;
    const { sent, runs, different, sinceMs, lastMs, isUnmatched, problem } = parity;
    const since = text.paritySince(this.locale.moment(sinceMs));
    return html`
      ${problem !== undefined ? html`<p>${text.parityFailed(toPlainText(problem))}</p>` : nothing}
      ${isUnmatched && problem === undefined ? html`<p class="unmatched">${text.parityUnmatched}</p>` : nothing}
      ${
        runs === 0
          ? html`<p>${text.parityNone}</p>`
          : html`
            <p class=${different > 0 ? 'different' : 'same'}>${this.words(parity)}, ${since}</p>
            <p>${text.parityOfSent(this.locale.count(runs), this.locale.count(sent), this.locale.moment(lastMs))}</p>
          `
      }
    `;
  }

  private words({ runs, different, greatest }: Pick<ParityState, 'runs' | 'different' | 'greatest'>): string {
    const { text } = this.locale;
    const [all, most] = [this.locale.count(runs), tiny(greatest)];
    if (different === 0) return text.paritySame(all, most);
    return text.parityDifferent(this.locale.count(different), all, most);
  }
}

const RAISED = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** A difference in one digit: 0.3, 2·10⁻⁷. */
export function tiny(value: number): string {
  const [digit, exponent] = value.toExponential(0).split('e-');
  if (exponent === undefined || Number(exponent) < 3) return String(Number(value.toPrecision(1)));
  return `${digit}·10⁻${[...exponent].map((of) => RAISED[Number(of)]).join('')}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-diagnosis-place': FenDiagnosisPlace;
  }
}
