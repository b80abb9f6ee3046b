/** Up and down move the focus among a menu's items, around its ends. @returns whether the key was one of them */
export function moveInMenu(panel: HTMLElement | null, key: string): boolean {
  const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (by === 0 || panel === null) return false;
  const items = [...panel.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  items.at((at + by) % items.length)?.focus();
  return true;
}
