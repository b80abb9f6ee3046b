import { checking } from './checking';
import { placing } from './placing';
import { refuse } from './refusal';

/** Whether text was made of a traced value in this evaluation. */
export const texts = { made: false };

/**
 * The text of a number, for logging: noted, because turning text into a number again would lose the derivative unseen.
 * Which text came from which value cannot be followed (it may be cut and joined), so that any text is refused afterwards.
 */
export function noted(text: string): string {
  texts.made = true;
  return text;
}

/** @throws Refusal 'text-and-back' if text was made of a traced value before in this evaluation */
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
