/** Text of a comment without its delimiters, with the file offset of each of its characters. */
export interface PlacedText {
  readonly text: string;
  /** The file offset of the character at an index; for the length, that of the end. */
  at(index: number): number;
}

/** A tag of a comment as written. */
export interface RawTag {
  /** The canonical name of a tag of ours; another tag as written. */
  readonly name: string;
  /** File offset of the start: of the `@`, in Python of the name. */
  readonly from: number;
  /** File offset of the end of the name, in Python of the `=` after it. */
  readonly nameTo: number;
  /** File offset of the value's text; `nameTo` if there is none. */
  readonly valueFrom: number;
  /** File offset of the end of the value, or of the name if there is none. */
  readonly to: number;
  /** The value of the tag in the notation that `ValueReader` reads, trimmed. */
  readonly value: PlacedText;
}

/** Lines with a line feed between them. */
export function joinLines(lines: readonly PlacedText[]): PlacedText {
  if (lines.length === 1) return lines[0]!;
  let length = 0;
  const starts = lines.map(({ text }) => {
    const start = length;
    length += text.length + 1;
    return start;
  });
  return {
    text: lines.map(({ text }) => text).join('\n'),
    at(index) {
      let low = 0;
      let high = lines.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= index) low = middle;
        else high = middle - 1;
      }
      return lines[low]!.at(index - starts[low]!);
    },
  };
}

/** `text[from, end)` without white space at its ends. */
export function trimmed(line: PlacedText, from: number, end: number): PlacedText {
  const raw = line.text.slice(from, end);
  const text = raw.trim();
  const skipped = text === '' ? 0 : raw.length - raw.trimStart().length;
  return { text, at: (index) => line.at(from + skipped + index) };
}

/** The range of a text in the file; null if it is empty. */
export function rangeOf({ text, at }: PlacedText): { from: number; to: number } | null {
  return text === '' ? null : { from: at(0), to: at(text.length - 1) + 1 };
}
