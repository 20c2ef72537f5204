import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { readMoment } from '../locale/zone-time.ts';
import type { LifeStore } from '../store/life-store.ts';
import { shared } from '../styles/shared.ts';

// What `Date` and the clocks of any zone can say.
const LATEST_MS = 8.6e15;

/** Of when is wanted; undefined where it has no such end. Ms since 1970 UTC. */
export class TimeFilterEvent extends Event {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;

  constructor({ fromMs, toMs }: { fromMs: number | undefined; toMs: number | undefined }) {
    super('fen-time-filter', { bubbles: true, composed: true });
    this.fromMs = fromMs;
    this.toMs = toMs;
  }
}

/** A range of time, written as on a channel's page; either end may be left out. Fires `fen-time-filter`. */
@customElement('fen-time-filter')
export class FenTimeFilter extends LitElement {
  static override styles = [
    shared,
    css`
      :host,
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 2);
      }
      label {
        color: var(--ink-2);
      }
      input {
        width: 14em;
        min-width: 0;
        min-height: var(--target);
        padding: 0 calc(var(--unit) * 2.5);
        font: inherit;
        font-variant-numeric: tabular-nums;
        text-overflow: ellipsis;
        color: var(--ink);
        background: var(--panel);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      input::placeholder {
        color: var(--ink-2);
        opacity: 1;
      }
      .wrong {
        font-weight: var(--weight-strong);
      }
      @media (max-width: 899px) {
        :host {
          flex: 1 1 100%;
        }
        label {
          flex: 1 1 40%;
          gap: 0;
          font-size: var(--text-small);
        }
        input {
          width: 100%;
          padding: 0 var(--unit);
          font-size: var(--text);
        }
        .wrong {
          flex-basis: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) fromMs?: number;
  @property({ attribute: false }) toMs?: number;
  @property({ attribute: false }) life!: LifeStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private wrong = '';
  @query('[name=start]') private readonly start!: HTMLInputElement;
  @query('[name=end]') private readonly end!: HTMLInputElement;

  override render() {
    const { text, timeZone } = this.locale;
    return html`
      ${this.renderEnd('start', text.timeFrom)} ${this.renderEnd('end', text.timeUntil)}
      <span id="hint" class="unseen">${text.jumpHint(timeZone)}</span>
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('fromMs') || changed.has('toMs') || changed.has('locale')) this.reset();
  }

  /** Forgets what was written and not taken. */
  reset(): void {
    this.wrong = '';
    this.start.value = this.written(this.fromMs);
    this.end.value = this.written(this.toMs);
  }

  private renderEnd(name: 'start' | 'end', label: string) {
    return html`
      <label>
        ${label}
        <input
          name=${name}
          autocomplete="off"
          spellcheck="false"
          aria-describedby="hint"
          aria-invalid=${this.wrong ? 'true' : 'false'}
          title=${this.locale.text.jumpHint(this.locale.timeZone)}
          placeholder="YYYY-MM-DD hh:mm"
          @change=${this.choose}
        />
      </label>
    `;
  }

  private choose(): void {
    const { text } = this.locale;
    const [from, to] = [this.read(this.start, this.fromMs), this.read(this.end, this.toMs)];
    const odd = [from, to].find(({ written, timeMs }) => written !== '' && timeMs === undefined);
    const isBackwards = (from.timeMs ?? -Infinity) > (to.timeMs ?? Infinity);
    this.wrong = odd ? text.jumpWrong(odd.written.slice(0, 40)) : isBackwards ? text.untilBeforeFrom : '';
    if (this.wrong === '') this.dispatchEvent(new TimeFilterEvent({ fromMs: from.timeMs, toMs: to.timeMs }));
  }

  /** What nobody has changed is as it was: its words may stand for two times, in an hour that comes twice. */
  private read({ value }: HTMLInputElement, shownMs: number | undefined) {
    const written = value.trim();
    if (written === this.written(shownMs)) return { written, timeMs: shownMs };
    return { written, timeMs: readMoment(written, this.locale.zoneTime, this.life.value.serverMs ?? 0) };
  }

  private written(timeMs: number | undefined): string {
    if (timeMs === undefined || !(Math.abs(timeMs) < LATEST_MS)) return '';
    return this.locale.exact(timeMs).replace(/(?::00)?\.000$/, '');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-time-filter': FenTimeFilter;
  }
  interface HTMLElementEventMap {
    'fen-time-filter': TimeFilterEvent;
  }
}
