/** Escapes a text of the user for Markdown, so that it is shown unchanged: no markup, links, icons or table rows. */
export function markdownText(text: string): string {
  // Every character that Markdown may interpret: even a colon or dot can make a bare address a link.
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\s+/g, ' ');
}
