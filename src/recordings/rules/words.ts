import { namesInHeadline, namesInWords } from '../../core/diagnosis/words';
import type { Recording } from '../recording';

/** "encoder.weight, encoder.bias and 3 more" */
export function tensorsInWords({ tensors }: Recording, indices: readonly number[]): string {
  return namesInWords((i) => tensors[i]!.name, indices);
}

/** As many names as fit into a headline, else their number. */
export function tensorsInHeadline({ tensors }: Recording, indices: readonly number[]): string {
  return namesInHeadline((i) => tensors[i]!.name, indices).replace(/ parameters$/, ' tensors');
}

/** "all 40 recorded steps" */
export function stepsInWords(count: number, of: number): string {
  return count === of ? `all ${of} recorded steps` : `${count} of ${of} recorded steps`;
}
