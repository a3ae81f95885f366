import { createCellHosts } from '../browser/cell-hosts.ts';
import type { Route } from '../http/surface.ts';
import { createAuthorize } from './authorize.ts';
import { createConsent, createConsentPage } from './consent.ts';
import type { Interaction } from './dependencies.ts';
import { createHandOverLanding } from './hand-over-landing.ts';
import { createIdentify } from './identify.ts';
import { createKeepAccount, createKeepAccountPage } from './keep-account.ts';
import { notFound } from './not-found.ts';
import { createRecover, createRecoverPage } from './recover.ts';
import { createRenewal, createRenewalPage } from './renewal.ts';
import { createResend } from './resend.ts';
import { createReset, createResetPage } from './reset.ts';
import { createSignIn, createSignInPage } from './sign-in.ts';
import { createSignOut } from './sign-out.ts';
import { createSignUp, createSignUpPage } from './sign-up.ts';
import { createSignUpRegion, createSignUpRegionPage } from './sign-up-region.ts';
import { createVerify, createVerifyPage } from './verify.ts';

/** By the HTTP API's route key; `lib/constructs/interaction-surface.ts` lists the same. */
export function createRoutes(deps: Interaction): Readonly<Record<string, Route>> {
  const authorize = createAuthorize(deps);
  const signOut = createSignOut(deps);
  const endpoints = {
    'GET /oauth2/authorize': authorize,
    'POST /oauth2/authorize': authorize,
    'GET /sign-in': createSignInPage(deps),
    'POST /sign-in': createSignIn(deps),
    'POST /sign-in/identifier': createIdentify(deps),
    'GET /hand-over': createHandOverLanding(deps),
    'GET /sign-up': createSignUpPage(deps),
    'POST /sign-up': createSignUp(deps),
    'GET /sign-up/region': createSignUpRegionPage(deps),
    'POST /sign-up/region': createSignUpRegion(deps),
    'GET /verify': createVerifyPage(deps),
    'POST /verify': createVerify(deps),
    'POST /verify/resend': createResend(deps, 'sign-up'),
    'GET /recover': createRecoverPage(deps),
    'POST /recover': createRecover(deps),
    'GET /recover/reset': createResetPage(deps),
    'POST /recover/reset': createReset(deps),
    'POST /recover/resend': createResend(deps, 'recovery'),
    'GET /keep-account': createKeepAccountPage(deps),
    'POST /keep-account': createKeepAccount(deps),
    'GET /renew-consents': createRenewalPage(deps),
    'POST /renew-consents': createRenewal(deps),
    'GET /consent': createConsentPage(deps),
    'POST /consent': createConsent(deps),
    'GET /oauth2/logout': signOut,
    'POST /oauth2/logout': signOut,
  };
  const atCellHost = createCellHosts({ ...deps, issuer: deps.settings.issuer });
  const pages = Object.fromEntries(
    Object.entries(endpoints).map(([key, endpoint]) => [
      key,
      { endpoint: atCellHost(endpoint), errors: 'page' as const },
    ]),
  );
  // Nothing is here whichever host is asked.
  return { ...pages, 'GET /{proxy+}': { endpoint: notFound, errors: 'page' } };
}
