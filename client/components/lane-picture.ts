import type { ClassSeverity } from '../../server/wire/diagnoses.ts';
import { gravityOf } from '../store/diagnosis-span.ts';
import { SIGN_BOX, SIGN_LINE, SIGN_OUTLINE, type Sign } from './class-symbol.ts';

/** A stretch of time as it is drawn. */
export interface LaneStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: 'class' | 'unknown' | 'incomplete' | 'unavailable' | 'dropped';
  /** Undefined where nothing is said of how grave it is. */
  readonly severity: ClassSeverity | undefined;
  /** It is only suspected. */
  readonly isUnsure: boolean;
  /** Some of its runs were sure, some not. */
  readonly isMixed?: boolean | undefined;
  readonly name: string;
  readonly sign: Sign;
  /** Of many runs, what else than normal they came to, the gravest first; undefined where all came to the same. */
  readonly shares?: readonly LaneShare[] | undefined;
}

interface LaneShare extends Pick<LaneStretch, 'severity' | 'isUnsure'> {
  readonly share: number;
}

/** Where the time lies in the lane, CSS pixels. */
export interface LanePlane {
  readonly fromMs: number;
  readonly toMs: number;
  readonly left: number;
  readonly width: number;
}

/** What the stylesheet says a lane looks like. */
export interface LaneLook {
  readonly severities: Readonly<Record<ClassSeverity, string>>;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly font: string;
  readonly fontPx: number;
  readonly hairPx: number;
}

/** The part of a canvas that a lane is drawn with. */
export type LaneCanvas = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'beginPath'
  | 'rect'
  | 'clip'
  | 'fillRect'
  | 'strokeRect'
  | 'fill'
  | 'stroke'
  | 'fillText'
  | 'measureText'
  | 'translate'
  | 'scale'
  | 'setLineDash'
  | 'moveTo'
  | 'lineTo'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
  | 'globalAlpha'
  | 'font'
  | 'textBaseline'
>;

// Of the type's size: of the bar of what is normal, what each grade of severity adds, a sign, and what lies between.
const BAR_EM = 0.28;
const GRADE_EM = 0.1;
const SIGN_EM = 0.85;
const GAP_EM = 0.4;
// How much of a severity's colour lies behind its name.
const TINT = 0.16;
// What is grave is seen, however short it was, and however seldom.
const LEAST_PX = 2;
// Of what many runs came to, seen beside each other.
const SHARE_TINT = 0.4;
const UNSURE_SHARE_TINT = 0.2;
// Nearer than this, stretches lie side by side.
const TOUCH_PX = 0.5;

/**
 * Draws the stretches as bars at the lane's foot, the higher and the nearer to
 * the ink the graver; hollow where that is unsure, if only in part, or nobody
 * can say how grave, dashed where points were missing, nothing where nobody looked. Of many runs at once the
 * gravest has the bar, and what else than normal they came to lies over it, as
 * high as it was frequent. Sign and name stand above where there is room.
 */
export function drawLane(
  canvas: LaneCanvas,
  stretches: readonly LaneStretch[],
  { plane, look, height }: { plane: LanePlane; look: LaneLook; height: number },
): void {
  const perMs = plane.width / (plane.toMs - plane.fromMs);
  const end = plane.left + plane.width;
  canvas.save();
  canvas.beginPath();
  canvas.rect(plane.left, 0, plane.width, height);
  canvas.clip();
  canvas.font = look.font;
  canvas.textBaseline = 'middle';
  canvas.fillStyle = look.line;
  canvas.fillRect(plane.left, height - look.hairPx, plane.width, look.hairPx);
  const named: { readonly stretch: LaneStretch; readonly place: Place }[] = [];
  for (const stretch of stretches) {
    // Narrow stretches side by side show no seams where each takes whole pixels.
    const placed = (ms: number) => {
      const x = plane.left + (ms - plane.fromMs) * perMs;
      return stretch.shares ? Math.round(x) : x;
    };
    const from = placed(stretch.fromMs);
    const to = placed(stretch.toMs);
    const place = {
      left: Math.max(from, plane.left),
      right: Math.min(Math.max(to, from + leastPx(stretch)), end),
      height,
    };
    drawBar(canvas, stretch, place, look);
    const last = named.at(-1);
    const isOne = last?.stretch.name === stretch.name && place.left - last.place.right < TOUCH_PX;
    if (isOne) named[named.length - 1] = { stretch: last.stretch, place: { ...place, left: last.place.left } };
    else named.push({ stretch, place });
  }
  for (const { stretch, place } of named) drawName(canvas, stretch, place, look);
  canvas.restore();
}

interface Place {
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

function drawBar(canvas: LaneCanvas, stretch: LaneStretch, place: Place, look: LaneLook): void {
  const { kind, severity, isUnsure, isMixed, shares } = stretch;
  const { left, right, height } = place;
  const level = levelOf(stretch);
  const high = (BAR_EM + GRADE_EM * level) * look.fontPx;
  const top = height - high;
  const width = right - left;
  if (shares) drawShares(canvas, shares, { left, width, top, look });
  if (kind === 'unavailable' || kind === 'dropped') return;
  if (severity !== undefined && !isUnsure) {
    const isHollow = isMixed && level > 0 && !shares;
    canvas.fillStyle = look.severities[severity];
    if (!isHollow) canvas.fillRect(left, top, width, high);
    if (level === 0 || shares) return;
    canvas.globalAlpha = TINT;
    canvas.fillRect(left, 0, width, top);
    canvas.globalAlpha = 1;
    if (!isHollow) return;
  }
  const inset = look.hairPx / 2;
  canvas.strokeStyle = colourOf(severity, look);
  canvas.lineWidth = look.hairPx;
  if (kind === 'incomplete') {
    canvas.lineWidth = high / 2;
    canvas.setLineDash([high / 2, high / 2]);
    canvas.beginPath();
    canvas.moveTo(left, height - high / 2);
    canvas.lineTo(right, height - high / 2);
    canvas.stroke();
    canvas.setLineDash([]);
    return;
  }
  canvas.strokeRect(left + inset, top + inset, Math.max(0, width - 2 * inset), high - 2 * inset);
}

function drawShares(
  canvas: LaneCanvas,
  shares: NonNullable<LaneStretch['shares']>,
  { left, width, top, look }: { left: number; width: number; top: number; look: LaneLook },
): void {
  let foot = top;
  for (const { severity, isUnsure, share } of shares) {
    const high = Math.min(foot, Math.max(LEAST_PX, share * top));
    canvas.globalAlpha = isUnsure ? UNSURE_SHARE_TINT : SHARE_TINT;
    canvas.fillStyle = colourOf(severity, look);
    canvas.fillRect(left, foot - high, width, high);
    foot -= high;
  }
  canvas.globalAlpha = 1;
}

function drawName(canvas: LaneCanvas, stretch: LaneStretch, place: Place, look: LaneLook): void {
  const { severity, isUnsure, name, sign } = stretch;
  const { left, right, height } = place;
  const em = look.fontPx;
  const isGrave = levelOf(stretch) > 0;
  const room = right - left - 2 * GAP_EM * em;
  const signPx = SIGN_EM * em;
  if (room < signPx) return;
  const y = (height - BAR_EM * em) / 2 - (GRADE_EM * levelOf(stretch) * em) / 2;
  drawSign(canvas, sign, {
    left: left + GAP_EM * em,
    top: y - signPx / 2,
    px: signPx,
    colour: isGrave ? colourOf(severity, look) : look.quiet,
    isFilled: isGrave && !isUnsure,
    isThin: isGrave && isUnsure,
  });
  const textLeft = signPx + GAP_EM * em;
  if (canvas.measureText(name).width > room - textLeft) return;
  canvas.fillStyle = isGrave && !isUnsure ? look.ink : look.quiet;
  canvas.fillText(name, left + GAP_EM * em + textLeft, y);
}

interface SignLook {
  readonly left: number;
  readonly top: number;
  readonly px: number;
  readonly colour: string;
  readonly isFilled: boolean;
  readonly isThin: boolean;
}

function drawSign(
  canvas: LaneCanvas,
  { path, isLine }: Sign,
  { left, top, px, colour, isFilled, isThin }: SignLook,
): void {
  const shape = new Path2D(path);
  canvas.save();
  canvas.translate(left, top);
  canvas.scale(px / SIGN_BOX, px / SIGN_BOX);
  canvas.lineCap = 'round';
  canvas.lineJoin = 'round';
  canvas.lineWidth = isLine && !isThin ? SIGN_LINE : SIGN_OUTLINE;
  canvas.fillStyle = colour;
  canvas.strokeStyle = colour;
  if (isFilled && !isLine) canvas.fill(shape);
  canvas.stroke(shape);
  canvas.restore();
}

function leastPx(stretch: LaneStretch): number {
  return levelOf(stretch) > 0 ? LEAST_PX : 0;
}

function levelOf({ severity, isUnsure }: LaneStretch): number {
  return severity === undefined ? 0 : gravityOf(severity, isUnsure);
}

function colourOf(severity: ClassSeverity | undefined, look: LaneLook): string {
  return severity === undefined ? look.quiet : look.severities[severity];
}
