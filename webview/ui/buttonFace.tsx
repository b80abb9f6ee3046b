import { Icon, type IconName } from './icon';

/** An icon and its word; in a narrow row the word goes out of sight and stays the button's name. */
export function ButtonFace({ icon, text }: { readonly icon: IconName; readonly text: string }) {
  return (
    <span class="buttonFace">
      <Icon name={icon} />
      <span class="buttonText">{text}</span>
    </span>
  );
}
