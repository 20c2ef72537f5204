import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import type { Plugin } from 'vite';

// The icons that phones want, drawn of the one there is.

const SIDE = 32; // of its view box
const ROUND = /<rect width="32" height="32" rx="4"/;
/** So far the picture shrinks where a phone cuts its own shape out, of which only the inner 80 % is safe. */
const MARGIN = 3;

/** `none` as it is; `cut` to the edges, for a phone that cuts a shape out of it. */
type Edge = 'none' | 'cut';

const FILES: readonly (readonly [name: string, px: number, edge: Edge])[] = [
  ['alarms-icon-192.png', 192, 'none'],
  ['alarms-icon-512.png', 512, 'none'],
  ['alarms-icon-192-maskable.png', 192, 'cut'],
  ['alarms-icon-512-maskable.png', 512, 'cut'],
  ['alarms-icon-180.png', 180, 'cut'], // of an iPhone, which has no transparency
];

/** Adds the icons of an SVG to what is built, as PNG, and itself as `alarms-icon.svg`. */
export function iconFiles(path: string): Plugin {
  return {
    name: 'icon-files',
    apply: 'build',
    generateBundle() {
      const svg = readFileSync(path, 'utf8');
      this.emitFile({ type: 'asset', fileName: 'alarms-icon.svg', source: svg });
      for (const [fileName, px, edge] of FILES) {
        const drawn = new Resvg(edge === 'cut' ? toEdges(svg) : svg, { fitTo: { mode: 'width', value: px } }).render();
        this.emitFile({ type: 'asset', fileName, source: drawn.asPng() });
      }
    },
  };
}

function toEdges(svg: string): string {
  if (!ROUND.test(svg)) throw new Error(`the icon has no ground of ${ROUND}, which goes to the edges`);
  const [from, side] = [-MARGIN, SIDE + 2 * MARGIN];
  const ground = `<rect x="${from}" y="${from}" width="${side}" height="${side}"`;
  return svg.replace(ROUND, ground).replace(/viewBox="[^"]*"/, `viewBox="${from} ${from} ${side} ${side}"`);
}
