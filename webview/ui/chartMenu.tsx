import { useEffect } from 'preact/hooks';
import type { ChartSettings } from '../state/memory';
import { Icon } from './icon';
import { usePopover } from './usePopover';

interface ChartMenuProps {
  readonly title: string;
  /** What the menu offers: an absent setting has no item. */
  readonly settings: ChartSettings;
  readonly onChange: (change: ChartSettings) => void;
}

/** The corner menu of a chart. Arrow keys move in it, Escape closes it. */
export function ChartMenu({ title, settings, onChange }: ChartMenuProps) {
  const { open, toggle, close, anchor, panel } = usePopover<HTMLButtonElement, HTMLDivElement>();
  useEffect(() => {
    if (open) panel.current?.querySelector('button')?.focus();
  }, [open, panel]);
  const choose = (change: ChartSettings) => {
    onChange(change);
    close();
    anchor.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const items = [...(panel.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    items.at((at + by) % items.length)?.focus();
  };
  return (
    <div class="menu">
      <button
        ref={anchor}
        type="button"
        class="iconButton"
        aria-label={`${title}: options`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={toggle}
      >
        <Icon name="more" />
      </button>
      {open && (
        <div
          ref={panel}
          class="popover menuPanel"
          role="menu"
          aria-label={`${title}: options`}
          onKeyDown={move}
        >
          {settings.log !== undefined && (
            <MenuCheck checked={settings.log} onChange={(log) => choose({ log })}>
              Log axis
            </MenuCheck>
          )}
          {settings.table !== undefined && (
            <MenuCheck checked={settings.table} onChange={(table) => choose({ table })}>
              Table
            </MenuCheck>
          )}
          <button
            type="button"
            role="menuitem"
            class="menuItem"
            tabIndex={-1}
            onClick={() => choose({ hidden: true })}
          >
            <span class="menuMark" /> Hide
          </button>
        </div>
      )}
    </div>
  );
}

interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: string;
}

function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      class="menuItem"
      tabIndex={-1}
      aria-checked={checked}
      onClick={() => onChange(!checked)}
    >
      <span class="menuMark">{checked && <Icon name="check" />}</span> {children}
    </button>
  );
}
