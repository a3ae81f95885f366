import type { Stack, Template } from '../../local/types.ts';

/** A stack as `readAssembly` yields it, around the parts of a template that a test is about. */
export function stackOf(
  template: Partial<Template>,
  place: Partial<Omit<Stack, 'template'>> = {},
): Stack {
  return {
    name: 'Identity',
    region: 'eu-central-1',
    assemblyDirectory: '/nowhere',
    ...place,
    template: { Resources: {}, ...template },
  };
}

/** The message of what `work` throws; fails when it does not. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('was not refused');
}
