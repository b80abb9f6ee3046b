import { type ParseError, parse } from 'jsonc-parser';

const strict = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** The offset of the first token that cannot stand where it stands; the end of the text if something is missing. */
export function jsonErrorOffset(text: string): number {
  const errors: ParseError[] = [];
  parse(text, errors, strict);
  return errors[0]?.offset ?? text.length;
}
