/** Escapes a text of the user for Markdown, so that it is shown unchanged: no markup, no links, no table rows. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>&~]/g, '\\$&').replace(/\s+/g, ' ');
}
