/** A text of the user's for a notification, which would make a link of `[label](command:…)`: a click could run it. */
export function notificationText(text: string): string {
  return text.replaceAll('](', '] (');
}
