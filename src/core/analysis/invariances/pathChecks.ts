/** The checks that compare two paths. */
export const pathChecks = [
  'repeat',
  'scale up',
  'scale down',
  'flip',
  'permute',
  'rotate',
  'translate',
] as const;
export type PathCheck = (typeof pathChecks)[number];

/** The factors of the loss. They are no powers of two, so rounding is tested too. */
export const scales = { 'scale up': 10, 'scale down': 1e-3 } as const;
