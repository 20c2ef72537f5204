// Nothing to see, or something that happens to the text around it: controls,
// directions, joiners, fillers, tags, the Braille blank. Some scripts lose a
// fine point of their spelling with them; a name never loses a letter.
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const HALVES = /\p{Cs}/gu;
const BREAKS = /[\s\p{Cc}\p{Z}]+/gu;
// More marks on one letter than any language writes reach over the lines around.
const MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * What a device or the settings call something, as it may stand on the screen:
 * one line, with nothing in it that cannot be seen and nothing that turns
 * round, hides or overlays what stands beside it. May be empty.
 */
export function toPlainText(text: string): string {
  return text.replace(HALVES, '\ufffd').replace(UNSEEN, '').replace(BREAKS, ' ').replace(MARKS, '$1').trim();
}
