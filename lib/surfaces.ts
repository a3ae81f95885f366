/** Functions behind the HTTP API, one per group of routes with the same permissions. */
export const HTTP_SURFACES = ['token', 'interaction', 'account'] as const;

export type HttpSurface = (typeof HTTP_SURFACES)[number];

/** Every deployed Lambda; the name is its directory under `functions/`. */
export type Surface = HttpSurface | 'admin' | 'provision' | 'provision-cell' | 'rotation';
