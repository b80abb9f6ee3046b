import type { RunView } from '../../src/protocol/panel';
import { stepText } from '../numberText';
import { choosableGroups } from '../state/coordinateNames';
import { Dropdown } from './toolkit';

interface GroupChoiceProps {
  readonly run: RunView;
  /** The name of the chosen group; empty for all coordinates. */
  readonly group: string;
  readonly onChange: (group: string) => void;
}

/** Restricts a search or a table to a group of coordinates. Not there for a run without groups. */
export function GroupChoice({ run, group, onChange }: GroupChoiceProps) {
  const groups = choosableGroups(run);
  if (groups.length === 0) return null;
  return (
    <Dropdown
      label="Group of coordinates"
      value={group}
      options={[
        { value: '', text: `All ${stepText(run.dim)} coordinates` },
        ...groups.map(({ name, size }) => ({ value: name, text: `${name} (${stepText(size)})` })),
      ]}
      onChange={onChange}
    />
  );
}
