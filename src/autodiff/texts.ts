import { checking } from './checking';
import { placing } from './placing';
import { refuse } from './refusal';

/** Whether a traced value was converted to text in this evaluation. */
export const texts = { made: false };

/**
 * Returns the text of a number, for logging, and records that such a text exists. Converting it back to a
 * number would lose the derivative without an error. A text cannot be traced to its value, because it may be
 * cut or joined. So every later conversion of text to a number in this evaluation is refused.
 */
export function noted(text: string): string {
  texts.made = true;
  return text;
}

/** @throws Refusal 'text-and-back' if a traced value was converted to text before in this evaluation */
export function numberOfText(text: string): number {
  const number = Number(text);
  if (texts.made && !Number.isNaN(number)) refuseText(text);
  if (checking.on) checking.result([text], number, -1, placing.site);
  return number;
}

export function refuseText(text: string): never {
  refuse(
    'text-and-back',
    `a value that depends on the parameters was converted to text, and the text ${JSON.stringify(text.slice(0, 40))} is converted to a number, so the derivative would be lost`,
  );
}
