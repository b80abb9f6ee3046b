/**
 * Escapes a sentence for Markdown. VS Code also shows the message of a test where it renders no Markdown, as at the end of a line, so
 * only characters that would change the text are escaped: those of emphasis, code, links and HTML, where they have that meaning.
 */
export function proseText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`]/g, '\\$&')
    .replace(/\*(?=\S)|(?<=\S)\*/g, '\\*')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/\](?=[([])/g, '\\]')
    .replace(/<(?=[\p{L}/!?])/gu, '\\<');
}
