import { type TagName, tags } from '../annotationTags';
import type { NewTag } from '../commentStyle';
import { isMark, snakeCase, takesBareWords } from './names';

const widest = 100;

/** Where tags are written. */
export interface Surroundings {
  /** The length of the line before them. */
  readonly before: number;
  /** The length of the line after them. */
  readonly after: number;
  /** The tag before them in the same `adamscope:`. */
  readonly preceding: TagName | null;
  /** A line break and what precedes the tags in a new line; null if there can be no line break. */
  readonly newLine: string | null;
}

/** Tags, each with the space or the line break before it. A line becomes at most 100 characters long if its tags permit that. */
export function writtenTags(
  added: readonly NewTag[],
  { before, after, preceding, newLine }: Surroundings,
): string {
  const start = newLine === null ? 0 : newLine.replace(/^[\r\n]+/, '').length;
  let result = '';
  let length = before;
  let last = preceding;
  for (const [tag, value] of added) {
    const text = ` ${written(tag, value, last)}`;
    const isTooLong = length > start && length + text.length + after > widest;
    if (isTooLong && newLine !== null) {
      const alone = ` ${written(tag, value, null)}`;
      result += newLine + alone;
      length = start + alone.length;
    } else {
      result += text;
      length += text.length;
    }
    last = tag;
  }
  return result;
}

/** The text of a tag after another one. */
export function written(tag: TagName, value: string, preceding: TagName | null): string {
  return value === '' ? tagStart(tag, preceding).trimEnd() : tagStart(tag, preceding) + value;
}

/** A tag up to its value. */
export function tagStart(tag: TagName, preceding: TagName | null): string {
  const name = snakeCase(tag);
  if (!isMark(tag) && tags[tag].grammar !== 'options') return `${name}=`;
  // After a list of names, a bare word would be one of them.
  return preceding !== null && takesBareWords(preceding) ? `${name}: ` : `${name} `;
}
