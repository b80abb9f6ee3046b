export default {
  expected: { exit: 2, says: 'has no function loss', located: false },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256) }),
};
