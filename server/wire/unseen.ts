// As the pages show names: what nobody sees is not kept in what people write either.
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A text without what is not seen, or turns round or hides what stands beside it. */
export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, '');
}
