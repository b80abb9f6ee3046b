/** The largest number of shown characters. A text from the user's code may have any length. */
const shownLength = 2000;

/**
 * Makes a text of the user's code (a message, a line of output) safe to show anywhere: limits its length and
 * escapes the characters that a terminal or an editor would interpret. These are control characters, except
 * tabs and line ends, and marks that change the direction of text.
 */
export function shownText(text: string): string {
  const shown = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
  return shown.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    escaped,
  );
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
