/** Whether a channel's name fits a pattern, in which `*` stands for any characters, also for none. */
export function fitsPattern(pattern: string, name: string): boolean {
  let at = 0;
  let place = 0;
  // Where to go on when what follows the newest `*` does not fit: it takes one character more.
  let star = -1;
  let taken = 0;
  while (place < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      taken = place;
    } else if (pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++taken;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
