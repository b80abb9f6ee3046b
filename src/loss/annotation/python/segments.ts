import { joinLines, type PlacedText } from '../placedText';

/** A line of a comment or docstring without its delimiters. */
interface CommentLine extends PlacedText {
  /** The column of its first character that is not white space. */
  readonly indent: number;
}

/** An `adamscope:` with the text that belongs to it. */
export interface Segment {
  /** The file offset of the word. */
  readonly from: number;
  /** The file offset of the end of the text, without white space. */
  readonly to: number;
  /** The text after the word. */
  readonly body: PlacedText;
}

const marker = /^\s*adamscope:/i;

/**
 * The texts after each `adamscope:` of a block of `#` lines or of a string literal with its quotes, `text[from, to)`. Each includes the
 * lines after it that are indented deeper than the word.
 */
export function readSegments(text: string, from: number, to: number): Segment[] {
  const lines = isLiteral(text, from, to) ? docstringLines(text, from, to) : blockLines(text, from, to);
  const segments: Segment[] = [];
  let isFenced = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^\s*(?:```|~~~)/.test(line.text)) isFenced = !isFenced;
    const start = isFenced ? null : marker.exec(line.text);
    if (!start) continue;
    const own = after(line, start[0].length);
    const joined: PlacedText[] = [own];
    let depth = openBrackets(own.text);
    for (let next = lines[i + 1]; next; next = lines[i + 1]) {
      const closes = depth > 0 && /^\s*[)\]}]/.test(next.text);
      const isDeeper = next.text.trim() !== '' && next.indent > line.indent;
      if ((!isDeeper && !closes) || marker.test(next.text)) break;
      joined.push(next);
      depth += openBrackets(next.text);
      i++;
    }
    const body = joinLines(joined);
    const word = line.at(start[0].length - 'adamscope:'.length);
    const length = body.text.trimEnd().length;
    segments.push({ from: word, to: length === 0 ? own.at(0) : body.at(length - 1) + 1, body });
  }
  return segments;
}

/** Whether `text[from, to)` is a string literal and not a block of `#` lines. */
export function isLiteral(text: string, from: number, to: number): boolean {
  return !/^\s*(?:#|$)/.test(text.slice(from, to));
}

function blockLines(text: string, from: number, to: number): CommentLine[] {
  return linesBetween(text, from, to).flatMap(({ start, end }) => {
    const hashes = /^\s*#+/.exec(text.slice(start, end))?.[0].length;
    if (hashes === undefined) return [];
    const body = text.slice(start + hashes, end);
    const lead = body.length - body.trimStart().length;
    const indent = width(text.slice(lineStart(text, start), start + hashes + lead));
    return [{ text: body, indent, at: (index) => start + hashes + index }];
  });
}

/** The first line has the indentation of the line that contains the opening quotes, as in `inspect.cleandoc`. */
function docstringLines(text: string, from: number, to: number): CommentLine[] {
  const { from: start, to: end } = insideQuotes(text, from, to);
  return linesBetween(text, start, end).map((line) => {
    const body = text.slice(line.start, line.end);
    const own = line.start === start ? text.slice(lineStart(text, from), from) : body;
    return { text: body, indent: width(/^\s*/.exec(own)![0]), at: (index) => line.start + index };
  });
}

/** The range of the text of a string literal, which may be incomplete. */
function insideQuotes(text: string, from: number, to: number): { from: number; to: number } {
  const [open = '', quotes = ''] = /^\s*[A-Za-z]{0,2}("""|'''|"|')/.exec(text.slice(from, to)) ?? [];
  const start = from + open.length;
  const isClosed = quotes !== '' && to - quotes.length >= start && text.slice(0, to).endsWith(quotes);
  return { from: start, to: isClosed ? to - quotes.length : to };
}

function linesBetween(text: string, from: number, to: number): { start: number; end: number }[] {
  let start = from;
  return text
    .slice(from, to)
    .split(/(?<=\r\n|\n|\r(?!\n))/)
    .map((raw) => {
      const line = { start, end: start + raw.replace(/[\r\n]+$/, '').length };
      start += raw.length;
      return line;
    });
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The column after a text, with tab stops as in Python. */
function width(text: string): number {
  let column = 0;
  for (const character of text) column = character === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1;
  return column;
}

function openBrackets(text: string): number {
  return (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
}

function after(line: PlacedText, from: number): PlacedText {
  return { text: line.text.slice(from), at: (index) => line.at(from + index) };
}
