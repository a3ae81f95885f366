import type { ParameterSpec } from './parameter-spec.ts';
import type { HttpSurface, Surface } from './surfaces.ts';

/** What operators tune while the service runs: a parameter of the stacks, an environment variable. */
export type Tunable = ParameterSpec & {
  /** Functions that read it; no other gets it. */
  readonly surfaces: ReadonlyArray<Surface>;
};

/** Surfaces with pages behind a session. */
export const PAGES: ReadonlyArray<HttpSurface> = ['interaction', 'account', 'privacy'];

/** Who writes to people in the operator's name. */
export const WRITING: ReadonlyArray<Surface> = [...PAGES, 'export', 'erasure'];

/** As `WRITING`, and who has mail of theirs sent: it knows the language of the person. */
export const MAILING: ReadonlyArray<Surface> = [...WRITING, 'privacy-admin'];

/** In seconds. */
export const HOUR = 3600;
/** In seconds. */
export const DAY = 24 * HOUR;
