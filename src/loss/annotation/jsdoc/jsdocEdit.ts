import type { LineMap } from '../../places/lineMap';
import { isTagName, type TagName } from '../annotationTags';
import type { CommentStyle, NewTag, TaggedComment } from '../commentStyle';
import type { RawTag } from '../placedText';
import { lineEndOf, type TextEdits } from '../textEdits';

export const jsdocEdit: Pick<CommentStyle, 'newComment' | 'changeTags' | 'beforeValue' | 'takesTags'> = {
  newComment,
  changeTags: (comment, removed, added, edits) => {
    for (const tag of removed) remove(comment, tag, edits);
    if (added.length > 0)
      add(
        comment,
        removed,
        added.map(([tag, value]) => writtenTag(tag, value)),
        edits,
      );
  },
  beforeValue: () => ' ',
  takesTags: () => true,
};

export function writtenTag(tag: TagName, value: string): string {
  return value === '' ? `@${tag}` : `@${tag} ${value}`;
}

function newComment(lines: LineMap, declaration: number, tags: readonly NewTag[], edits: TextEdits): void {
  const before = lines.text.slice(lines.lineStart(declaration), declaration);
  const indent = /^\s*/.exec(before)?.[0] ?? '';
  const end = lineEndOf(lines.text);
  const body = tags.map(([tag, value]) => `${indent} * ${writtenTag(tag, value)}${end}`).join('');
  // If text precedes the declaration in its line, the comment goes between them.
  const lead = before.trim() === '' ? '' : end + indent;
  edits.insert(declaration, `${lead}/**${end}${body}${indent} */${end}${indent}`);
}

/** Removes a tag, and its line if it contains nothing else. */
function remove({ lines, from: start }: TaggedComment, tag: RawTag, edits: TextEdits): void {
  const { text } = lines;
  const lineStart = lines.lineStart(tag.from);
  const next = /^[ \t]*(?:\r\n|\n|\r)/.exec(text.slice(tag.to))?.[0];
  const isAlone = /^[ \t]*\*?[ \t]*$/.test(text.slice(lineStart, tag.from)) && next !== undefined;
  if (isAlone && lineStart > start) {
    edits.remove(lineStart, tag.to + next.length);
    return;
  }
  let from = tag.from;
  while (from > start + 3 && /[ \t]/.test(text[from - 1]!)) from--;
  edits.remove(from, tag.to);
}

function add(
  { lines, from, to, tags }: TaggedComment,
  removed: ReadonlySet<RawTag>,
  added: readonly string[],
  edits: TextEdits,
): void {
  const { text } = lines;
  const comment = text.slice(from, to);
  const end = lineEndOf(text);
  const indent = /^\s*/.exec(text.slice(lines.lineStart(from), from))?.[0] ?? '';
  if (!/[\r\n]/.test(comment)) {
    // One line becomes several: its text, the tags, the end.
    const body = comment.slice(3, -2);
    const lead = body.length - body.trimStart().length;
    const trail = body.trim() === '' ? 0 : body.length - body.trimEnd().length;
    if (body.trim() !== '') edits.replace(from + 3, from + 3 + lead, `${end}${indent} * `);
    const at = body.trim() === '' ? from + 3 : to - 2 - trail;
    edits.replace(at, to - 2, `${added.map((line) => `${end}${indent} * ${line}`).join('')}${end}${indent} `);
    return;
  }
  const last = tags.findLast(({ name }) => isTagName(name, 'javascript'));
  if (last && !removed.has(last)) {
    const start = text.slice(lines.lineStart(last.from), last.from);
    const prefix = /^\s*\*[ \t]*$/.test(start) ? start : `${indent} * `;
    edits.insert(last.to, added.map((line) => `${end}${prefix}${line}`).join(''));
    return;
  }
  const close = to - 2;
  const closing = text.slice(lines.lineStart(close), close);
  const isOwnLine = closing.trim() === '';
  const at = isOwnLine ? lines.lineStart(close) : close - (closing.length - closing.trimEnd().length);
  const body = added.map((line) => `${indent} * ${line}`);
  if (isOwnLine) edits.insert(at, body.map((line) => line + end).join(''));
  else edits.replace(at, close, `${body.map((line) => end + line).join('')}${end}${indent} `);
}
