import { type TagName, tags } from '../annotationTags';
import type { AssistStyle, TypedPlace } from '../assistStyle';
import type { TaggedComment } from '../commentStyle';
import type { RawTag } from '../placedText';
import { canonicalValue } from './canonicalValue';
import { commentAt } from './commentAt';
import { isMark, snakeCase, tagOf } from './names';
import { pythonWording } from './pythonWording';
import { isLiteral, readSegments } from './segments';
import { tagStart, written } from './writtenTags';

/** Descriptions that differ from those of JavaScript. */
const docs: { readonly [N in TagName]?: string } = {
  loss: 'Marks a function of one parameter vector as a loss.',
  validation: 'Function of the module that returns the validation loss. It is evaluated after every epoch.',
  gradient: 'Function of the module that returns the gradient of this loss.',
  optimizerStep: 'Marks an optimizer class of your own, and names the optimizer to compare it with.',
};

export const pythonAssist: AssistStyle = {
  commentAt,
  functionOf: (text, { from, to }) =>
    isLiteral(text, from, to) ? from : to + /^\s*/.exec(text.slice(to))![0].length,
  placeAt,
  wordStart,
  wordEnd(text, offset) {
    let end = offset;
    while (end < text.length && /[\w-]/.test(text[end]!)) end++;
    return end;
  },
  canonical: (text, tag) => canonicalValue({ text, at: (index) => index }, tags[tag].grammar).text,
  label: snakeCase,
  opening: (tag, preceding) => tagStart(tag, tagOf(preceding?.name ?? '')),
  doc: (tag) => pythonWording.reworded(docs[tag] ?? tags[tag].doc),
  example: (tag) => written(tag, snakeCase(tags[tag].example), null),
};

function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\w-]/.test(text[start - 1]!)) start--;
  return start;
}

function placeAt({ lines, from, to, tags: present }: TaggedComment, offset: number): TypedPlace {
  const { text } = lines;
  const segment = readSegments(text, from, to).findLast((each) => each.from < offset);
  const word = wordStart(text, offset);
  const isInside =
    segment &&
    word >= segment.from + 'adamscope:'.length &&
    (offset <= segment.to || !/[\r\n]/.test(text.slice(segment.to, offset)));
  if (!isInside) return { newTag: null, tag: null };
  const tag = present.findLast((each) => each.from >= segment.from && each.nameTo <= word) ?? null;
  return { newTag: takesTag(tag, text, word) ? word : null, tag };
}

/** Whether a tag can begin at an offset after another one. */
function takesTag(before: RawTag | null, text: string, offset: number): boolean {
  if (!/[\s:,]/.test(text[offset - 1]!)) return false;
  if (!before) return true;
  const tag = tagOf(before.name);
  const value = text.slice(before.nameTo, offset);
  if (tag && isMark(tag)) return true;
  const isOpen = (value.match(/[([{]/g)?.length ?? 0) > (value.match(/[)\]}]/g)?.length ?? 0);
  return value.trim() !== '' && !isOpen && !/[=:]\s*$/.test(value);
}
