/** A text of the user's as Markdown shows it unchanged: no markup, no links, no rows of its own in a table. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>&~]/g, '\\$&').replace(/\s+/g, ' ');
}
