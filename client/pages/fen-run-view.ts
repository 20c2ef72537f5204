import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { valueAxis } from '../charts/value-axis.ts';
import { nextRange } from '../charts/value-range.ts';
import { renderSign } from '../components/class-symbol.ts';
import { spanName, spanSign } from '../components/diagnosis-verdict.ts';
import '../components/fen-class-bars.ts';
import '../components/fen-figures.ts';
import '../components/fen-run-plot.ts';
import type { RunPointEvent } from '../components/fen-run-plot.ts';
import '../components/fen-unknown-score.ts';
import { captureHref } from '../components/route.ts';
import { extentOf, type RunLines } from '../components/run-paths.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { RUN_TEXTS } from '../locale/run-texts.ts';
import { gravity } from '../store/diagnosis-span.ts';
import type { LookedRun } from '../store/looking-back.ts';
import { OpenedRun, tellingExamples } from '../store/opened-run.ts';
import { RunSamples } from '../store/run-samples.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import { styles } from './fen-run-view.styles.ts';
import { isUnknown, neighbourRun, runSources, samplesSources } from './run-sources.ts';
import { classShares, comparisonWords, keptWords, labelWords, lookOf, reasonWords, runFigures } from './run-words.ts';

const VALUE_STEPS = 4;

/** Another run is to be looked at; the trends again where it is undefined. */
export class RunGoEvent extends Event {
  readonly run: LookedRun | undefined;

  constructor(run: LookedRun | undefined) {
    super('fen-run-go');
    this.run = run;
  }
}

/** One plot. */
interface ShownRun {
  readonly heading: string;
  readonly note: string;
  readonly lines: RunLines;
}

/**
 * One run beside the examples that it is nearest to, on common axes, with all
 * that its model said of it. Where a person has just opened it, its raw samples
 * are captured if they can still be had. Fires `fen-run-go`.
 */
@customElement('fen-run-view')
export class FenRunView extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) run!: LookedRun;
  /** A person opened it here: an address alone captures nothing. */
  @property({ attribute: false }) isByHand = false;
  /** What its channel is called. */
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) unit = '';
  /** Of its channel: where the history begins, and the present. */
  @property({ attribute: false }) firstMs?: number;
  @property({ attribute: false }) nowMs?: number;
  @property({ attribute: false }) locale!: Locale;

  @state() private cursor?: number;
  @state() private news = '';
  @query('h2') private readonly heading?: HTMLElement;

  private readonly opened = new OpenedRun(runSources());
  private readonly samples = new RunSamples(samplesSources());
  private readonly onKey = (event: KeyboardEvent) => {
    const isElsewhere = event.composedPath().some((node) => node instanceof HTMLDialogElement);
    if (event.key === 'Escape' && !event.defaultPrevented && !isElsewhere) this.go(undefined);
  };

  constructor() {
    super();
    new StoreController(this, () => this.opened);
    new StoreController(this, () => this.samples);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    this.opened.close();
  }

  protected override firstUpdated(): void {
    this.heading?.focus({ preventScroll: true });
    this.scrollIntoView({ block: 'start' });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('run');
    const { run } = this;
    if (changed.has('run') && (before?.channel !== run.channel || before.timeMs !== run.timeMs)) void this.open(run);
  }

  override render() {
    const text = RUN_TEXTS[this.locale.language];
    const { diagnosis } = this.opened.value;
    return html`
      <div class="head">
        <div class="steps">
          <button aria-label=${text.earlier} title=${text.earlier} ?disabled=${!diagnosis} @click=${() => this.step('earlier')}><span aria-hidden="true">⇤</span></button>
          <button aria-label=${text.later} title=${text.later} ?disabled=${!diagnosis} @click=${() => this.step('later')}><span aria-hidden="true">⇥</span></button>
        </div>
        ${this.renderHeading()}
        <p class="samples" role="status">${this.renderSamples()}</p>
        <button class="close" aria-label=${text.toTrend} title=${text.toTrend} @click=${() => this.go(undefined)}><span aria-hidden="true">✕</span></button>
      </div>
      <section class="runs" tabindex="0" aria-label=${text.run}>
        <p class="said" role="status">${this.said}</p>
        ${this.renderPlots()}
      </section>
      <aside tabindex="0" aria-label=${this.locale.text.diagnosis}>${this.renderAside()}</aside>
    `;
  }

  private renderHeading() {
    const { locale } = this;
    const { diagnosis, manifest } = this.opened.value;
    if (!diagnosis) return html`<h2 tabindex="-1">${RUN_TEXTS[locale.language].run}</h2>`;
    const look = lookOf(diagnosis, manifest);
    const severity = gravity(look) > 0 ? look.ofClass?.severity : undefined;
    const confidence = look.kind === 'class' ? diagnosis.probabilities?.[diagnosis.classIndex ?? 0] : undefined;
    return html`
      <h2 tabindex="-1">
        ${renderSign(spanSign(look), severity, look.isUnsure)} ${spanName(look, locale)}
        ${confidence === undefined ? nothing : html`<small>${locale.percent(confidence)}</small>`}
      </h2>
      <span class="when">${locale.exact(diagnosis.timeMs)} … ${locale.exact(diagnosis.endMs).slice(11)} ${locale.zone(diagnosis.timeMs)}</span>
    `;
  }

  /** What is to be said before the plots. */
  private get said(): string {
    const { locale, news } = this;
    const text = RUN_TEXTS[locale.language];
    const state = this.opened.value;
    const { diagnosis, points, problem, isLoading } = state;
    if (isUnknown(problem)) return text.noRun;
    if (problem !== undefined) return text.failed(problem instanceof Error ? problem.message : String(problem));
    if (isLoading) return points ? '' : text.loading;
    const gone = points === undefined && diagnosis !== undefined ? text.pointsGone : '';
    return [news, diagnosis ? reasonWords(diagnosis, locale) : '', gone, comparisonWords(state, locale)]
      .filter((words) => words !== '')
      .map((words) => (/[.!?…。]$/.test(words) ? words : `${words}.`))
      .join(' ');
  }

  private renderPlots() {
    const { locale, cursor } = this;
    const text = RUN_TEXTS[locale.language];
    const { diagnosis, points } = this.opened.value;
    if (!diagnosis || !points) return nothing;
    const shown = this.shown;
    const extent = extentOf(shown.map(({ lines }) => lines));
    if (!extent) return nothing;
    const range = nextRange(undefined, extent, 0);
    const axis = valueAxis(range, VALUE_STEPS);
    const seconds = (diagnosis.windows * points.pointMs) / 1000;
    return html`
      ${shown.map(
        ({ heading, note, lines }, i) => html`
          <fen-run-plot
            .heading=${heading}
            .note=${note}
            .lines=${lines}
            .ghost=${i === 0 ? undefined : points.mean}
            .range=${range}
            .axis=${axis}
            .points=${diagnosis.windows}
            .seconds=${seconds}
            .cursor=${cursor}
            .read=${this.readAt(lines, points.pointMs)}
            ?timed=${i === shown.length - 1}
            @fen-run-point=${({ at }: RunPointEvent) => {
              this.cursor = at;
            }}
          ></fen-run-plot>
        `,
      )}
      <p class="axis">${text.seconds}</p>
    `;
  }

  private get shown(): ShownRun[] {
    const { locale } = this;
    const text = RUN_TEXTS[locale.language];
    const { diagnosis, points, manifest, near } = this.opened.value;
    if (!diagnosis || !points) return [];
    const normal = manifest?.classes[0]?.label;
    const missing = points.missing > 0 ? text.missingPoints(locale.count(points.missing)) : '';
    const examples = tellingExamples(diagnosis, near, normal).map(({ label, distance, points: lines }) => ({
      heading: label === normal ? text.nearestNormal : text.nearestOf(labelWords(label, manifest, locale)),
      note: `${text.distance(locale.fixed(distance, 2))} · ${text.thinLine}`,
      lines,
    }));
    return [{ heading: text.thisRun, note: missing, lines: points }, ...examples];
  }

  private readAt({ min, max, mean }: RunLines, pointMs: number): string {
    const { cursor, locale, unit } = this;
    if (cursor === undefined) return '';
    const written = (values: ArrayLike<number> | undefined) => locale.fixed(values?.[cursor], 4);
    const ends = min && max ? ` (${written(min)} … ${written(max)})` : '';
    return `${locale.fixed((cursor * pointMs) / 1000, 3)} s: ${written(mean)}${ends} ${unit}`;
  }

  private renderAside() {
    const { locale } = this;
    const { diagnosis, manifest } = this.opened.value;
    if (!diagnosis) return nothing;
    const shares = classShares(diagnosis, manifest, locale);
    const { unknown } = manifest?.version === diagnosis.version ? manifest.thresholds : {};
    return html`
      ${shares.length === 0 ? nothing : html`<fen-class-bars .shares=${shares} .locale=${locale}></fen-class-bars>`}
      ${shares.length === 0 ? nothing : html`<fen-unknown-score .score=${diagnosis.unknownScore} .threshold=${unknown} .locale=${locale}></fen-unknown-score>`}
      <fen-figures .heading=${RUN_TEXTS[locale.language].run} .figures=${runFigures(diagnosis, this.label, locale)}></fen-figures>
    `;
  }

  private renderSamples() {
    const text = RUN_TEXTS[this.locale.language];
    const { value } = this.samples;
    switch (value.kind) {
      case 'unknown':
        return nothing;
      case 'loose':
        return html`<button @click=${() => this.keep()}>${text.keepSamples}</button>`;
      case 'asking':
        return text.samplesAsking;
      case 'gone':
        return text.samplesGone;
      case 'refused':
        return text.samplesRefused(toPlainText(value.why));
      case 'kept':
        return html`${keptWords(value, this.opened.value.diagnosis, this.locale)} <a class="button" href=${captureHref(value.id)}>${this.locale.text.openCapture}</a>`;
    }
  }

  private async open({ channel, timeMs }: LookedRun): Promise<void> {
    this.cursor = undefined;
    this.news = '';
    this.samples.forget();
    const { isByHand } = this;
    await this.opened.open(channel, timeMs);
    const { diagnosis } = this.opened.value;
    if (!diagnosis || this.run.timeMs !== timeMs || this.run.channel !== channel) return;
    if (isByHand) void this.keep();
    else void this.samples.look(diagnosis, this.nowMs);
  }

  private async keep(): Promise<void> {
    const { diagnosis, manifest } = this.opened.value;
    if (!diagnosis) return;
    const said = spanName(lookOf(diagnosis, manifest), this.locale);
    await this.samples.keep(diagnosis, { nowMs: this.nowMs, diagnosis: said });
  }

  private async step(to: 'earlier' | 'later'): Promise<void> {
    const { diagnosis } = this.opened.value;
    const { firstMs, nowMs } = this;
    if (!diagnosis || firstMs === undefined || nowMs === undefined) return;
    const words = RUN_TEXTS[this.locale.language];
    try {
      const timeMs = await neighbourRun(diagnosis, { to, firstMs, lastMs: nowMs });
      if (timeMs === undefined) this.news = words.noFurther;
      else this.go({ channel: diagnosis.channel, timeMs });
    } catch (error) {
      this.news = words.failed(error instanceof Error ? error.message : String(error));
    }
  }

  private go(run: LookedRun | undefined): void {
    this.dispatchEvent(new RunGoEvent(run));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-run-view': FenRunView;
  }
}
