import { Icon } from './icon';

interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: string;
  readonly title?: string;
}

/** An item of a menu that is on or off. */
export function MenuCheck({ checked, onChange, children, title }: MenuCheckProps) {
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      class="menuItem"
      tabIndex={-1}
      aria-checked={checked}
      title={title}
      onClick={() => onChange(!checked)}
    >
      <span class="menuMark">{checked && <Icon name="check" />}</span> {children}
    </button>
  );
}
