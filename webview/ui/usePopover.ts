import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Popover<Anchor extends HTMLElement, Panel extends HTMLElement> {
  readonly open: boolean;
  readonly toggle: () => void;
  readonly close: () => void;
  readonly anchor: RefObject<Anchor | null>;
  readonly panel: RefObject<Panel | null>;
}

/**
 * A panel that opens below a button. It closes on Escape, on a press elsewhere, and when the focus leaves
 * both.
 */
export function usePopover<Anchor extends HTMLElement, Panel extends HTMLElement>(): Popover<Anchor, Panel> {
  const [open, setOpen] = useState(false);
  const anchor = useRef<Anchor>(null);
  const panel = useRef<Panel>(null);
  useEffect(() => {
    if (!open) return;
    const inside = (target: EventTarget | null) =>
      target instanceof Node &&
      (anchor.current?.contains(target) === true || panel.current?.contains(target) === true);
    const leave = (event: Event) => {
      if (!inside(event.target)) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      anchor.current?.focus();
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
      document.removeEventListener('keydown', key);
    };
  }, [open]);
  return { open, toggle: () => setOpen((was) => !was), close: () => setOpen(false), anchor, panel };
}
