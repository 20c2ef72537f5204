// So far inside its edges a row is looked for, px.
const EDGE_PX = 2;

/**
 * The keys of the rows that are whole in view: neither scrolled out of their
 * list or of the page, nor under something else. Rows carry `data-key`.
 */
export function rowsInView(root: ShadowRoot, rows: Iterable<HTMLElement>): string[] {
  return [...rows].filter((row) => isWhole(root, row)).map((row) => row.dataset.key ?? '');
}

function isWhole(root: ShadowRoot, row: HTMLElement): boolean {
  const { left, right, top, bottom } = row.getBoundingClientRect();
  return [top + EDGE_PX, bottom - EDGE_PX].every((y) => {
    const found = root.elementFromPoint((left + right) / 2, y);
    return found?.closest('[data-key]') === row;
  });
}
