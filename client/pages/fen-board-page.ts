import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  BOARD_ID,
  BOARD_NAME_CHARACTERS,
  type Board,
  type BoardReply,
  DEFAULT_BOARD,
  DIAGONALS,
  DISTANCES,
} from '../../server/wire/boards.ts';
import { boardFields } from '../components/board-fields.ts';
import '../components/fen-board-conflict.ts';
import type { SettleEvent } from '../components/fen-board-conflict.ts';
import '../components/fen-board-slides.ts';
import type { FenBoardSlides, SlidesEvent } from '../components/fen-board-slides.ts';
import { BOARD_TEXTS } from '../locale/board-texts.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import type { BoardClient } from '../net/boards.ts';
import { RefusedError } from '../net/request.ts';
import { BOARD_DRAFTS, boardDifferences } from '../store/board-draft.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { KeptDrafts } from '../store/kept-drafts.ts';
import { shared } from '../styles/shared.ts';
import { BoardPreview } from './board-preview.ts';
import { styles } from './fen-board-page.styles.ts';

/** `/wall/edit`: which boards there are, and what each shows. `?board=ID` opens one, `?new` a new one. */
@customElement('fen-board-page')
export class FenBoardPage extends LitElement {
  static override styles = [shared, boardFields, styles];

  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) client!: BoardClient;
  @property({ attribute: false }) fleet!: FleetStore;
  @property({ attribute: false }) locale!: Locale;

  @state() private boards: readonly BoardReply[] = [];
  /** Identifier of the board that is edited; empty for a new one. */
  @state() private opened = '';
  /** As it was typed, of a new one. */
  @state() private newId = '';
  /** What the draft began with. */
  @state() private base?: { readonly version: number; readonly board: Board };
  @state() private draft?: Board;
  @state() private conflict?: { readonly current: BoardReply | undefined };
  /** What became of the last change, in words. */
  @state() private news = '';
  @query('fen-board-slides') private readonly slides?: FenBoardSlides;

  private readonly drafts = new KeptDrafts(() => sessionStorage, BOARD_DRAFTS);
  private preview?: BoardPreview;

  override connectedCallback(): void {
    super.connectedCallback();
    this.preview = new BoardPreview();
    void this.read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.preview?.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query') && this.boards.length > 0) this.open();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const names: ReadonlyMap<PropertyKey, unknown> = changed;
    if (['draft', 'base', 'newId'].some((name) => names.has(name))) void this.keep();
  }

  override render() {
    const text = BOARD_TEXTS[this.locale.language];
    const { base, draft } = this;
    return html`
      <header>
        <h1 tabindex="-1">${this.locale.text.boards}</h1>
        <nav aria-label=${this.locale.text.boards}>
          ${this.boards.map(({ id, board }) => html`<a class="button" href="/wall/edit?board=${id}" aria-current=${id === this.opened ? 'true' : nothing}>${toPlainText(board.name)}</a>`)}
          <a class="button" href="/wall/edit?new">${text.add}</a>
        </nav>
      </header>
      ${this.conflict && base ? html`<fen-board-conflict .base=${base.board} .current=${this.conflict.current} .locale=${this.locale} @fen-settle=${this.settle}></fen-board-conflict>` : nothing}
      ${draft ? this.renderForm(draft) : nothing}
      <p class="news" role="status">${this.news}</p>
      <p class="note">${isSecureContext ? text.awake : text.awakeNot}</p>
    `;
  }

  private renderForm(draft: Board) {
    const text = BOARD_TEXTS[this.locale.language];
    const { name, screen, pausesOnCritical, slides } = draft;
    const isNew = this.opened === '';
    const [inches, metres] = [DIAGONALS, DISTANCES];
    return html`
      <form novalidate @submit=${this.save}>
        <div class="row">
          ${isNew ? html`<label>${text.id}<input required pattern=${BOARD_ID.source} .value=${this.newId} @input=${(event: Event) => (this.newId = textOf(event))} /></label>` : nothing}
          <label>${text.name}<input required maxlength=${BOARD_NAME_CHARACTERS} .value=${name} @input=${(event: Event) => this.change({ name: textOf(event) })} /></label>
          <label>${text.diagonal}<input required type="number" step="any" min=${inches[0]} max=${inches[1]} .value=${String(screen.diagonal)} @change=${(event: Event) => this.change({ screen: { ...screen, diagonal: Number(textOf(event)) } })} /></label>
          <label>${text.distance}<input required type="number" step="any" min=${metres[0]} max=${metres[1]} .value=${String(screen.distance)} @change=${(event: Event) => this.change({ screen: { ...screen, distance: Number(textOf(event)) } })} /></label>
          <label class="check"><input type="checkbox" .checked=${pausesOnCritical} @change=${(event: Event) => this.change({ pausesOnCritical: (event.target as HTMLInputElement).checked })} />${text.pauses}</label>
        </div>
        <h2>${text.slides}</h2>
        <fen-board-slides .slides=${slides} .fleet=${this.fleet} .locale=${this.locale} @fen-slides=${(event: SlidesEvent) => this.change({ slides: event.slides })}></fen-board-slides>
        <div class="row">
          <button class="go">${text.save}</button>
          <button type="button" ?disabled=${!this.isDirty} @click=${this.undo}>${text.undo}</button>
          <a class="button" href="/wall?preview=${this.opened}" target="_blank">${text.preview}</a>
          ${isNew ? nothing : html`<a class="button" href="/wall?board=${this.opened}" target="_blank">${text.show}</a>`}
          ${this.base && this.base.version > 0 ? html`<button type="button" @click=${this.removeBoard}>${text.remove}</button>` : nothing}
          ${this.isDirty ? html`<b>${text.unsaved}</b>` : nothing}
        </div>
      </form>
    `;
  }

  private get isDirty(): boolean {
    const { base, draft } = this;
    return (base && draft && boardDifferences(base.board, draft).length > 0) || this.newId !== '';
  }

  private change(part: Partial<Board>): void {
    if (this.draft) this.draft = { ...this.draft, ...part };
  }

  private async read(): Promise<void> {
    await this.tried(async () => {
      this.boards = (await this.client.list()).boards;
      this.open();
    });
  }

  /** What the address names: as it was left, else as the server has it. */
  private open(): void {
    const asked = new URLSearchParams(this.query);
    const id = asked.has('new') ? '' : (asked.get('board') ?? DEFAULT_BOARD);
    const kept = this.drafts.find(id);
    const made = this.boards.find((board) => board.id === DEFAULT_BOARD);
    const there = this.boards.find((board) => board.id === id);
    const found = id === '' || kept ? there : (there ?? made);
    this.opened = id === '' || kept ? id : (found?.id ?? '');
    this.take(found, made);
    if (kept === undefined) return;
    this.base = { version: kept.version, board: kept.base.board };
    this.draft = kept.draft.board;
    this.newId = kept.draft.id;
    if (id !== '' && found?.version !== kept.version) this.conflict = { current: found };
  }

  /** Begins with what is there, or with a new one like `model`. */
  private take(found: BoardReply | undefined, model = found): void {
    const board = found?.board ?? (model && { ...model.board, name: '' });
    this.base = board && { version: found?.version ?? 0, board };
    this.draft = board;
    this.newId = '';
    this.conflict = undefined;
  }

  /** What is not saved outlasts the page, and is shown by previews. */
  private async keep(): Promise<void> {
    const { base, draft, opened, newId } = this;
    if (!base || !draft) return;
    const kept = { version: base.version, base: { id: '', board: base.board }, draft: { id: newId, board: draft } };
    if (this.isDirty) this.drafts.keep(opened, { ...kept, comment: '' });
    else this.drafts.forget(opened);
    await this.slides?.updateComplete;
    if (this.faulty() === undefined) this.preview?.show(opened, draft);
  }

  private undo(): void {
    const { opened, boards } = this;
    this.news = '';
    const made = boards.find(({ id }) => id === DEFAULT_BOARD);
    this.take(
      boards.find(({ id }) => id === opened),
      made,
    );
  }

  private settle({ takes }: SettleEvent): void {
    const { conflict, draft, opened } = this;
    const current = conflict?.current;
    this.boards = this.boards.filter(({ id }) => id !== opened).concat(current ?? []);
    this.sort();
    if (takes === 'theirs' && current === undefined) {
      this.drafts.forget(opened);
      this.open();
      return;
    }
    this.take(current, this.boards[0]);
    if (takes === 'mine') this.draft = draft;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const { base, draft } = this;
    const id = this.opened || this.newId;
    const faulty = this.faulty();
    if (!draft || !base) return;
    if (faulty) {
      this.news = this.faultOf(faulty);
      faulty.focus();
      return;
    }
    await this.tried(async () => {
      const saved = await this.client.put(id, draft, base.version);
      this.boards = [...this.boards.filter((board) => board.id !== id), saved];
      this.sort();
      this.drafts.forget(this.opened);
      this.opened = id;
      this.newId = '';
      this.conflict = undefined;
      this.base = { version: saved.version, board: saved.board };
      if (this.draft === draft) this.draft = saved.board; // else somebody typed on
      this.news = BOARD_TEXTS[this.locale.language].saved;
    });
  }

  private async removeBoard(): Promise<void> {
    await this.tried(async () => {
      await this.client.remove(this.opened, this.base?.version ?? 0);
      this.drafts.forget(this.opened);
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
      if (isConflict) await this.tried(() => this.compare());
      else this.news = text.failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Looks what is there in place of what the draft began with. */
  private async compare(): Promise<void> {
    const id = this.opened || this.newId;
    const { boards } = await this.client.list();
    this.conflict = { current: boards.find((board) => board.id === id) };
    await this.updateComplete;
    this.renderRoot.querySelector('fen-board-conflict')?.scrollIntoView({ block: 'center' });
  }

  private sort(): void {
    this.boards = this.boards.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The first field that cannot be saved. */
  private faulty(): HTMLInputElement | undefined {
    const inputs = this.renderRoot.querySelectorAll<HTMLInputElement>('form input');
    return [...inputs].find((input) => !input.validity.valid) ?? this.slides?.faulty;
  }

  /** What was found in it, and what is expected. */
  private faultOf({ labels, value, type, min, max, pattern }: HTMLInputElement): string {
    const text = BOARD_TEXTS[this.locale.language];
    const field = labels?.[0]?.textContent?.trim() ?? '';
    const ofText = pattern === '' ? text.characters(String(BOARD_NAME_CHARACTERS)) : text.addressExpected;
    const expected = type === 'number' ? text.numbers(min, max) : ofText;
    return text.wrong(field, value === '' ? text.nothingFound : toPlainText(value), expected);
  }
}

function textOf({ target }: Event): string {
  return (target as HTMLInputElement).value;
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-board-page': FenBoardPage;
  }
}
