import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Locale } from '../locale/locale.ts';
import { readMoment } from '../locale/zone-time.ts';
import type { LookingBack } from '../store/looking-back.ts';
import { StoreController } from '../store/store-controller.ts';
import { spanOf, type TimeView } from '../store/time-view.ts';
import { shared } from '../styles/shared.ts';
import { readablePace } from './readable-pace.ts';

/** What is said of a jump, as long as the view stays where it went. */
interface JumpNote {
  readonly words: string;
  readonly view: TimeView;
}

/** Moves the time axis by steps, and goes to a moment that is written. What else belongs here stands in the slot. */
@customElement('fen-time-bar')
export class FenTimeBar extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--unit) * 2);
        color: var(--ink-2);
      }
      .steps,
      form {
        display: flex;
        gap: calc(var(--unit));
      }
      .shown {
        flex: 1 1 auto;
        color: var(--ink);
        font-weight: var(--weight-strong);
        font-variant-numeric: tabular-nums;
      }
      input {
        width: 12.5em;
        min-height: var(--target);
        padding: 0 calc(var(--unit) * 2);
        font: inherit;
        color: var(--ink);
        background: var(--well);
        border: var(--hair) solid var(--ink-3);
        border-radius: var(--radius);
      }
      input::placeholder {
        color: var(--ink-3);
        opacity: 1;
      }
      .wrong {
        flex: 1 1 100%;
        color: var(--ink);
        font-weight: var(--weight-strong);
      }
      .note {
        flex: 0 1 auto;
        color: var(--ink);
      }
      .note:empty {
        position: absolute;
      }
      .problem {
        flex: 1 1 100%;
        color: var(--ink);
      }
      @media (max-width: 699px) {
        form,
        .steps {
          flex: 1 1 100%;
        }
        .steps button,
        input {
          flex: 1;
          min-width: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) looking!: LookingBack;
  @property({ attribute: false }) locale!: Locale;
  /** Why the past is not there, in words; empty while it is. */
  @property({ attribute: false }) problem = '';

  @state() private wrong = '';
  @state() private note: JumpNote | undefined;
  @query('input') private readonly input!: HTMLInputElement;

  constructor() {
    super();
    new StoreController(this, () => this.looking, readablePace);
  }

  override render() {
    const { locale, looking, wrong } = this;
    const { text } = locale;
    return html`
      <div class="steps" role="group" aria-label=${text.lookBack}>
        ${this.renderStep('‹', text.earlier, () => looking.panStep('earlier'))}
        ${this.renderStep('›', text.later, () => looking.panStep('later'))}
        ${this.renderStep('+', text.zoomIn, () => looking.zoomStep('in'))}
        ${this.renderStep('\u2212', text.zoomOut, () => looking.zoomStep('out'))}
      </div>
      <span class="shown">${this.shown()}</span>
      <slot></slot>
      <form @submit=${this.jump}>
        <input
          name="moment"
          autocomplete="off"
          spellcheck="false"
          aria-label=${text.jump}
          aria-describedby="hint"
          aria-invalid=${wrong ? 'true' : 'false'}
          title=${text.jumpHint(locale.timeZone)}
          placeholder="YYYY-MM-DD hh:mm"
          @input=${this.forget}
        />
        <span id="hint" class="unseen">${text.jumpHint(locale.timeZone)}</span>
        <button>${text.go}</button>
      </form>
      <p class="note" role="status">${this.note?.view === looking.value.view ? this.note.words : ''}</p>
      ${wrong ? html`<p class="wrong" role="alert">${text.jumpWrong(wrong)}</p>` : nothing}
      ${this.problem ? html`<p class="problem" role="status">${this.problem}</p>` : nothing}
    `;
  }

  private renderStep(sign: string, name: string, act: () => void) {
    return html`<button aria-label=${name} title=${name} @click=${act}><span aria-hidden="true">${sign}</span></button>`;
  }

  /** How much time it is, and of when where that is not now. */
  private shown(): string {
    const { locale, looking } = this;
    const { view } = looking.value;
    const span = locale.window(spanOf(view));
    if (view.kind === 'live') return locale.text.upToNow(span);
    return `${span} · ${locale.exact(view.fromMs).slice(0, 19)} ${locale.zone(view.fromMs)}`;
  }

  private jump(event: Event): void {
    event.preventDefault();
    const written = this.input.value.trim();
    if (written === '') return;
    const timeMs = readMoment(written, this.locale.zoneTime, this.looking.extent.nowMs ?? 0);
    this.wrong = timeMs === undefined ? written.slice(0, 40) : '';
    this.note = undefined;
    if (timeMs !== undefined) this.goTo(timeMs);
  }

  private forget(): void {
    this.note = undefined;
  }

  /** Goes there, and says so where there is nothing. */
  private goTo(timeMs: number): void {
    const { text } = this.locale;
    const { firstMs, lastMs } = this.looking.extent;
    const side = this.looking.goTo(timeMs);
    if (side === undefined) return;
    const endMs = side === 'before' ? firstMs : lastMs;
    if (endMs === undefined) return;
    const end = `${this.locale.exact(endMs).slice(0, 19)} ${this.locale.zone(endMs)}`;
    this.note = {
      words: side === 'before' ? text.jumpBefore(end) : text.jumpAfter(end),
      view: this.looking.value.view,
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-time-bar': FenTimeBar;
  }
}
