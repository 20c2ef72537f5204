import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelClassReply, ModelManifestReply, ModelReportReply } from '../../server/wire/models.ts';
import { classSymbol } from '../components/class-symbol.ts';
import '../components/fen-candidates.ts';
import '../components/fen-confusion.ts';
import type { CurvePoint, Tick } from '../components/fen-curve.ts';
import '../components/fen-curve.ts';
import '../components/fen-scores.ts';
import '../components/fen-table.ts';
import { type Locale, NO_FIGURE } from '../locale/locale.ts';
import { MODEL_TEXTS } from '../locale/model-texts.ts';
import { shared } from '../styles/shared.ts';
import { classesNote, omissionWords, percent, scoresOf } from './model-words.ts';

const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** What a model is worth: all figures of its report. */
@customElement('fen-model-report')
export class FenModelReport extends LitElement {
  static override styles = [
    shared,
    css`
      :host,
      .curves {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        align-items: start;
      }
      @container (min-width: 70em) {
        .matrix {
          grid-template-columns: minmax(0, 5fr) minmax(0, 3fr);
          align-items: stretch;
        }
        .tables {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) manifest!: ModelManifestReply;
  @property({ attribute: false }) report!: ModelReportReply;
  @property({ attribute: false }) locale!: Locale;

  override render() {
    const { manifest, report, locale } = this;
    const text = MODEL_TEXTS[locale.language];
    const { comparison } = report;
    return html`
      <fen-scores .heading=${text.worth} .scores=${scoresOf(report, locale)}></fen-scores>
      <div class="pair matrix">
        <fen-confusion .classes=${manifest.classes} .confusion=${report.test.confusion} .locale=${locale}></fen-confusion>
        <div class="curves">${this.renderReliability()} ${this.renderLearning()}</div>
      </div>
      <div class="pair tables">${this.renderClasses()} ${this.renderUnknown()}</div>
      <fen-candidates
        .candidates=${comparison.candidates}
        .best=${comparison.best}
        .why=${`${text.comparedWhy(locale.count(comparison.candidates.length), locale.count(comparison.runs), locale.count(comparison.folds))}${omissionWords(report, locale)}`}
        .locale=${locale}
      ></fen-candidates>
    `;
  }

  private renderReliability() {
    const { locale } = this;
    const text = MODEL_TEXTS[locale.language];
    const bins = this.report.test.reliability.filter(({ runs }) => runs > 0);
    const most = Math.max(...bins.map(({ runs }) => runs));
    const points = bins.map(({ confidence, accuracy, runs }): CurvePoint => {
      const cells = [percent(confidence, locale), percent(accuracy, locale), locale.count(runs)];
      return { x: confidence, y: accuracy, weight: runs / most, cells };
    });
    return html`
      <fen-curve
        .heading=${text.reliability}
        .why=${text.reliabilityWhy}
        .xName=${text.confidence}
        .columns=${[text.confidence, text.rightShare, text.runs]}
        .xTicks=${this.shareTicks()}
        .yTicks=${this.shareTicks()}
        .points=${points}
        ideal
      ></fen-curve>
    `;
  }

  private renderLearning() {
    const { locale, report } = this;
    const text = MODEL_TEXTS[locale.language];
    const { learningCurve } = report;
    const xEnd = Math.max(1, ...learningCurve.map(({ runs }) => runs));
    const points = learningCurve.map(({ runs, macroF1, accuracy }): CurvePoint => {
      const cells = [locale.count(runs), locale.fixed(macroF1, 3), percent(accuracy, locale)];
      return { x: runs, y: macroF1, weight: 0, cells };
    });
    return html`
      <fen-curve
        .heading=${text.learning}
        .why=${text.learningWhy}
        .xName=${text.fittedTo}
        .columns=${[text.fittedTo, text.macroF1, text.accuracyShort]}
        .xEnd=${xEnd}
        .xTicks=${[0, xEnd / 2, xEnd].map((runs): Tick => [runs, locale.count(runs)])}
        .yTicks=${SHARES.map((share): Tick => [share, locale.fixed(share, 2)])}
        .points=${points}
      ></fen-curve>
    `;
  }

  private renderClasses() {
    const { locale, manifest, report } = this;
    const text = MODEL_TEXTS[locale.language];
    const trained = new Map(report.data.classes.map(({ label, runs }) => [label, runs]));
    return html`
      <fen-table
        .heading=${text.classes}
        .columns=${[text.className, text.precision, text.recall, text.sureRecall, text.f1, text.testRuns, text.trainRuns]}
        .rows=${report.test.classes.map(({ label, precision, recall, sureRecall, f1, support }, i) => [
          this.named(manifest.classes[i]),
          percent(precision, locale),
          percent(recall, locale),
          sureRecall === undefined ? NO_FIGURE : percent(sureRecall, locale),
          locale.fixed(f1, 3),
          locale.count(support),
          locale.count(trained.get(label)),
        ])}
        .note=${classesNote(report, locale)}
      ></fen-table>
    `;
  }

  private renderUnknown() {
    const { locale, manifest } = this;
    const text = MODEL_TEXTS[locale.language];
    const { candidates, score, falseAlarms } = this.report.unknown;
    const figures = (of: { readonly auroc: number; readonly rejected: number } | undefined) =>
      of ? [locale.fixed(of.auroc, 3), percent(of.rejected, locale)] : ['', ''];
    const rows = manifest.classes.map((of) => [
      this.named(of),
      ...candidates.flatMap(({ classes }) => figures(classes.find(({ label }) => label === of.label))),
    ]);
    return html`
      <fen-table
        .heading=${text.unknown}
        .columns=${[text.leftOut, ...candidates.flatMap((of) => [text.auroc(text.scores[of.score]), text.told(text.scores[of.score])])]}
        .rows=${candidates.length === 0 ? [] : [...rows, [text.allClasses, ...candidates.flatMap(figures)]]}
        .note=${candidates.length === 0 ? text.unknownNone : text.unknownWhy(text.scores[score], percent(falseAlarms, locale))}
      ></fen-table>
    `;
  }

  private named(of: ModelClassReply) {
    return html`${classSymbol(of)} ${of.name[this.locale.language]}`;
  }

  private shareTicks(): Tick[] {
    return SHARES.map((share): Tick => [share, this.locale.percent(share)]);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fen-model-report': FenModelReport;
  }
}
