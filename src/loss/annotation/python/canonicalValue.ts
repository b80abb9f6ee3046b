import type { TagGrammar } from '../annotationTags';
import type { PlacedText } from '../placedText';
import { camelCase } from './names';
import { stringEnd } from './tokens';

const literals: ReadonlyMap<string, string> = new Map([
  ['None', 'none'],
  ['True', 'true'],
  ['False', 'false'],
]);

/** Grammars whose words are names of coordinates, at least up to the first option. */
const holdsNames: ReadonlySet<TagGrammar> = new Set(['vector', 'words', 'group']);
const holdsOptions: ReadonlySet<TagGrammar> = new Set(['named', 'options', 'switch', 'group']);

/**
 * A value in Python notation as `ValueReader` reads it: tuples as lists, keys of options in camelCase, `None`, `True` and `False` in
 * lower case, strings in JSON's notation where they are names of coordinates and without their quotes elsewhere.
 */
export function canonicalValue(written: PlacedText, grammar: TagGrammar): PlacedText {
  const { text } = written;
  if (grammar === 'text') return written;
  const result = new MappedText();
  const brackets: string[] = [];
  let isAmongNames = holdsNames.has(grammar);
  for (let at = 0; at < text.length; ) {
    const end = stringEnd(text, at);
    if (end !== null) {
      const inner = text.slice(at + 1, end - 1);
      if (!isAmongNames) result.add(inner, at + 1);
      else if (text[at] === '"') result.add(text.slice(at, end), at);
      else {
        result.add('"', at);
        result.addEach(jsonCharacters(inner), at + 1);
        result.add('"', end - 1);
      }
      at = end;
      continue;
    }
    const word = /^[A-Za-z_]\w*(?:-[A-Za-z]\w*)*/.exec(text.slice(at))?.[0];
    if (word !== undefined && !/[\w.-]/.test(text[at - 1] ?? '')) {
      const isKey = /^\s*[=:]/.test(text.slice(at + word.length));
      const isValue = /[=:]\s*$/.test(text.slice(0, at));
      if (isKey && grammar === 'group') isAmongNames = false;
      const literal = isAmongNames ? undefined : literals.get(word);
      if (literal !== undefined) result.add(literal, at);
      else if (holdsOptions.has(grammar) && !isAmongNames && !isValue) result.addWord(word, at);
      else result.add(word, at);
      at += word.length;
      continue;
    }
    result.add(bracketAt(text, at, brackets), at);
    at++;
  }
  return result.placed(written);
}

/** The character at an index; of a tuple, the bracket of a list. `brackets` are those that are open. */
function bracketAt(text: string, index: number, brackets: string[]): string {
  const character = text[index]!;
  if (character === '(') {
    // Not the one of a call.
    brackets.push(/\w/.test(text[index - 1] ?? '') ? '(' : '[');
    return brackets.at(-1)!;
  }
  if (character !== ')') return character;
  return brackets.pop() === '[' ? ']' : ')';
}

/** The characters of a string between single quotes as JSON has them, each for the characters of the string that it stands for. */
function jsonCharacters(inner: string): { readonly text: string; readonly length: number }[] {
  return (inner.match(/\\[\s\S]|[^\\]|\\$/g) ?? []).map((each) => ({
    text: each === "\\'" ? "'" : each === '"' ? '\\"' : each,
    length: each.length,
  }));
}

/** A text whose characters come from places of another one. */
class MappedText {
  #text = '';
  readonly #indices: number[] = [];

  add(text: string, index: number): void {
    this.#text += text;
    for (let i = 0; i < text.length; i++) this.#indices.push(index + i);
  }

  /** A key in camelCase. */
  addWord(word: string, index: number): void {
    const camel = camelCase(word);
    let from = 0;
    for (const character of camel) {
      while (word[from]?.toLowerCase() !== character.toLowerCase()) from++;
      this.#text += character;
      this.#indices.push(index + from);
      from++;
    }
  }

  addEach(pieces: readonly { readonly text: string; readonly length: number }[], index: number): void {
    let from = index;
    for (const { text, length } of pieces) {
      this.#text += text;
      for (let i = 0; i < text.length; i++) this.#indices.push(from + Math.min(i, length - 1));
      from += length;
    }
  }

  placed(source: PlacedText): PlacedText {
    const indices = this.#indices;
    const end = source.text.length;
    return { text: this.#text, at: (index) => source.at(indices[index] ?? end) };
  }
}
