import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '../components/fen-figures.ts';
import type { Locale } from '../locale/locale.ts';
import { toPlainText } from '../locale/plain-text.ts';
import { scaledUnit } from '../locale/units.ts';
import { StoreController } from '../store/store-controller.ts';
import { shared } from '../styles/shared.ts';
import type { SampleRange } from '../waveform/capture-pieces.ts';
import { flagsIn } from '../waveform/device-flags.ts';
import '../waveform/fen-spectrum-chart.ts';
import type { SpectrumCursorEvent } from '../waveform/fen-spectrum-chart.ts';
import '../waveform/fen-wave-chart.ts';
import type { FenWaveChart } from '../waveform/fen-wave-chart.ts';
import '../waveform/fen-wave-strip.ts';
import type { CaptureViewing } from '../waveform/capture-viewing.ts';
import { peakOf } from '../waveform/spectrum.ts';
import {
  type Markers,
  markedRange,
  type WaveCursorEvent,
  type WaveMarkersEvent,
  type WaveViewEvent,
} from '../waveform/wave-events.ts';
import { readWave } from '../waveform/wave-readout.ts';
import { zoomView } from '../waveform/wave-view.ts';
import { queryOf, replaceQuery } from './address.ts';
import { aboutCapture, markerFigures, placeWords, selectionFigures, selectionScale } from './capture-figures.ts';
import { describeFlags, hertzWords, labelOf, valueWords } from './capture-words.ts';
import { styles } from './fen-capture-view.styles.ts';
import { LookChangeEvent, REST_MS } from './look-change.ts';
import { readWaveLook, writeWaveLook } from './wave-address.ts';

const ZOOM = 2;

/** A recording, open: its picture, what of it is selected, and the spectrum of that. */
@customElement('fen-capture-view')
export class FenCaptureView extends LitElement {
  static override styles = [shared, styles];

  @property({ attribute: false }) viewing!: CaptureViewing;
  /** Of the address. */
  @property({ attribute: false }) query = '';
  @property({ attribute: false }) locale!: Locale;

  @state() private view!: SampleRange;
  @state() private cursor?: number;
  @state() private markers: Markers = {};
  @state() private peak?: SpectrumCursorEvent['peak'];
  @query('fen-wave-chart') private readonly chart!: FenWaveChart | null;
  private rest?: ReturnType<typeof setTimeout>;
  /** What the address says. */
  private written: ReturnType<typeof writeWaveLook> = {};

  constructor() {
    super();
    new StoreController(this, () => this.viewing.wave);
    new StoreController(this, () => this.viewing.desk);
    new StoreController(this, () => this.viewing.flags);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.rest);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('viewing')) this.cursor = undefined;
    if (changed.has('viewing') || changed.has('query')) this.follow(changed.has('viewing'));
    this.viewing.desk.want(markedRange(this.markers) ?? this.view, this.markers);
  }

  override render() {
    const { locale, viewing, view, markers, cursor } = this;
    const { text } = locale;
    const { wave, desk } = viewing;
    const { capture } = wave;
    const { figures } = desk.value;
    const isMarked = markedRange(markers) !== undefined;
    const failure = wave.value.failure ?? desk.value.failure;
    return html`
      <section
        class="view"
        aria-label=${text.waveform}
        @fen-wave-view=${(event: WaveViewEvent) => this.show(event.view)}
        @fen-wave-cursor=${(event: WaveCursorEvent) => this.point(event.index)}
        @fen-wave-markers=${(event: WaveMarkersEvent) => this.mark(event.markers)}
      >
        <div class="top">${this.renderReadout()} ${this.renderTools()}</div>
        ${wave.value.isLoading ? html`<p class="over coming">${text.waveComing}</p>` : nothing}
        <p class="over news" role="status">${failure === undefined ? nothing : text.captureNotLoaded(failure)}</p>
        <fen-wave-chart
          .wave=${wave}
          .view=${view}
          .markers=${markers}
          .cursor=${cursor}
          .unit=${toPlainText(capture.unit)}
          .gapText=${text.noData}
          .triggerText=${text.trigger}
          .flags=${viewing.flags.value}
          .formatFlags=${this.formatFlags}
          .summary=${text.waveformOf(labelOf(capture))}
          .formatNumber=${this.formatNumber}
        ></fen-wave-chart>
        <fen-wave-strip .wave=${wave} .view=${view}></fen-wave-strip>
        ${this.renderSpectrum()}
      </section>
      <aside aria-label=${text.measurements} tabindex="0">
        <fen-figures class=${markers.a === undefined && markers.b === undefined ? 'unset' : ''} .heading=${text.markers} .note=${text.markersHint} .figures=${markerFigures(capture, markers, desk.value, locale)}></fen-figures>
        <fen-figures .heading=${text.selection} .note=${isMarked ? text.betweenMarkers : text.whatIsShown} .figures=${selectionFigures(capture, figures, locale)} ?stale=${desk.value.failure !== undefined}></fen-figures>
        <fen-figures .heading=${text.capture} .figures=${aboutCapture(capture, locale, flagsIn(viewing.flags.value, wave.whole))}></fen-figures>
      </aside>
    `;
  }

  private renderReadout() {
    const { locale, cursor, view } = this;
    if (cursor === undefined) return this.renderHint();
    const { capture } = this.viewing.wave;
    const picture = this.chart?.drawn;
    const read = picture && readWave(picture, view, cursor);
    const [apart, ...places] = placeWords(capture, read?.index ?? Math.round(cursor), locale);
    const scale = selectionScale(capture, this.viewing.desk.value.figures);
    const reach = picture?.kind === 'columns' ? (view.to - view.from) / picture.length : 1;
    const said = flagsIn(this.viewing.flags.value, { from: cursor - reach / 2, to: cursor + reach / 2 });
    const low = read === undefined || read.low === read.high ? '' : `${locale.value(read.low, scale)} … `;
    return html`
      <div class="readout" aria-live="polite" aria-atomic="true">
        <p class="value">
          <b>${low}${locale.value(read?.high, scale)}</b><small>${scaledUnit(toPlainText(capture.unit), scale.exponent)}</small>
          <span class="apart">${apart}</span>
        </p>
        <p class="places">
          ${places.map((words) => html`<span>${words}</span>`)}
          ${said === 0 ? nothing : html`<b>${locale.text.deviceSaid}: ${describeFlags(said, locale)}</b>`}
        </p>
      </div>
    `;
  }

  /** By what there is to point with. */
  private renderHint() {
    const { text } = this.locale;
    return html`<p class="readout hint"><span class="mouse">${text.cursorHint}</span><span class="touch">${text.touchHint}</span></p>`;
  }

  private renderTools() {
    const { text } = this.locale;
    const { markers } = this;
    const at = () => this.cursor ?? (this.view.from + this.view.to) / 2;
    return html`
      <div class="tools" role="toolbar" aria-label=${text.tools}>
        <button aria-label=${text.zoomOut} title=${text.zoomOut} @click=${() => this.zoom(ZOOM)}>−</button>
        <button aria-label=${text.zoomIn} title=${text.zoomIn} @click=${() => this.zoom(1 / ZOOM)}>+</button>
        <button @click=${() => this.show(this.viewing.wave.whole)}>${text.wholeCapture}</button>
        <button title=${text.markHere('A')} aria-label=${text.markHere('A')} @click=${() => this.mark({ ...markers, a: Math.round(at()) })}>A</button>
        <button title=${text.markHere('B')} aria-label=${text.markHere('B')} @click=${() => this.mark({ ...markers, b: Math.round(at()) })}>B</button>
        <button ?disabled=${markers.a === undefined && markers.b === undefined} @click=${() => this.mark({})}>${text.clearMarkers}</button>
      </div>
    `;
  }

  private renderSpectrum() {
    const { locale } = this;
    const { text } = locale;
    const { wave, desk } = this.viewing;
    const { spectrum, isStale } = desk.value;
    const { unit } = wave.capture;
    const peak = this.peak ?? (spectrum && peakOf(spectrum));
    const peakWords = peak ? `${hertzWords(peak.hz, locale)} · ${valueWords(peak.amplitude, unit, locale)}` : '';
    const made =
      spectrum &&
      text.spectrumOf(
        locale.count(spectrum.segments),
        locale.count(spectrum.samples),
        hertzWords(spectrum.stepHz, locale),
      );
    return html`
      <div class="heading">
        <h2>${text.spectrum}</h2>
        <span>${made ?? (isStale ? text.spectrumComing : text.noSpectrum)}</span>
        <b aria-live="polite">${this.peak || !peak ? '' : html`<small>${text.peak}</small> `}${peakWords}</b>
      </div>
      <fen-spectrum-chart
        .spectrum=${spectrum}
        .unit=${toPlainText(unit)}
        .summary=${`${text.spectrum}. ${peak ? `${text.peak} ${peakWords}. ` : ''}${text.spectrumKeys}`}
        .formatNumber=${this.formatNumber}
        .formatAmplitude=${this.formatAmplitude}
        @fen-spectrum-cursor=${(event: SpectrumCursorEvent) => {
          this.peak = event.peak;
        }}
      ></fen-spectrum-chart>
    `;
  }

  private readonly formatFlags = (flags: number): string => describeFlags(flags, this.locale);

  private readonly formatNumber = (value: number, digits: number): string => this.locale.fixed(value, digits);

  /** A power of ten, such as 10⁻³. */
  private readonly formatAmplitude = (value: number): string => {
    const power = Math.round(Math.log10(value));
    return power === 0 ? '1' : scaledUnit('', power).replace('×', '');
  };

  private zoom(times: number): void {
    const { wave } = this.viewing;
    this.show(zoomView(this.view, wave.whole, times, this.cursor ?? (this.view.from + this.view.to) / 2));
  }

  private show(view: SampleRange): void {
    this.view = view;
    this.note();
  }

  private point(index: number | undefined): void {
    this.cursor = index;
  }

  private mark(markers: Markers): void {
    this.markers = markers;
    this.note();
  }

  /** Shows what the address says, unless it is what it was made to say here. */
  private follow(isNew: boolean): void {
    const { whole } = this.viewing.wave;
    const look = readWaveLook(this.query, whole);
    const written = writeWaveLook(look, whole);
    if (!isNew && JSON.stringify(written) === JSON.stringify(this.written)) return;
    clearTimeout(this.rest);
    this.written = written;
    ({ view: this.view, markers: this.markers } = look);
  }

  /** Keeps the address, which a reload and a colleague open at the same place, once the hand rests. */
  private note(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.write(), REST_MS);
  }

  /** Another view is a step of the browser's history; markers go with the view they are set in. */
  private write(): void {
    const before = this.written;
    const now = writeWaveLook({ view: this.view, markers: this.markers }, this.viewing.wave.whole);
    this.written = now;
    if (now.from === before.from && now.to === before.to) replaceQuery(now);
    else this.dispatchEvent(new LookChangeEvent(queryOf(now)));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-capture-view': FenCaptureView;
  }
}
