/**
 * Escapes a text of the user for a notification, where `[label](command:…)` would become a link that runs a
 * command.
 */
export function notificationText(text: string): string {
  return text.replaceAll('](', '] (');
}
