/** A text of the user's as Markdown shows it unchanged: no markup, no links, no icons, no rows of its own in a table. */
export function markdownText(text: string): string {
  // Every mark that Markdown may know: a bare address becomes a link by its colon or dot alone.
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\s+/g, ' ');
}
