const token =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/y;

/** The offset of the first token that cannot stand where it stands; the end of the text if something is missing. */
export function jsonErrorOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let wanted: 'value' | 'key' | 'colon' | 'after' = 'value';
  let mayClose = false;
  token.lastIndex = 0;
  for (;;) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match) return from + /^[ \t\r\n]*/.exec(text.slice(from))![0].length;
    const [whole, mark, string] = match;
    const at = from + whole.search(/\S/);
    const inside = open.at(-1);
    const closes = (mark === '}' && inside === '{') || (mark === ']' && inside === '[');
    if (closes && (wanted === 'after' || mayClose)) {
      open.pop();
      wanted = 'after';
      mayClose = false;
    } else if (wanted === 'value' && (mark === '{' || mark === '[')) {
      open.push(mark);
      wanted = mark === '{' ? 'key' : 'value';
      mayClose = true;
    } else if (wanted === 'value' && mark === undefined) {
      wanted = 'after';
      mayClose = false;
    } else if (wanted === 'key' && string !== undefined) {
      wanted = 'colon';
      mayClose = false;
    } else if (wanted === 'colon' && mark === ':') {
      wanted = 'value';
    } else if (wanted === 'after' && mark === ',' && inside) {
      wanted = inside === '{' ? 'key' : 'value';
    } else {
      return at;
    }
  }
}
