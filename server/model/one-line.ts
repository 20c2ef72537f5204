// Of these a terminal does more than show them: controls, ends of lines, what turns a text round, halves of surrogate pairs.
const UNSHOWN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const ALL_UNSHOWN = new RegExp(`${UNSHOWN.source}+`, 'gu');

/** Whether people can be shown a text of a file as it is, on a page and in a terminal. */
export function isOneLine(text: string): boolean {
  return !UNSHOWN.test(text);
}

/** The text with spaces for what is more than shown. */
export function toOneLine(text: string): string {
  return text.replace(ALL_UNSHOWN, ' ');
}
