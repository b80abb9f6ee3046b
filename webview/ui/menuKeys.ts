/**
 * Moves the focus among the items of a menu with the up and down keys, cyclically.
 *
 * @returns whether the key
 * was handled
 */
export function moveInMenu(panel: HTMLElement | null, key: string): boolean {
  const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (by === 0 || panel === null) return false;
  const items = [...panel.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  items.at((at + by) % items.length)?.focus();
  return true;
}
