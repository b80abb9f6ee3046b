import { nearest } from '../../../core/config/nearest';
import { type TagName, tagNamesOf, tags } from '../annotationTags';
import { optionKeysOf } from '../optionKeys';
import { type PlacedText, type RawTag, rangeOf, trimmed } from '../placedText';
import { canonicalValue } from './canonicalValue';
import { camelCase, isBare, isMark, tagOf, takesBareWords } from './names';
import { readSegments } from './segments';
import { skipToken } from './tokens';

/** The tags after `adamscope:` in a block of `#` lines or a string literal with its quotes, in order. */
export function readPythonTags(text: string, from: number, to: number): RawTag[] {
  return readSegments(text, from, to).flatMap(({ body }) => tagsOfSegment(body));
}

/** The tag that an unknown word is likely meant to be. */
export function nearestPythonTag(name: string): TagName | undefined {
  return nearest(camelCase(name), tagNamesOf('python'));
}

/** The start of a tag in a segment, by indices of its text. */
interface TagStart {
  readonly name: string;
  readonly from: number;
  /** After the name and its sign. */
  readonly to: number;
}

function tagsOfSegment(segment: PlacedText): RawTag[] {
  const starts = tagStarts(segment.text);
  return starts.map((start, i) => rawTag(segment, start, starts[i + 1]?.from ?? segment.text.length));
}

function rawTag(segment: PlacedText, { name, from, to }: TagStart, end: number): RawTag {
  const tag = tagOf(name);
  const written = trimmed(segment, to, end);
  const nameTo = segment.at(to - 1) + 1;
  const range = rangeOf(written) ?? { from: nameTo, to: nameTo };
  return {
    name: tag ?? name,
    from: segment.at(from),
    nameTo,
    valueFrom: range.from,
    to: range.to,
    value: tag ? canonicalValue(written, tags[tag].grammar) : written,
  };
}

const wordPattern = /([A-Za-z_](?:[\w-]*\w)?)(\s*[=:])?/y;

/** The tags of a segment. A word that is likely a misspelled tag starts one too, with its name as written. */
function tagStarts(text: string): TagStart[] {
  const starts: TagStart[] = [];
  let at = 0;
  while (at < text.length) {
    const isBoundary = at === 0 || /[\s,]/.test(text[at - 1]!);
    wordPattern.lastIndex = at;
    const match = isBoundary || starts.at(-1)?.to === at ? wordPattern.exec(text) : null;
    if (!match) {
      at = skipToken(text, at);
      continue;
    }
    const [whole, name = '', sign] = match;
    const end = at + whole.length;
    const last = starts.at(-1);
    const before: Before = last
      ? {
          tag: tagOf(last.name),
          value: text.slice(last.to, at),
          isSigned: /[=:]$/.test(text.slice(last.from, last.to)),
        }
      : null;
    const isSeparate = sign !== undefined || /^(?:\s|,|$)/.test(text.slice(end, end + 1));
    if (isSeparate && startsTag(name, sign?.trim(), before)) starts.push({ name, from: at, to: end });
    at = end;
  }
  return starts;
}

/** The tag before a word and the text between; null at the start of a segment. */
type Before = { readonly tag: TagName | null; readonly value: string; readonly isSigned: boolean } | null;

function startsTag(name: string, sign: string | undefined, before: Before): boolean {
  if (!before) return true;
  const tag = tagOf(name);
  if (sign && tag) return true;
  const isFirst = before.value.trim() === '';
  // The word after `optimizer=` is its value.
  if (isFirst && before.isSigned && !(before.tag && isMark(before.tag))) return false;
  if (before.tag && takesBareWords(before.tag)) return false;
  if (tag) return isBare(tag);
  return before.tag !== null && isMisspelled(name, sign, before.tag, before.value);
}

/** Whether a word that is not a tag stands where one could stand, and is more similar to one than to an option. */
function isMisspelled(name: string, sign: string | undefined, tag: TagName, value: string): boolean {
  const isSigned = sign !== undefined;
  const isFirst = value.trim() === '';
  const isNear = (keys: readonly string[]) => {
    const all = [...keys, ...tagNamesOf('python').filter((each) => isSigned || isBare(each))];
    const near = nearest(camelCase(name), all);
    return near !== undefined && !keys.includes(near);
  };
  switch (tags[tag].grammar) {
    case 'text':
      return sign === '=' || ((isSigned || isFirst) && isNear([]));
    case 'named':
    case 'options':
    case 'switch':
      return isSigned && isNear(optionKeysOf(tag));
    case 'vector':
      return isSigned && !isFirst && !/^\s*["']?[\p{ID_Start}_][^\s=:]*\s*[=:]/u.test(value) && isNear([]);
    case 'expectation':
      return isSigned && !isFirst && isNear([]);
    default:
      return (tags[tag].grammar === 'flag' || !isFirst) && isNear([]);
  }
}
