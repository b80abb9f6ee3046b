/** One token that decides where a statement may begin: a string or its start, a comment, a bracket, a backslash at the end of a line. */
const token = /'''|"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|#.*|[([{]|[)\]}]|\\$/g;

/** Follows the lines of a Python text, to know which of them begin a statement. */
export class LogicalLines {
  #depth = 0;
  /** The quotes of the string that is open; null outside strings. */
  #quotes: string | null = null;
  #isJoined = false;

  /** Whether the next line begins a statement, and does not continue one. */
  get isAtStart(): boolean {
    return this.#depth === 0 && this.#quotes === null && !this.#isJoined;
  }

  read(line: string): void {
    this.#isJoined = false;
    let at = 0;
    while (at < line.length) {
      if (this.#quotes !== null) {
        const end = endOfString(line, at, this.#quotes);
        if (end < 0) return;
        this.#quotes = null;
        at = end;
        continue;
      }
      token.lastIndex = at;
      const found = token.exec(line);
      if (!found) return;
      const [text] = found;
      at = found.index + text.length;
      if (text === "'''" || text === '"""') this.#quotes = text;
      else if (text === '\\') this.#isJoined = true;
      else if ('([{'.includes(text)) this.#depth++;
      else if (')]}'.includes(text)) this.#depth = Math.max(0, this.#depth - 1);
    }
  }
}

/** The offset after the closing quotes; -1 if they are not in the line. */
function endOfString(line: string, from: number, quotes: string): number {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line.startsWith(quotes, at)) return at + quotes.length;
  }
  return -1;
}
