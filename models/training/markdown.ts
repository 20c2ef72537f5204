/** A table in Markdown. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A figure between 0 and 1. */
export function share(value: number): string {
  return value.toFixed(3);
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
