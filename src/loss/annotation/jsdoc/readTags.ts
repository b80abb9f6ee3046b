import { isTagName, type TagGrammar, type TagName, tags } from '../annotationTags';
import { joinLines, type PlacedText, type RawTag, rangeOf, trimmed } from '../placedText';

/**
 * The tags of the JSDoc comment `text[from, to)`, which includes its delimiters. A tag begins a line; one of ours may also follow
 * another of ours in the same line. Tags inside fenced code are ignored.
 */
export function readTags(text: string, from: number, to: number): RawTag[] {
  const lines = commentLines(text, from, to);
  const found: RawTag[] = [];
  let fenced = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^\s*(?:```|~~~)/.test(line.text)) fenced = !fenced;
    if (fenced) continue;
    const start = /^\s*@([A-Za-z][\w-]*)/.exec(line.text);
    if (!start) continue;
    const nameAt = start[0].length - start[1]!.length;
    if (!isTagName(start[1]!, 'javascript')) {
      found.push(rawTag(start[1]!, line, nameAt, line.text.length));
      continue;
    }
    let at = nameAt;
    let name: TagName = start[1];
    for (;;) {
      const next = nextTagInLine(line.text, at + name.length);
      if (next) {
        found.push(rawTag(name, line, at, next.at - 1));
        at = next.at;
        name = next.name;
        continue;
      }
      const rest = withContinuation(lines, i, name, at + name.length);
      found.push(rawTag(name, rest, at, rest.text.length));
      break;
    }
  }
  return found;
}

function rawTag(name: string, line: PlacedText, nameAt: number, end: number): RawTag {
  const nameTo = line.at(nameAt - 1) + 1 + name.length;
  const value = trimmed(line, nameAt + name.length, end);
  const range = rangeOf(value) ?? { from: nameTo, to: nameTo };
  return { name, from: line.at(nameAt - 1), nameTo, valueFrom: range.from, to: range.to, value };
}

function nextTagInLine(text: string, from: number): { at: number; name: TagName } | null {
  const pattern = /\s@([A-Za-z][\w-]*)/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const name = match[1]!;
    if (isTagName(name, 'javascript')) return { at: match.index + 2, name };
  }
  return null;
}

/** A value continues in the next line inside an open bracket, or if that line contains only options. */
function withContinuation(
  lines: readonly PlacedText[],
  index: number,
  name: TagName,
  from: number,
): PlacedText {
  const joined = [lines[index]!];
  const { grammar } = tags[name];
  let isOpen = grammar !== 'text' && isOpenAfter(joined[0]!.text.slice(from), false);
  for (let next = index + 1; next < lines.length; next++) {
    const line = lines[next]!;
    if (/^\s*@/.test(line.text)) break;
    const goesOn = isOpen && line.text.trim() !== '';
    if (!goesOn && !(continuesWithOptions.has(grammar) && holdsOptionsAlone(line.text))) break;
    isOpen = grammar !== 'text' && isOpenAfter(line.text, isOpen);
    joined.push(line);
  }
  return joinLines(joined);
}

const continuesWithOptions: ReadonlySet<TagGrammar> = new Set(['named', 'options', 'vector', 'group']);

/** Whether the last bracket of a text is an opening one; `before` if it has none. */
function isOpenAfter(text: string, before: boolean): boolean {
  const opening = Math.max(text.lastIndexOf('['), text.lastIndexOf('{'));
  const closing = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}'));
  return opening === closing ? before : opening > closing;
}

/**
 * Matches `lr=0.1, beta1=0.9`, also without spaces (`a=1,b=2`). The line is read piece by piece, because a single pattern for it
 * would try every split into keys and values, and their number doubles with each option.
 */
function holdsOptionsAlone(line: string): boolean {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const isOptions = (word: string) => {
    const pieces = word.replace(/,+$/, '').split('=');
    return (
      pieces.length > 1 &&
      pieces.every((piece, i) => {
        if (i === 0) return /^[A-Za-z]\w*$/.test(piece);
        if (i === pieces.length - 1) return piece !== '';
        // The end of a value and the key of the next option.
        return /[A-Za-z]\w*$/.test(piece.slice(1));
      })
    );
  };
  return (
    words.length > 0 &&
    words.every(
      (word, i) => isOptions(i === 0 ? word : word.replace(/^,+/, '')) || (i > 0 && /^,+$/.test(word)),
    )
  );
}

/** The lines of a comment without its delimiters and the star at the start of each line. */
function commentLines(text: string, from: number, to: number): PlacedText[] {
  const start = from + 3;
  const closed = to - from >= 5 && text.slice(to - 2, to) === '*/';
  const end = Math.max(start, closed ? to - 2 : to);
  const lines: PlacedText[] = [];
  let at = start;
  for (const raw of text.slice(start, end).split(/(?<=\r\n|\n|\r(?!\n))/)) {
    const body = raw.replace(/[\r\n]+$/, '');
    const star = at === start ? 0 : (/^\s*\*?/.exec(body)?.[0].length ?? 0);
    const base = at + star;
    lines.push({ text: body.slice(star), at: (index) => base + index });
    at += raw.length;
  }
  return lines;
}
