/**
 * The only file that imports the UI toolkit. The rest of the page uses these components, so that another
 * toolkit would only change this file.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, createElement, type RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Must run before the load event of the window, when the toolkit reads the theme's tokens. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  readonly disabled?: boolean;
  readonly title?: string;
  readonly class?: string;
}

export function Button({
  onClick,
  children,
  appearance = 'secondary',
  disabled = false,
  title,
  class: className,
}: ButtonProps) {
  return createElement(
    'vscode-button' as never,
    { appearance, disabled, title, class: className, onClick: disabled ? undefined : onClick } as never,
    children,
  );
}

/** The properties of a toolkit field or dropdown that are used here. */
interface ValueElement extends HTMLElement {
  value: string;
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
  readonly onEnter?: () => void;
  readonly onEscape?: () => void;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  readonly title?: string;
  readonly size?: number;
  readonly autofocus?: boolean;
}

export function TextField(props: TextFieldProps) {
  const element = useRef<ValueElement>(null);
  useEffect(() => {
    const current = element.current;
    if (current !== null && current.value !== props.value) current.value = props.value;
  }, [props.value]);
  // The element overwrites its aria-label when it is connected.
  useEffect(() => element.current?.setAttribute('aria-label', props.label), [props.label]);
  useEffect(() => {
    if (props.autofocus === true) element.current?.focus();
  }, [props.autofocus]);
  return createElement(
    'vscode-text-field' as never,
    {
      ref: element as RefObject<HTMLElement>,
      class: props.invalid === true ? 'field invalid' : 'field',
      placeholder: props.placeholder ?? '',
      title: props.title,
      size: props.size ?? 10,
      disabled: props.disabled === true,
      onInput: () => props.onInput(element.current?.value ?? ''),
      onFocusIn: props.onFocus,
      onFocusOut: props.onBlur,
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Enter') props.onEnter?.();
        if (event.key === 'Escape') props.onEscape?.();
      },
    } as never,
  );
}

interface DropdownProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

export function Dropdown({ label, value, options, onChange }: DropdownProps) {
  const element = useRef<ValueElement>(null);
  // The element accepts a value only if the option with it already exists.
  useEffect(() => {
    const current = element.current;
    if (current !== null && current.value !== value) current.value = value;
  });
  return createElement(
    'vscode-dropdown' as never,
    {
      ref: element as RefObject<HTMLElement>,
      'aria-label': label,
      onChange: () => {
        const chosen = element.current?.value;
        if (chosen !== undefined && chosen !== value) onChange(chosen);
      },
    } as never,
    options.map((option) =>
      createElement(
        'vscode-option' as never,
        { key: option.value, value: option.value, title: option.text } as never,
        option.text,
      ),
    ),
  );
}

interface CheckboxProps {
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

export function Checkbox({ checked, disabled = false, onChange, children }: CheckboxProps) {
  const element = useRef<HTMLElement & { checked: boolean }>(null);
  useEffect(() => {
    if (element.current !== null && element.current.checked !== checked) element.current.checked = checked;
  }, [checked]);
  return createElement(
    'vscode-checkbox' as never,
    {
      ref: element as RefObject<HTMLElement>,
      checked,
      disabled,
      onChange: () => {
        const now = element.current?.checked ?? checked;
        if (now !== checked) onChange(now);
      },
    } as never,
    children,
  );
}
