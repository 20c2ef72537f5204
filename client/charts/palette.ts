/** What the stylesheet says a chart looks like. */
export interface Palette {
  readonly trace: string;
  readonly band: string;
  /** Traces of further lines in the same plot. */
  readonly further: readonly string[];
  readonly normal: string;
  readonly line: string;
  readonly label: string;
  readonly ink: string;
  /** What a chart lies on. */
  readonly ground: string;
  readonly fontFamily: string;
  readonly fontPx: number;
  readonly tracePx: number;
  /** Width of a fine line. */
  readonly hairPx: number;
}

// Where the stylesheet gives no width of the trace. A line of one device pixel
// is drawn as a hairline, at half the cost of a wider one.
const TRACE_PX = 1;
const HAIR_PX = 1;
const FURTHER = ['--trace-2', '--trace-3', '--trace-4', '--trace-5', '--trace-6', '--trace-7', '--trace-8'];

/** Reads the tokens that hold at `element`. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    trace: token('--trace'),
    band: token('--band'),
    further: FURTHER.map(token),
    normal: token('--normal'),
    line: token('--line'),
    label: token('--ink-3'),
    ink: token('--ink'),
    ground: token('--panel'),
    fontFamily: style.fontFamily,
    fontPx: Number.parseFloat(style.fontSize),
    tracePx: Number.parseFloat(token('--trace-width')) || TRACE_PX,
    hairPx: Number.parseFloat(token('--hair')) || HAIR_PX,
  };
}

/** Calls `onChange` when the theme, the type scale or the font of the page may have changed, until the returned function is called. */
export function watchTheme(onChange: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const attributes = new MutationObserver(onChange);
  attributes.observe(document.documentElement, { attributes: true });
  scheme.addEventListener('change', onChange);
  document.fonts.addEventListener('loadingdone', onChange);
  return () => {
    attributes.disconnect();
    scheme.removeEventListener('change', onChange);
    document.fonts.removeEventListener('loadingdone', onChange);
  };
}
