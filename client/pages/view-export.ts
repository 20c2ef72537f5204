import { HISTORY_COLUMNS, type HistoryReply } from '../../server/wire/history.ts';
import { FIGURE_COLUMNS, flagWords } from '../../server/wire/row-flag.ts';
import type { ExportKind, ExportLink } from '../components/fen-export.ts';
import type { FenTimePanes, PanePicture } from '../components/fen-time-panes.ts';
import type { ShownLine } from '../components/shown-lines.ts';
import type { Locale } from '../locale/locale.ts';
import { diagnosisRowsPath, fetchHistory, type HistoryQuery, historyPath } from '../net/history.ts';
import type { LookingBack } from '../store/looking-back.ts';
import { spanOf } from '../store/time-view.ts';

/** A picture to be made, and what stands over it. */
interface PictureParts {
  readonly title: string;
  readonly when: string;
  /** From top to bottom. */
  readonly panes: readonly PanePicture[];
  readonly colours: { readonly ground: string; readonly ink: string; readonly ink2: string };
  readonly font: string;
}

const CSV_COLUMNS = ['channel', 'unit', 'time', 'seconds', ...FIGURE_COLUMNS];
// Of a plot on a desk, where none is drawn to ask.
const COLUMNS = 2000;
const TITLE_PX = 22;
const TEXT_PX = 15;
const EDGE_PX = 20;

/** What is seen, to be taken along. */
export interface SeenView {
  readonly looking: LookingBack;
  readonly lines: readonly ShownLine[];
  readonly panes: FenTimePanes;
  readonly locale: Locale;
}

/** Makes a file of what is seen and hands it to the reader. Rejects where the points cannot be had. */
export async function saveView(kind: ExportKind, { looking, lines, panes, locale }: SeenView): Promise<void> {
  const { range, names } = looking;
  if (!range) return;
  const name = `${names.join('+').slice(0, 100)}-${new Date(range.fromMs).toISOString().slice(0, 19).replaceAll(':', '')}Z`;
  if (kind === 'csv') {
    const columns = spanOf(looking.value.view) / (panes.columnMs ?? Infinity) || COLUMNS;
    const replies = await Promise.all(names.map((channel) => fetchHistory(exportQuery(channel, range, columns))));
    save(new Blob([writeCsv(replies)], { type: 'text/csv' }), `${name}.csv`);
    return;
  }
  const style = getComputedStyle(panes);
  const colour = (token: string) => style.getPropertyValue(token).trim();
  const sheet = drawPicture({
    title: lines.map(({ label, sign }) => (lines.length > 1 ? `${sign} ${label}` : label)).join(' · '),
    when: `${locale.exact(range.fromMs)} … ${locale.exact(range.toMs)} ${locale.zone(range.toMs)}`,
    panes: panes.toPictures(),
    colours: { ground: colour('--panel'), ink: colour('--ink'), ink2: colour('--ink-2') },
    font: style.fontFamily,
  });
  const blob = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve, 'image/png'));
  if (blob) save(blob, `${name}.png`);
}

/** Where the server gives the points of each channel shown. */
export function arrowLinks(looking: LookingBack, lines: readonly ShownLine[]): ExportLink[] {
  const { range } = looking;
  if (!range) return [];
  return lines.map(({ name, label }) => ({ label, href: historyPath(exportQuery(name, range, COLUMNS), 'arrow') }));
}

/** Where the server gives the diagnoses of each channel shown that has any. */
export function diagnosisLinks(
  looking: Pick<LookingBack, 'range' | 'diagnoses'>,
  lines: readonly Pick<ShownLine, 'name' | 'label'>[],
): ExportLink[] {
  const { range } = looking;
  if (!range) return [];
  const diagnosed = lines.filter(({ name }) => looking.diagnoses(name).hasAny);
  return diagnosed.map(({ name, label }) => ({ label, href: diagnosisRowsPath(name, range) }));
}

/** The page of the raw recordings of what is seen: of all its channels, in its range. */
export function capturesPath({ names, range }: Pick<LookingBack, 'names' | 'range'>): string {
  const parameters = new URLSearchParams({ channel: names.join(',') });
  if (range) {
    parameters.set('from', String(Math.floor(range.fromMs)));
    parameters.set('to', String(Math.ceil(range.toMs)));
  }
  return `/captures?${parameters}`;
}

/** Puts the plots under each other on one sheet, with their title and time. */
function drawPicture({ title, when, panes, colours, font }: PictureParts): HTMLCanvasElement {
  const scale = devicePixelRatio;
  const edge = EDGE_PX * scale;
  const head = edge + (TITLE_PX + TEXT_PX + EDGE_PX) * scale;
  const sheet = document.createElement('canvas');
  sheet.width = Math.max(0, ...panes.map(({ canvas }) => canvas.width)) + 2 * edge;
  sheet.height = head + panes.reduce((sum, { canvas }) => sum + canvas.height, 0) + edge;
  const context = sheet.getContext('2d');
  if (!context) return sheet;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.textBaseline = 'top';
  context.fillStyle = colours.ink;
  context.font = `600 ${TITLE_PX * scale}px ${font}`;
  context.fillText(title, edge, edge);
  context.fillStyle = colours.ink2;
  context.font = `${TEXT_PX * scale}px ${font}`;
  context.fillText(when, edge, edge + (TITLE_PX + TEXT_PX / 2) * scale);
  let top = head;
  context.textAlign = 'right';
  for (const { canvas, label, unit } of panes) {
    context.drawImage(canvas, edge, top);
    if (panes.length > 1) context.fillText(`${label} ${unit}`, edge + canvas.width, top);
    top += canvas.height;
  }
  return sheet;
}

/** The rows of all channels as CSV lines that read back to the same numbers; figures of a row without finite samples are left empty. */
export function writeCsv(replies: readonly HistoryReply[]): string {
  const lines = replies.flatMap((reply) => csvLines(reply));
  return `${CSV_COLUMNS.join(',')}\n${lines.join('')}`;
}

/** Hands a file to the reader. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the browser has begun to read it by then
}

/** Of the rows that a plot of so many pixel columns shows. */
function exportQuery(channel: string, range: { fromMs: number; toMs: number }, columns: number): HistoryQuery {
  return {
    channel,
    fromMs: range.fromMs,
    toMs: range.toMs,
    columns: Math.min(HISTORY_COLUMNS, Math.ceil(columns * 2.5)),
  };
}

function csvLines({ channel, unit, rows }: HistoryReply): string[] {
  return rows.time.map((timeMs, i) => {
    const figures = rows.count[i] === 0 ? ',,,' : `${rows.min[i]},${rows.max[i]},${rows.mean[i]},${rows.deviation[i]}`;
    const counts = `${rows.count[i]},${rows.clipped[i]},${rows.nonfinite[i]},${flagWords(rows.flags[i])}`;
    return `${channel},${quoted(unit)},${isoTime(timeMs)},${rows.length[i] / 1000},${figures},${counts}\n`;
  });
}

/** With all digits that a number of ms has. */
function isoTime(timeMs: number): string {
  const wholeMs = Math.floor(timeMs);
  const ns = Math.round((timeMs - wholeMs) * 1e6);
  const [text] = new Date(wholeMs).toISOString().split('Z');
  return `${text}${String(ns).padStart(6, '0')}Z`;
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
