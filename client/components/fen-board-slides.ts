import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  DWELLS,
  SLIDE_CHANNELS,
  SLIDE_KINDS,
  SLIDE_LIMIT,
  type Slide,
  type SlideKind,
} from '../../server/wire/boards.ts';
import { BOARD_TEXTS } from '../locale/board-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { boardFields } from './board-fields.ts';
import { WINDOWS_MS } from './time-window.ts';

/** Somebody edited the slides of a board. */
export class SlidesEvent extends Event {
  readonly slides: readonly Slide[];

  constructor(slides: readonly Slide[]) {
    super('fen-slides', { bubbles: true, composed: true });
    this.slides = slides;
  }
}

const DWELL_SECONDS = 20;

/** The slides of a board as a form, in their order. Fires `fen-slides`. */
@customElement('fen-board-slides')
export class FenBoardSlides extends LitElement {
  static override styles = [shared, boardFields];

  @property({ attribute: false }) slides: readonly Slide[] = [];
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) locale!: Locale;

  /** Where the slide went that was moved last, for who does not see it. */
  @state() private moved = '';

  constructor() {
    super();
    new StoreController(this, () => this.fleet);
  }

  /** Undefined where the browser finds nothing wrong. */
  get faulty(): HTMLInputElement | undefined {
    const inputs = this.renderRoot.querySelectorAll<HTMLInputElement>('input');
    return [...inputs].find((input) => !input.validity.valid);
  }

  override render() {
    const text = BOARD_TEXTS[this.locale.language];
    return html`
      <ol>${this.slides.map((slide, index) => this.renderSlide(slide, index))}</ol>
      <div class="row">
        ${SLIDE_KINDS.map((kind) => html`<button type="button" ?disabled=${this.slides.length >= SLIDE_LIMIT} @click=${() => this.tell([...this.slides, slideOf(kind)])}>+ ${text.kinds[kind]}</button>`)}
      </div>
      <p class="unseen" role="status">${this.moved}</p>
    `;
  }

  private renderSlide(slide: Slide, index: number) {
    const text = BOARD_TEXTS[this.locale.language];
    const name = `${index + 1}. ${text.kinds[slide.kind]}`;
    const last = this.slides.length - 1;
    return html`
      <li aria-label=${name}>
        <b>${name}</b>
        <label>${text.dwell}<input required type="number" min=${DWELLS[0]} max=${DWELLS[1]} .value=${String(slide.dwellSeconds)} @change=${(event: Event) => this.put(index, { ...slide, dwellSeconds: Number(textOf(event)) })} /></label>
        ${
          slide.kind === 'trends'
            ? html`<label>${text.window}<select @change=${(event: Event) => this.put(index, { ...slide, windowSeconds: Number(textOf(event)) })}>${WINDOWS_MS.map((ms) => html`<option value=${ms / 1000} ?selected=${ms / 1000 === slide.windowSeconds}>${this.locale.window(ms)}</option>`)}</select></label>`
            : nothing
        }
        ${slide.kind === 'alarms' ? nothing : this.renderChannels(slide, index)}
        <span class="moves">
          <button type="button" data-by="-1" aria-label=${`${text.up}: ${name}`} ?disabled=${index === 0} @click=${() => this.move(index, -1)}>↑</button>
          <button type="button" data-by="1" aria-label=${`${text.down}: ${name}`} ?disabled=${index === last} @click=${() => this.move(index, 1)}>↓</button>
          <button type="button" aria-label=${`${text.take}: ${name}`} ?disabled=${last === 0} @click=${() => this.tell(this.slides.filter((_, i) => i !== index))}>×</button>
        </span>
      </li>
    `;
  }

  private renderChannels(slide: Exclude<Slide, { kind: 'alarms' }>, index: number) {
    const text = BOARD_TEXTS[this.locale.language];
    const known = this.fleet.value.channels.map(({ value }) => value.channel);
    const names = new Set([...slide.channels, ...known.map(({ name }) => name)]);
    const labels = new Map(known.map(({ name, label }) => [name, label]));
    const isFull = slide.channels.length >= SLIDE_CHANNELS;
    const choose = (name: string, isChosen: boolean) =>
      this.put(index, {
        ...slide,
        channels: isChosen ? [...slide.channels, name] : slide.channels.filter((other) => other !== name),
      });
    const renderName = (name: string) => {
      const isChosen = slide.channels.includes(name);
      return html`<label class="check"><input type="checkbox" .checked=${isChosen} ?disabled=${isFull && !isChosen} @change=${(event: Event) => choose(name, (event.target as HTMLInputElement).checked)} />${labels.get(name) ?? toPlainText(name)}</label>`;
    };
    return html`
      <details>
        <summary>${text.channels}: ${slide.channels.length === 0 ? text.all : this.locale.count(slide.channels.length)}</summary>
        ${[...names].map(renderName)}
      </details>
    `;
  }

  private put(index: number, slide: Slide): void {
    this.tell(this.slides.map((other, i) => (i === index ? slide : other)));
  }

  /** The focus goes with the slide. */
  private async move(index: number, by: -1 | 1): Promise<void> {
    const slides = [...this.slides];
    slides.splice(index + by, 0, ...slides.splice(index, 1));
    this.tell(slides);
    const text = BOARD_TEXTS[this.locale.language];
    this.moved = text.moved(text.kinds[this.slides[index].kind], index + by + 1, slides.length);
    await new Promise(requestAnimationFrame); // the page has given the new order
    await this.updateComplete;
    const buttons = this.renderRoot.querySelectorAll<HTMLButtonElement>(
      `li:nth-child(${index + by + 1}) button[data-by]:enabled`,
    );
    ([...buttons].find(({ dataset }) => dataset.by === String(by)) ?? buttons[0])?.focus();
  }

  private tell(slides: readonly Slide[]): void {
    this.dispatchEvent(new SlidesEvent(slides));
  }
}

function slideOf(kind: SlideKind): Slide {
  const slide = { channels: [], dwellSeconds: DWELL_SECONDS };
  if (kind === 'alarms') return { kind, dwellSeconds: DWELL_SECONDS };
  return kind === 'trends' ? { kind, ...slide, windowSeconds: 60 } : { kind, ...slide };
}

function textOf({ target }: Event): string {
  return (target as HTMLInputElement | HTMLSelectElement).value;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-board-slides': FenBoardSlides;
  }
  interface HTMLElementEventMap {
    'fen-slides': SlidesEvent;
  }
}
