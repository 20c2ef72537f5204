import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  BOARD_ID,
  BOARD_NAME_CHARACTERS,
  type Board,
  type BoardReply,
  DEFAULT_BOARD,
  DIAGONALS,
  DISTANCES,
  DWELLS,
  SLIDE_KINDS,
  SLIDE_LIMIT,
  type Slide,
  type SlideKind,
} from '../../server/wire/boards.ts';
import { WINDOWS_MS } from '../components/time-window.ts';
import { BOARD_TEXTS } from '../locale/board-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { BoardClient } from '../net/boards.ts';
import { RefusedError } from '../net/request.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { styles } from './fen-board-page.styles.ts';

const DWELL_SECONDS = 20;

/** `/wall/edit`: which boards there are, and what each shows. `?board=ID` opens one, `?new` a new one. */
@customElement('fen-board-page')
export class FenBoardPage extends LitElement {
  static override styles = [shared, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) client!: BoardClient;
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private boards: readonly BoardReply[] = [];
  @state() private boardId = '';
  @state() private version = 0;
  @state() private draft?: Board;
  /** What became of the last change, in words. */
  @state() private news = '';

  constructor() {
    super();
    new StoreController(this, () => this.fleet);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.read();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query') && this.boards.length > 0) this.open();
  }

  override render() {
    const text = BOARD_TEXTS[this.locale.language];
    return html`
      <header>
        <h1 tabindex="-1">${text.boards}</h1>
        <nav aria-label=${text.boards}>
          ${this.boards.map(({ id, board }) => html`<a class="button" href="/wall/edit?board=${id}" aria-current=${id === this.boardId && this.version > 0 ? 'true' : nothing}>${toPlainText(board.name)}</a>`)}
          <a class="button" href="/wall/edit?new">${text.add}</a>
        </nav>
      </header>
      <p role="status">${this.news}</p>
      ${this.draft ? this.renderForm(this.draft) : nothing}
      <p class="note">${isSecureContext ? text.awake : text.awakeNot}</p>
    `;
  }

  private renderForm(draft: Board) {
    const text = BOARD_TEXTS[this.locale.language];
    const { name, screen, pausesOnCritical, slides } = draft;
    const isNew = this.version === 0 && this.boardId !== DEFAULT_BOARD;
    const [inches, metres] = [DIAGONALS, DISTANCES];
    return html`
      <form @submit=${this.save}>
        <div class="row">
          ${isNew ? html`<label>${text.id}<input required pattern=${BOARD_ID.source} .value=${this.boardId} @input=${(event: Event) => (this.boardId = textOf(event))} /></label>` : nothing}
          <label>${text.name}<input required maxlength=${BOARD_NAME_CHARACTERS} .value=${name} @input=${(event: Event) => this.change({ name: textOf(event) })} /></label>
          <label>${text.diagonal}<input required type="number" step="any" min=${inches[0]} max=${inches[1]} .value=${String(screen.diagonal)} @change=${(event: Event) => this.change({ screen: { ...screen, diagonal: Number(textOf(event)) } })} /></label>
          <label>${text.distance}<input required type="number" step="any" min=${metres[0]} max=${metres[1]} .value=${String(screen.distance)} @change=${(event: Event) => this.change({ screen: { ...screen, distance: Number(textOf(event)) } })} /></label>
          <label class="check"><input type="checkbox" .checked=${pausesOnCritical} @change=${(event: Event) => this.change({ pausesOnCritical: (event.target as HTMLInputElement).checked })} />${text.pauses}</label>
        </div>
        <h2>${text.slides}</h2>
        <ol>${slides.map((slide, index) => this.renderSlide(slide, index, slides.length))}</ol>
        <div class="row">
          ${SLIDE_KINDS.map((kind) => html`<button type="button" ?disabled=${slides.length >= SLIDE_LIMIT} @click=${() => this.change({ slides: [...slides, slideOf(kind)] })}>+ ${text.kinds[kind]}</button>`)}
        </div>
        <div class="row">
          <button class="go">${text.save}</button>
          ${this.version > 0 ? html`<button type="button" @click=${this.removeBoard}>${text.remove}</button>` : nothing}
          ${isNew ? nothing : html`<a class="button" href="/wall?board=${this.boardId}" target="_blank">${text.show}</a>`}
        </div>
      </form>
    `;
  }

  private renderSlide(slide: Slide, index: number, count: number) {
    const text = BOARD_TEXTS[this.locale.language];
    const name = `${index + 1}. ${text.kinds[slide.kind]}`;
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
          <button type="button" aria-label=${`${text.up}: ${name}`} ?disabled=${index === 0} @click=${() => this.move(index, -1)}>↑</button>
          <button type="button" aria-label=${`${text.down}: ${name}`} ?disabled=${index === count - 1} @click=${() => this.move(index, 1)}>↓</button>
          <button type="button" aria-label=${`${text.take}: ${name}`} ?disabled=${count === 1} @click=${() => this.change({ slides: this.slides.filter((_, i) => i !== index) })}>×</button>
        </span>
      </li>
    `;
  }

  private renderChannels(slide: Exclude<Slide, { kind: 'alarms' }>, index: number) {
    const text = BOARD_TEXTS[this.locale.language];
    const known = this.fleet.value.channels.map(({ value }) => value.channel);
    const names = new Set([...slide.channels, ...known.map(({ name }) => name)]);
    const labels = new Map(known.map(({ name, label }) => [name, label]));
    const choose = (name: string, isChosen: boolean) =>
      this.put(index, {
        ...slide,
        channels: isChosen ? [...slide.channels, name] : slide.channels.filter((other) => other !== name),
      });
    return html`
      <details>
        <summary>${text.channels}: ${slide.channels.length === 0 ? text.all : this.locale.count(slide.channels.length)}</summary>
        ${[...names].map((name) => html`<label class="check"><input type="checkbox" .checked=${slide.channels.includes(name)} @change=${(event: Event) => choose(name, (event.target as HTMLInputElement).checked)} />${labels.get(name) ?? toPlainText(name)}</label>`)}
      </details>
    `;
  }

  private get slides(): readonly Slide[] {
    return this.draft?.slides ?? [];
  }

  private change(part: Partial<Board>): void {
    if (this.draft) this.draft = { ...this.draft, ...part };
  }

  private put(index: number, slide: Slide): void {
    this.change({ slides: this.slides.map((other, i) => (i === index ? slide : other)) });
  }

  private move(index: number, by: number): void {
    const slides = [...this.slides];
    slides.splice(index + by, 0, ...slides.splice(index, 1));
    this.change({ slides });
  }

  private async read(): Promise<void> {
    await this.tried(async () => {
      this.boards = (await this.client.list()).boards;
      this.open();
    });
  }

  /** What the address names, as the server has it. */
  private open(): void {
    const asked = new URLSearchParams(this.query);
    const made = this.boards.find(({ id }) => id === DEFAULT_BOARD);
    const found = this.boards.find(({ id }) => id === (asked.get('board') ?? DEFAULT_BOARD)) ?? made;
    const isNew = asked.has('new');
    this.boardId = isNew ? '' : (found?.id ?? '');
    this.version = isNew ? 0 : (found?.version ?? 0);
    this.draft = isNew && found ? { ...found.board, name: '' } : found?.board;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const { boardId: id, version, draft } = this;
    if (!draft) return;
    await this.tried(async () => {
      const saved = await this.client.put(id, draft, version);
      this.boards = [...this.boards.filter((board) => board.id !== id), saved].sort((a, b) => (a.id < b.id ? -1 : 1));
      this.version = saved.version;
      this.news = BOARD_TEXTS[this.locale.language].saved;
    });
  }

  private async removeBoard(): Promise<void> {
    await this.tried(async () => {
      await this.client.remove(this.boardId, this.version);
      await this.read();
    });
  }

  /** Says why something was not done; what was edited stays. */
  private async tried(act: () => Promise<void>): Promise<void> {
    const text = BOARD_TEXTS[this.locale.language];
    this.news = '';
    try {
      await act();
    } catch (error) {
      const isConflict = error instanceof RefusedError && error.code === 'VERSION_CONFLICT';
      this.news = isConflict ? text.conflict : text.failed(error instanceof Error ? error.message : String(error));
    }
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
    'fen-board-page': FenBoardPage;
  }
}
