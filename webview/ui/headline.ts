/** What of a message is read at first, and what is left. */
export interface Headline {
  readonly headline: string;
  readonly rest: string;
}

/** A headline is not shorter than this: what stands before an early colon is a label. */
const shortest = 24;

/**
 * The first sentence of a message, up to a colon or semicolon in it: "The loss has stopped improving since step 640, at 0.01."
 * A full stop ends a sentence where a capital follows; brackets are skipped.
 */
export function headlineOf(message: string): Headline {
  let depth = 0;
  for (let i = 0; i < message.length; i++) {
    const sign = message[i]!;
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (depth > 0 || i < shortest) continue;
    const after = message.slice(i + 1);
    const ends =
      sign === '.' ? /^ +\P{Ll}/u.test(after) : (sign === ':' || sign === ';') && after.startsWith(' ');
    if (!ends) continue;
    return { headline: message.slice(0, i), rest: capitalised(after.trim()) };
  }
  return { headline: message.replace(/\.$/, ''), rest: '' };
}

/** Words only: a symbol or a name such as "a·λmax" or "lr" stays what it is. */
function capitalised(text: string): string {
  return /^\p{Ll}{3,}(?!\p{L}|\d|[·_(])/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
