/** Functions behind the HTTP API, one per group of routes with the same permissions. */
export const HTTP_SURFACES = [
  'token',
  'interaction',
  'account',
  'privacy',
  'privacy-admin',
] as const;

export type HttpSurface = (typeof HTTP_SURFACES)[number];

/** Functions of the Privacy stack: states of its workflows, and the consumer of streams. */
export const PRIVACY_TASKS = ['export', 'erasure', 'events', 'audit'] as const;

export type PrivacyTask = (typeof PRIVACY_TASKS)[number];

/** Every deployed Lambda; the name is its directory under `functions/`. */
export const SURFACES = [
  ...HTTP_SURFACES,
  ...PRIVACY_TASKS,
  'admin',
  'provision',
  'provision-cell',
  'rotation',
] as const;

export type Surface = (typeof SURFACES)[number];
