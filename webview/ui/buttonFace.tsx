import { Icon, type IconName } from './icon';

/** An icon and a text. In a narrow row the text is hidden, but remains the button's accessible name. */
export function ButtonFace({ icon, text }: { readonly icon: IconName; readonly text: string }) {
  return (
    <span class="buttonFace">
      <Icon name={icon} />
      <span class="buttonText">{text}</span>
    </span>
  );
}
