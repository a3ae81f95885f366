import { PageError } from '../browser/page-error.ts';
import { type CarriedRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';

/** Throws PageError 403 where operators alone create accounts. */
export function requireSelfRegistration({ settings }: Interaction, carried: CarriedRequest): void {
  if (settings.selfRegistration) return;
  throw new PageError({
    status: 403,
    title: 'error-title.self-registration-off',
    text: 'error.self-registration-off',
    detail: 'self-registration is off',
    retryUrl: withRequest('/sign-in', carried),
  });
}
