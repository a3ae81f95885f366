import type { HttpSurface } from '../surfaces.ts';

/** What a surface's customers lose while it fails, and how slow is too slow (p99). */
export interface SurfaceHealth {
  readonly surface: HttpSurface;
  /** Begins the alarm's sentence: "Signing up or in takes longer …". */
  readonly lost: string;
  readonly slowMs: number;
}
