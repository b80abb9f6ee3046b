/** A tag of a JSDoc comment that declares a type. */
export interface JsdocTag {
  readonly tag: 'param' | 'type' | 'returns' | 'typedef' | 'property';
  /** The type as TypeScript writes it; empty if the tag has none. */
  readonly type: string;
  /** The name that follows the type, with its dots: `p.a`; empty if there is none. */
  readonly name: string;
  /** Whether the type or the name says that the value may be absent. */
  readonly isOptional: boolean;
}

const tagNames: Readonly<Record<string, JsdocTag['tag']>> = {
  param: 'param',
  arg: 'param',
  argument: 'param',
  type: 'type',
  returns: 'returns',
  return: 'returns',
  typedef: 'typedef',
  property: 'property',
  prop: 'property',
};

/** The tags of a JSDoc comment that declare types, in order. */
export function jsdocTags(comment: string): JsdocTag[] {
  const text = comment.replace(/^[ \t]*\*(?!\/)/gm, '').replace(/\*\/$/, '');
  const found: JsdocTag[] = [];
  let read = 0;
  for (const match of text.matchAll(/(?:^|[\s*])@([a-z]+)\s*(?=\{)/g)) {
    const tag = Object.hasOwn(tagNames, match[1]!) ? tagNames[match[1]!]! : null;
    const open = match.index + match[0].length;
    if (!tag || open < read) continue;
    const close = closingBrace(text, open);
    if (close === null) break;
    read = close;
    const written = text.slice(open + 1, close).trim();
    const name = /^\s*(\[?)\s*([\p{ID_Start}$_][\p{ID_Continue}$.]*)/u.exec(text.slice(close + 1));
    found.push({
      tag,
      type: inTypescript(written),
      name: name?.[2] ?? '',
      isOptional: name?.[1] === '[' || written.endsWith('='),
    });
  }
  return found;
}

/** `function(A, B): C` as `(a0: A, a1: B) => C`. */
function withArrow(type: string): string {
  const [, parameters, result] = /^function\s*\(([^()]*)\)\s*(?::\s*(.+))?$/s.exec(type) ?? [];
  if (parameters === undefined) return type;
  const types = parameters.split(/,(?![^<{[]*[>}\]])/).filter((each) => each.trim() !== '');
  return `(${types.map((each, i) => `a${i}: ${each.trim()}`).join(', ')}) => ${result ?? 'void'}`;
}

/** The offset of the brace that closes the one at `open`; null if it is missing. */
function closingBrace(text: string, open: number): number | null {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return null;
}

/** Rewrites the parts of JSDoc's older syntax that TypeScript reads differently. */
function inTypescript(type: string): string {
  return withArrow(type)
    .replace(/=$/, '')
    .replace(/^\.\.\.\s*/, '')
    .replace(/\.</g, '<')
    .replace(/(^|[<|(,{[:\s])[?!](?=[\w{[(])/g, '$1')
    .replace(/(^|[<|(,:\s])\*(?=$|[>|),\s])/g, '$1any')
    .trim();
}
