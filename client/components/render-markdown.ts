import { html, nothing, type TemplateResult } from 'lit';
import { type Block, parseMarkdown } from './markdown.ts';

// Of code first, so that nothing in it means anything.
const SPAN = /`([^`]+)`|\*\*(\S(?:[^*]*\S)?)\*\*|\*(\S(?:[^*]*\S)?)\*/g;

/** Shows Markdown as elements; whatever else stands in the text, such as HTML, stays text. Its first heading is of level `top`. */
export function renderMarkdown(text: string, top: 2 | 3): TemplateResult[] {
  return parseMarkdown(text).map((block) => renderBlock(block, top));
}

function renderBlock(block: Block, top: number): TemplateResult {
  switch (block.kind) {
    case 'heading':
      return renderHeading(block.level + top - 1, renderSpans(block.text));
    case 'paragraph':
      return html`<p>${renderSpans(block.text)}</p>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${renderSpans(item)}</li>`)}</ul>`;
    case 'code':
      return html`<pre tabindex="0">${block.text}</pre>`;
    case 'table':
      return html`<div class="scroll" tabindex="0" role="group" aria-label=${block.heading.join(', ')}><table>
        <thead><tr>${block.heading.map((cell) => html`<th scope="col">${renderSpans(cell)}</th>`)}</tr></thead>
        <tbody>${block.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${renderSpans(cell)}</td>`)}</tr>`)}</tbody>
      </table></div>`;
  }
}

function renderHeading(level: number, words: unknown): TemplateResult {
  if (level <= 2) return html`<h2>${words}</h2>`;
  return level === 3 ? html`<h3>${words}</h3>` : html`<h4>${words}</h4>`;
}

function renderSpans(text: string): unknown[] {
  const parts: unknown[] = [];
  let at = 0;
  for (const match of text.matchAll(SPAN)) {
    const [whole, code, strong, emphasis] = match;
    parts.push(text.slice(at, match.index));
    parts.push(
      code ? html`<code>${code}</code>` : strong ? html`<b>${strong}</b>` : html`<em>${emphasis ?? nothing}</em>`,
    );
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}
