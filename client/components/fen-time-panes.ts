import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, queryAll, state } from 'lit/decorators.js';
import '../charts/fen-trend-chart.ts';
import type { FenTrendChart, PlotLoader } from '../charts/fen-trend-chart.ts';
import type { FrameScheduler } from '../charts/frame-scheduler.ts';
import type { TimePlane } from '../charts/trend-plot.ts';
import type { Locale } from '../locale/locale.ts';
import type { LookingBack } from '../store/looking-back.ts';
import { StoreController } from '../store/store-controller.ts';
import { spanOf } from '../store/time-view.ts';
import { shared } from '../styles/shared.ts';
import { styles } from './fen-time-panes.styles.ts';
import type { ShownLine } from './shown-lines.ts';
import { panesOf, raisedOf } from './shown-lines.ts';
import { TimeGestures } from './time-gestures.ts';

// A cursor moved by keys goes so many pixel columns at once.
const CURSOR_COLUMNS = 4;

/** One plot as it is drawn. */
export interface PanePicture {
  readonly canvas: HTMLCanvasElement;
  readonly label: string;
  readonly unit: string;
}

/**
 * The trends of all channels shown, on one time axis: wheel, pinch, drag and
 * keys move it, and what points at one points at all.
 */
@customElement('fen-time-panes')
export class FenTimePanes extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) looking!: LookingBack;
  /** All channels shown. */
  @property({ attribute: false }) lines: readonly ShownLine[] = [];
  @property({ attribute: false }) scheduler!: FrameScheduler;
  @property({ attribute: false }) plots!: PlotLoader;
  @property({ attribute: false }) locale!: Locale;

  @state() private figures = 0;
  @query('.panes') private readonly place!: HTMLElement;
  @queryAll('fen-trend-chart') private readonly charts!: NodeListOf<FenTrendChart>;
  private stopListening: (() => void) | undefined;
  private readonly gestures = new TimeGestures({
    plane: () => this.planeOnScreen(),
    hold: () => this.looking.hold(),
    move: (moved) => this.looking.move(moved),
    zoom: (by) => this.looking.zoom(by),
    anchor: (share) => this.looking.anchor(this.timeAt(share)),
    select: (share) => {
      const timeMs = this.timeAt(share);
      if (timeMs !== undefined) this.looking.selectTo(timeMs);
    },
    unselect: () => this.looking.unselect(),
    point: (share) => this.point(share),
  });

  constructor() {
    super();
    new StoreController(this, () => this.looking);
  }

  /** Time of a pixel column of what is shown, also where that is not drawn yet; undefined before the first drawing. */
  get columnMs(): number | undefined {
    const plane = this.charts[0]?.plane;
    return plane && spanOf(this.looking.value.view) / plane.columns;
  }

  /** What is drawn, a picture a pane, and what is in it. */
  toPictures(): PanePicture[] {
    const panes = panesOf(this.lines, this.looking.value.layout);
    return [...this.charts].flatMap((chart, i) => {
      const canvas = chart.toCanvas();
      const pane = panes[i] ?? [];
      return canvas ? [{ canvas, label: labelsOf(pane), unit: pane[0]?.unit ?? '' }] : [];
    });
  }

  protected override firstUpdated(): void {
    this.stopListening = this.gestures.listen(this.place);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.stopListening = this.gestures.listen(this.place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening?.();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('lines')) this.takeFigures();
    this.scheduler.hasten();
  }

  override render() {
    const { layout } = this.looking.value;
    const { text } = this.locale;
    const panes = panesOf(this.lines, layout);
    return html`
      <div
        class="panes"
        tabindex="0"
        role="group"
        aria-label=${text.lookBack}
        aria-keyshortcuts="ArrowLeft ArrowRight + - Home End Shift+ArrowLeft Shift+ArrowRight a b Escape"
        @keydown=${this.press}
        @fen-figures-change=${this.takeFigures}
      >
        ${panes.map((pane, i) => this.renderPane(pane, { isOneOfMany: panes.length > 1, isLowest: i === panes.length - 1 }))}
      </div>
    `;
  }

  private renderPane(
    pane: readonly ShownLine[],
    { isOneOfMany, isLowest }: { isOneOfMany: boolean; isLowest: boolean },
  ) {
    const { locale, looking } = this;
    const { view, cursorMs, selected, raised } = looking.value;
    const [first, ...others] = pane;
    const isAlone = this.lines.length === 1;
    const labels = isAlone ? first.label : labelsOf(pane);
    return html`
      <div class="pane">
        <fen-trend-chart
          .scheduler=${this.scheduler}
          .plots=${this.plots}
          .source=${looking.line(first.name)}
          .further=${this.further(others)}
          .sign=${isAlone ? '' : first.sign}
          .raised=${raisedOf(pane, raised)}
          .windowMs=${spanOf(view)}
          .isLive=${view.kind === 'live'}
          .cursorMs=${cursorMs}
          .selected=${selected}
          .leastFigures=${this.figures}
          .normal=${pane.length === 1 ? first.normal : undefined}
          .unit=${first.unit}
          .hasTimes=${isLowest}
          .hasUnit=${!isOneOfMany}
          .gapText=${locale.text.noData}
          .forgottenText=${locale.text.beforeHistory}
          .missingText=${locale.text.chartNotLoaded}
          .summary=${locale.text.trendOf(labels, locale.window(spanOf(view)))}
          .formatTime=${this.formatTime}
          .offsetOf=${this.offsetOf}
        ></fen-trend-chart>
        ${isOneOfMany ? renderNames(pane) : nothing}
      </div>
    `;
  }

  private furtherOf: { readonly of: readonly ShownLine[]; readonly lines: FenTrendChart['further'] }[] = [];

  /** The same lines as long as they are the same channels, so that a chart does not begin anew. */
  private further(lines: readonly ShownLine[]): FenTrendChart['further'] {
    const isSame = (of: readonly ShownLine[]) =>
      of.length === lines.length && of.every(({ name, sign }, i) => name === lines[i].name && sign === lines[i].sign);
    const known = this.furtherOf.find(({ of }) => isSame(of));
    if (known) return known.lines;
    const made = lines.map(({ name, sign }) => ({ source: this.looking.line(name), sign }));
    this.furtherOf = [...this.furtherOf.slice(-lines.length - 8), { of: lines, lines: made }];
    return made;
  }

  private readonly formatTime = (timeMs: number, stepMs: number): string => this.locale.axisTime(timeMs, stepMs);

  private readonly offsetOf = (timeMs: number): number => this.locale.zoneTime.offsetMs(timeMs);

  private takeFigures(): void {
    this.figures = Math.max(0, ...[...this.charts].map((chart) => chart.figureLength));
  }

  /** Where the time lies on the screen, as it was drawn last; undefined before the first drawing. */
  planeOnScreen(): TimePlane | undefined {
    const [chart] = this.charts;
    const plane = chart?.plane;
    return plane && { ...plane, left: chart.getBoundingClientRect().left + plane.left };
  }

  private point(share: number | undefined): void {
    this.looking.point(share === undefined ? undefined : this.timeAt(share));
  }

  private timeAt(share: number): number | undefined {
    const { range } = this.looking;
    return range && range.fromMs + share * (range.toMs - range.fromMs);
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.act(event.key, event.shiftKey)) return;
    event.preventDefault();
  }

  /** Does what a key says, and returns whether it says anything here. */
  private act(key: string, isShifted: boolean): boolean {
    const { looking } = this;
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight': {
        const isLater = key === 'ArrowRight';
        if (isShifted) this.moveCursor(isLater ? CURSOR_COLUMNS : -CURSOR_COLUMNS);
        else looking.panStep(isLater ? 'later' : 'earlier');
        return true;
      }
      case '+':
      case '=':
        looking.zoomStep('in');
        return true;
      case '-':
      case '_':
        looking.zoomStep('out');
        return true;
      case 'Home':
        looking.goToFirst();
        return true;
      case 'End':
        looking.goLive();
        return true;
      case 'a':
      case 'b': {
        const timeMs = this.cursor();
        if (timeMs === undefined) return true;
        if (key === 'a') looking.mark(timeMs);
        else looking.endMark(timeMs);
        return true;
      }
      case 'Escape':
        looking.anchor(undefined);
        return true;
      default:
        return false;
    }
  }

  /** What is pointed at; the middle where nothing is. */
  private cursor(): number | undefined {
    return this.looking.value.cursorMs ?? this.timeAt(0.5);
  }

  private moveCursor(columns: number): void {
    const { range } = this.looking;
    const fromMs = this.cursor();
    if (!range || fromMs === undefined || this.columnMs === undefined) return;
    this.looking.moveCursor(Math.min(range.toMs, Math.max(range.fromMs, fromMs + columns * this.columnMs)));
  }
}

/** Which line is which beside a plot, and the unit they share. */
function renderNames(pane: readonly ShownLine[]) {
  return html`
    <div class="names" aria-hidden="true">
      ${pane.map(
        ({ label, sign, unit }, i) =>
          html`<p><b>${sign}</b><bdi>${label}</bdi>${i === 0 ? html`<small>${unit}</small>` : nothing}</p>`,
      )}
    </div>
  `;
}

function labelsOf(pane: readonly ShownLine[]): string {
  return pane.map(({ label, sign }) => (sign ? `${sign} ${label}` : label)).join(' · ');
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-time-panes': FenTimePanes;
  }
}
