import type { LineMap } from '../../places/lineMap';
import type { Span } from '../annotationValue';
import type { CommentStyle, NewTag, TaggedComment } from '../commentStyle';
import type { RawTag } from '../placedText';
import { removedRanges } from '../removedRanges';
import { lineEndOf, type TextEdits } from '../textEdits';
import { tagOf, takesBareWords } from './names';
import { pythonNotation } from './pythonNotation';
import { isLiteral, readSegments, type Segment } from './segments';
import { writtenTags } from './writtenTags';

type Edit = Pick<CommentStyle, 'takesTags' | 'notationIn' | 'newComment' | 'changeTags' | 'beforeValue'>;

export const pythonEdit: Edit = {
  takesTags: (text, from, to) => readSegments(text, from, to).length > 0,
  notationIn: (comment) => pythonNotation(comment && quotesOf(comment).startsWith("'") ? '"' : "'"),
  newComment,
  changeTags,
  beforeValue: (text, tag) => (isSigned(text, tag) ? '' : ' '),
};

function newComment(lines: LineMap, declaration: number, tags: readonly NewTag[], edits: TextEdits): void {
  const { text } = lines;
  const at = lines.lineStart(declaration);
  const prefix = `${/^\s*/.exec(text.slice(at, declaration))![0]}# adamscope:`;
  const lineEnd = lineEndOf(text);
  const body = writtenTags(tags, {
    before: prefix.length,
    after: 0,
    preceding: null,
    newLine: lineEnd + prefix,
  });
  edits.insert(at, prefix + body + lineEnd);
}

function changeTags(
  comment: TaggedComment,
  removed: ReadonlySet<RawTag>,
  added: readonly NewTag[],
  edits: TextEdits,
): void {
  const segments = readSegments(comment.lines.text, comment.from, comment.to);
  for (const segment of segments) {
    const tags = comment.tags.filter(({ from, to }) => from >= segment.from && to <= segment.to);
    const isLast = segment === segments.at(-1);
    changeSegment(comment, segment, tags, removed, isLast ? added : [], edits);
  }
}

function changeSegment(
  comment: TaggedComment,
  segment: Segment,
  tags: readonly RawTag[],
  removed: ReadonlySet<RawTag>,
  added: readonly NewTag[],
  edits: TextEdits,
): void {
  const { lines } = comment;
  const kept = tags.filter((tag) => !removed.has(tag));
  if (kept.length === 0 && tags.length > 0 && added.length === 0) {
    removeSegment(comment, segment, edits);
    return;
  }
  const word: Span = { from: segment.from, to: segment.from + 'adamscope:'.length };
  const ranges = removedRanges<Span>(lines.text, [word, ...tags], (item) => removed.has(item as RawTag));
  const end = added.length === 0 ? undefined : ranges.findLast(({ to }) => to === segment.to);
  for (const range of ranges) if (range !== end) edits.remove(range.from, range.to);
  for (const [i, tag] of kept.entries())
    if (isHiddenBy(kept[i - 1], tag, lines.text)) edits.insert(tag.nameTo, ':');
  if (added.length === 0) return;
  const { from, to } = end ?? { from: segment.to, to: segment.to };
  const body = writtenTags(added, {
    before: from - lines.lineStart(from) + edits.growth(lines.lineStart(from), from),
    after: lines.lineEnd(to) - to + edits.growth(to, lines.lineEnd(to)),
    preceding: tagOf(kept.at(-1)?.name ?? ''),
    newLine: newLineOf(comment, segment),
  });
  edits.replace(from, to, body);
}

/** Whether a tag without `=` would be one of the names that the tag before it lists. */
function isHiddenBy(before: RawTag | undefined, tag: RawTag, text: string): boolean {
  const list = tagOf(before?.name ?? '');
  return list !== null && takesBareWords(list) && !isSigned(text, tag);
}

function isSigned(text: string, { nameTo }: RawTag): boolean {
  return /[=:]/.test(text[nameTo - 1] ?? '');
}

/** The opening quotes of a docstring; empty for a block of `#` lines. */
function quotesOf({ lines, from, to }: TaggedComment): string {
  const text = lines.text.slice(from, to);
  return isLiteral(text, 0, text.length) ? (/^\s*[A-Za-z]{0,2}("""|'''|"|')/.exec(text)?.[1] ?? '') : '';
}

/** A line break and the start of a new line with tags; null in a string that can have no line break. */
function newLineOf(comment: TaggedComment, segment: Segment): string | null {
  const { text } = comment.lines;
  const quotes = quotesOf(comment);
  if (quotes.length === 1) return null;
  const before = text.slice(comment.lines.lineStart(segment.from), segment.from);
  const prefix = quotes === '' ? before : /^\s*/.exec(before)![0];
  return `${lineEndOf(text)}${prefix}adamscope:`;
}

/** Removes the lines of a segment; of a line with other text, only the segment. */
function removeSegment({ lines, to: end }: TaggedComment, { from, to }: Segment, edits: TextEdits): void {
  const { text } = lines;
  const start = lines.lineStart(from);
  const lineEnd = lines.lineEnd(to);
  const lineBreak = /^(?:\r\n|\n|\r)/.exec(text.slice(lineEnd, lineEnd + 2))?.[0] ?? '';
  const isAlone = /^\s*#*\s*$/.test(text.slice(start, from)) && text.slice(to, lineEnd).trim() === '';
  if (isAlone && lineEnd <= end) edits.remove(start, lineEnd + lineBreak.length);
  else edits.remove(from, to);
}
