import { parseTolerantly } from '../../discovery/javascript/syntaxTree';
import { isTagName, tags } from '../annotationTags';
import type { Span } from '../annotationValue';
import type { AssistStyle } from '../assistStyle';
import { writtenTag } from './jsdocEdit';
import { readTags } from './readTags';

export const jsdocAssist: AssistStyle = {
  commentAt,
  functionOf: (text, { to }) => to + /^\s*/.exec(text.slice(to))![0].length,
  placeAt({ lines, from, tags: present }, offset) {
    const { text } = lines;
    const before = text.slice(Math.max(from + 3, lines.lineStart(offset)), offset);
    const start = /(?:^|[\s*])(@\w*)$/.exec(before);
    if (start) return { newTag: offset - start[1]!.length, tag: null };
    const tag = present.findLast(({ nameTo }) => nameTo < offset);
    // On the lines of the tag, or where an option could follow.
    const continues = tag && (offset <= tag.to || !/[\r\n]/.test(text.slice(tag.to, offset)));
    return { newTag: null, tag: continues ? tag : null };
  },
  wordStart(text, offset) {
    let start = offset;
    while (start > 0 && /\w/.test(text[start - 1]!)) start--;
    return start;
  },
  wordEnd(text, offset) {
    let end = offset;
    while (end < text.length && /\w/.test(text[end]!)) end++;
    return end;
  },
  canonical: (text) => text,
  label: (tag) => `@${tag}`,
  opening: (tag) => `@${tag}${tags[tag].example === '' ? '' : ' '}`,
  doc: (tag) => tags[tag].doc,
  example: (tag) => writtenTag(tag, tags[tag].example),
};

/** The doc comment around an offset, if it has one of our tags or precedes a declaration that can be a loss. */
function commentAt(text: string, file: string, offset: number): Span | null {
  for (let node = parseTolerantly(text, file).resolveInner(offset, 0); ; ) {
    if (node.name === 'BlockComment') {
      const { from, to } = node;
      if (offset < from + 3 || offset > to - 2 || !text.startsWith('/**', from)) return null;
      const isOurs = readTags(text, from, to).some(({ name }) => isTagName(name, 'javascript'));
      const isBeforeFunction =
        /^\s*(?:(?:export|function|async|const|let|static)\b|module\.|exports\.|[\w$]+\s*[(:])/.test(
          text.slice(to),
        );
      return isOurs || isBeforeFunction ? { from, to } : null;
    }
    const { parent } = node;
    if (!parent) return null;
    node = parent;
  }
}
