import type { LossDeclaration } from '../declaration';
import { discover, lossAt } from './discover';

/** The loss of that name in a text, however it was found: by annotation, by name, or at the cursor. */
export function lossInText(text: string, file: string, name: string): LossDeclaration | null {
  const known = discover(text, file, 'named').find((loss) => loss.name === name);
  if (known) return known;
  // A loss that was run from the cursor is not found by name: look at every place its name stands.
  for (let at = text.indexOf(name); at >= 0 && name !== ''; at = text.indexOf(name, at + 1)) {
    if (isWordPart(text[at - 1]) || isWordPart(text[at + name.length])) continue;
    const candidate = lossAt(text, file, at);
    if (candidate?.name === name) return candidate;
  }
  return null;
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{ID_Continue}$]/u.test(character);
}
