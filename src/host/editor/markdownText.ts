/** Escapes a text of the user for Markdown, so that it is shown unchanged: no markup, links, icons or table rows. */
export function markdownText(text: string): string {
  // Every mark that Markdown may know: a bare address becomes a link by its colon or dot alone.
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\s+/g, ' ');
}
