/** Part of a text in Markdown: what a card needs. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'table'; readonly heading: readonly string[]; readonly rows: readonly (readonly string[])[] };

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;
const FENCE = /^```/;
const RULE = /^\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;

/** Splits a text into blocks. What is not known as one of them is a paragraph. */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const takeWhile = (is: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && is(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = HEADING.exec(line);
    if (line.trim() === '') at++;
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1].length, text: heading[2] });
      at++;
    } else if (FENCE.test(line)) {
      at++;
      blocks.push({ kind: 'code', text: takeWhile((other) => !FENCE.test(other)).join('\n') });
      at++;
    } else if (isTable(line, lines[at + 1])) {
      const [first, , ...rows] = takeWhile((other) => other.includes('|')).map(cellsOf);
      blocks.push({ kind: 'table', heading: first, rows });
    } else if (ITEM.test(line))
      blocks.push({ kind: 'list', items: itemsOf(takeWhile((other) => other.trim() !== '')) });
    else {
      at++; // whatever it looks like
      const more = takeWhile(
        (other) => other.trim() !== '' && !HEADING.test(other) && !FENCE.test(other) && !ITEM.test(other),
      );
      blocks.push({ kind: 'paragraph', text: [line, ...more].map((of) => of.trim()).join(' ') });
    }
  }
  return blocks;
}

function isTable(line: string, next: string | undefined): boolean {
  return line.includes('|') && next !== undefined && RULE.test(next.trim());
}

function cellsOf(line: string): string[] {
  const inside = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** A line that begins no item goes on with the one before. */
function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    const item = ITEM.exec(line)?.[1];
    if (item !== undefined) items.push(item);
    else items.push(`${items.pop()} ${line.trim()}`);
  }
  return items;
}
