import { decodeJwt } from 'jose';
import { rest } from '../test/flows/rest.ts';
import {
  attemptAuthorization,
  clientCredentials,
  introspect,
  pushRequest,
  redeem,
  refresh,
  requireCode,
  requireText,
  userinfo,
} from '../test/harness/apps.ts';
import {
  authorize,
  confirmByCode,
  createSignedIn,
  newPerson,
  obtainCode,
  obtainTokens,
  openLink,
  openSignUp,
  resetPassword,
  signIn,
  signUp,
} from '../test/harness/journeys.ts';
import { type Flow, requireForm, requireOk } from './flow.ts';
import type { Stage } from './stage.ts';

/** Budgets of DESIGN §8; sign-up and recovery have budgets of their own, held here. */
export const FLOWS: ReadonlyArray<Flow> = [
  {
    name: 'discovery, JWKS',
    budget: { calls: 0, depth: 0, kms: 0 },
    prepare: async ({ openBrowser }) => {
      const agent = openBrowser();
      return async () => {
        requireOk(await agent.get('/.well-known/openid-configuration'));
        requireOk(await agent.get('/oauth2/jwks'));
      };
    },
  },
  {
    name: 'authorize, no session → page',
    budget: { calls: 0, depth: 0, kms: 0 },
    budgets: { throughThird: { calls: 1, depth: 1, kms: 0, abroad: 1 } },
    prepare: async ({ cloud, app, openBrowser }) => {
      const agent = openBrowser();
      return async () => requireForm((await authorize(cloud, agent, app)).answer, '/sign-in');
    },
  },
  {
    name: 'authorize with session → code',
    budget: { calls: 2, depth: 2, kms: 0 },
    // The browser is led home only where home gives a sign of life.
    budgets: { throughThird: { calls: 3, depth: 3, kms: 0, abroad: 1 } },
    prepare:
      async ({ cloud, agent, app }) =>
      () =>
        obtainCode(cloud, agent, app),
  },
  {
    name: 'password sign-in → session → code',
    budget: { calls: 4, depth: 3, kms: 0 },
    prepare: async ({ cloud, app, person, openBrowser }) => {
      const agent = openBrowser();
      const { answer } = await authorize(cloud, agent, app);
      return async () => requireCode(await signIn(agent, answer, person));
    },
  },
  {
    name: 'code → tokens',
    budget: { calls: 4, depth: 2, kms: 2 },
    budgets: { throughPrimary: { calls: 5, depth: 3, kms: 2, abroad: 1 } },
    prepare: async ({ cloud, agent, app }) => {
      const { attempt, code } = await obtainCode(cloud, agent, app);
      return async () => requireText(await redeem(cloud, attempt, code), 'id_token');
    },
  },
  {
    name: 'refresh → tokens',
    budget: { calls: 3, depth: 2, kms: 2 },
    budgets: { throughPrimary: { calls: 4, depth: 3, kms: 2, abroad: 1 } },
    prepare: async ({ cloud, agent, app }) => {
      const token = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
      return async () => requireText(await refresh(cloud, app, token), 'id_token');
    },
  },
  {
    name: 'client credentials',
    budget: { calls: 1, depth: 1, kms: 1 },
    prepare:
      async ({ cloud, machine }) =>
      async () =>
        requireText(await clientCredentials(cloud, machine), 'access_token'),
  },
  {
    name: 'introspection of an access token',
    budget: { calls: 1, depth: 1, kms: 0 },
    // Whose it is has to be looked up before it is handed on.
    budgets: { throughPrimary: { calls: 3, depth: 3, kms: 0, abroad: 1 } },
    prepare: prepareIntrospection('access_token'),
  },
  {
    name: 'introspection of a refresh token',
    budget: { calls: 1, depth: 1, kms: 0 },
    budgets: { throughPrimary: { calls: 2, depth: 2, kms: 0, abroad: 1 } },
    prepare: prepareIntrospection('refresh_token'),
  },
  {
    name: 'request pushed',
    budget: { calls: 1, depth: 1, kms: 0 },
    prepare:
      async ({ cloud, app }) =>
      () =>
        pushRequest(cloud, attemptAuthorization(cloud, app)),
  },
  {
    name: 'userinfo',
    budget: { calls: 1, depth: 1, kms: 0 },
    budgets: { throughPrimary: { calls: 3, depth: 3, kms: 0, abroad: 1 } },
    prepare: async ({ cloud, agent, app }) => {
      const token = requireText(await obtainTokens(cloud, agent, app), 'access_token');
      return async () => requireText(await userinfo(cloud, token), 'email');
    },
  },
  {
    name: 'consent checked',
    budget: { calls: 1, depth: 1, kms: 0 },
    budgets: { throughPrimary: { calls: 3, depth: 3, kms: 0, abroad: 1 } },
    prepare: async ({ cloud, agent, app, machine }) => {
      const about = requireText(await obtainTokens(cloud, agent, app), 'access_token');
      const token = requireText(await clientCredentials(cloud, machine), 'access_token');
      const body = { sub: decodeJwt(about).sub, purposes: ['product-news'] };
      return async () => {
        const { status } = await rest(cloud, 'POST /v1/consents/check', { token, body });
        if (status !== 200) throw new Error(`the check answered with status ${status}`);
      };
    },
  },
  {
    name: 'sign-up → mail',
    budget: { calls: 3, depth: 3, kms: 0 },
    // The directory is asked here and in the primary region, side by side.
    budgets: { atHome: { calls: 4, depth: 3, kms: 0, abroad: 1 } },
    prepare: async ({ cloud, app, openBrowser }) => {
      const agent = openBrowser();
      const { answer } = await authorize(cloud, agent, app);
      const page = await openSignUp(agent, answer);
      return async () => requireForm(await signUp(agent, page, newPerson()), '/verify');
    },
  },
  {
    name: 'e-mail confirmed → account → code',
    // Tries are counted for the challenge and for the address, side by side.
    budget: { calls: 3, depth: 2, kms: 0 },
    // Claim, account, confirmation there, confirmation here (ADR 0011).
    budgets: { atHome: { calls: 6, depth: 5, kms: 0, abroad: 2 } },
    prepare: async ({ cloud, app, openBrowser }) => {
      const agent = openBrowser();
      const person = newPerson();
      const { answer } = await authorize(cloud, agent, app);
      const page = await signUp(agent, await openSignUp(agent, answer), person);
      return async () => requireCode(await confirmByCode(cloud, agent, page, person));
    },
  },
  {
    name: 'recovery → mail',
    budget: { calls: 3, depth: 3, kms: 0 },
    // Look-ups are counted, and answered by both copies of the directory.
    budgets: { atHome: { calls: 6, depth: 3, kms: 0, abroad: 1 } },
    prepare: async (stage) => {
      const { agent, page, person } = await openRecovery(stage);
      return async () =>
        requireForm(
          await agent.submit(page, '/recover', { email: person.email }),
          '/recover/reset',
        );
    },
  },
  {
    name: 'recovery → new password → code',
    budget: { calls: 6, depth: 5, kms: 0 },
    prepare: async (stage) => {
      const { agent, page, person } = await openRecovery(stage);
      const reset = await agent.submit(page, '/recover', { email: person.email });
      const changed = { ...person, password: `${person.password}, renewed` };
      return async () => requireCode(await resetPassword(stage.cloud, agent, reset, changed));
    },
  },
];

function prepareIntrospection(kind: 'access_token' | 'refresh_token'): Flow['prepare'] {
  return async ({ cloud, agent, app }) => {
    const token = requireText(await obtainTokens(cloud, agent, app), kind);
    return async () => {
      const { json } = await introspect(cloud, app, token);
      if (json['active'] !== true) throw new Error(`the ${kind} is not active`);
    };
  };
}

/** A new person who has forgotten their password, on their way to an app. */
async function openRecovery({ cloud, app, openBrowser }: Stage) {
  const { person } = await createSignedIn(cloud);
  const agent = openBrowser();
  const { answer } = await authorize(cloud, agent, app);
  return { agent, person, page: await openLink(agent, answer, '/recover') };
}
