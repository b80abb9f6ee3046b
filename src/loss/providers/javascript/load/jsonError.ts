import { type ParseError, parse } from 'jsonc-parser';

const strict = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/**
 * The offset of the first token that is not allowed at its position; the end of the text if a token is
 * missing.
 */
export function jsonErrorOffset(text: string): number {
  const errors: ParseError[] = [];
  parse(text, errors, strict);
  return errors[0]?.offset ?? text.length;
}
