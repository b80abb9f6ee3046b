import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PictureFormat } from '../../src/protocol/panel';
import { Icon } from './icon';
import { MenuCheck } from './menuCheck';
import { moveInMenu } from './menuKeys';
import { usePopover } from './usePopover';

export interface MenuToggle {
  readonly text: string;
  readonly checked: boolean;
  readonly title?: string;
  readonly onChange: (checked: boolean) => void;
}

interface ChartMenuProps {
  readonly title: string;
  readonly toggles: readonly MenuToggle[];
  /** Saves the chart as it is shown. */
  readonly onSave?: (format: PictureFormat) => void;
  /** Absent if the chart cannot be hidden. */
  readonly onHide?: () => void;
}

/** The corner menu of a chart. Arrow keys move in it, Escape closes it. */
export function ChartMenu({ title, toggles, onSave, onHide }: ChartMenuProps) {
  const { open, toggle, close, anchor, panel } = usePopover<HTMLButtonElement, HTMLDivElement>();
  useEffect(() => {
    if (open) panel.current?.querySelector('button')?.focus();
  }, [open, panel]);
  const choose = (act: () => void) => {
    act();
    close();
    anchor.current?.focus();
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
          onKeyDown={(event) => {
            if (moveInMenu(panel.current, event.key)) event.preventDefault();
          }}
        >
          {toggles.map(({ text, checked, title: hover, onChange }) => (
            <MenuCheck
              key={text}
              checked={checked}
              {...(hover === undefined ? {} : { title: hover })}
              onChange={(now) => choose(() => onChange(now))}
            >
              {text}
            </MenuCheck>
          ))}
          {onSave !== undefined && (
            <>
              <MenuItem onClick={() => choose(() => onSave('png'))}>Save as PNG…</MenuItem>
              <MenuItem onClick={() => choose(() => onSave('svg'))}>Save as SVG…</MenuItem>
            </>
          )}
          {onHide !== undefined && <MenuItem onClick={() => choose(onHide)}>Hide</MenuItem>}
        </div>
      )}
    </div>
  );
}

function MenuItem({
  onClick,
  children,
}: {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}) {
  return (
    <button type="button" role="menuitem" class="menuItem" tabIndex={-1} onClick={onClick}>
      <span class="menuMark" /> {children}
    </button>
  );
}
