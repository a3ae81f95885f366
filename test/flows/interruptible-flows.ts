import { createAgent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  findCallback,
  redeem,
  refresh,
  registerApp,
  registerMachine,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  createSignedIn,
  endSession,
  newPerson,
  obtainCode,
  obtainTokens,
  readCode,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { isRead } from './cut-off-places.ts';

/** What every flow finds ready. */
export interface Stage extends Awaited<ReturnType<typeof createSignedIn>> {
  readonly cloud: TestCloud;
  readonly app: App;
  readonly machine: App;
}

export async function setStage(cloud: TestCloud): Promise<Stage> {
  return {
    cloud,
    app: await registerApp(cloud),
    machine: await registerMachine(cloud),
    ...(await createSignedIn(cloud)),
  };
}

/** How one run of the act ended. */
interface Outcome {
  readonly status: number;
  readonly headers: Headers;
  readonly isDone: boolean;
  /** What the caller reads, to tell one refusal from another. */
  readonly body: string;
}

/** One request, as often as somebody sends it: the same form, code or token each time. */
type Act = () => Promise<Outcome>;

/** A request that AWS may interrupt at any of its calls. */
export interface InterruptibleFlow {
  readonly name: string;
  /** `service:operation` of every AWS call that it makes once warm. */
  readonly calls: ReadonlyArray<string>;
  prepare(stage: Stage): Promise<Act>;
  /**
   * Said when a container died after the deed was done and the request is repeated; without it,
   * repeating always succeeds.
   */
  readonly saysDone?: string;
}

export const INTERRUPTIBLE_FLOWS: ReadonlyArray<InterruptibleFlow> = [
  {
    name: 'authorize with session',
    calls: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    prepare:
      async ({ cloud, agent, app }) =>
      async () => {
        const { answer } = await authorize(cloud, agent, app);
        return { ...answer, isDone: findCallback(answer)?.code !== undefined };
      },
  },
  {
    name: 'sign-in',
    calls: [
      'dynamodb:BatchGetItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
      'dynamodb:TransactWriteItems',
    ],
    prepare: async ({ cloud, app, person }) => {
      const agent = createAgent(cloud.issuer);
      const { answer: page } = await authorize(cloud, agent, app);
      return async () => {
        const answer = await signIn(agent, page, person);
        return { ...answer, isDone: findCallback(answer)?.code !== undefined };
      };
    },
  },
  {
    name: 'code → tokens',
    calls: ['dynamodb:UpdateItem', 'dynamodb:BatchGetItem', 'kms:Sign'],
    saysDone: 'invalid_grant',
    prepare: async ({ cloud, agent, app }) => {
      const { attempt, code } = await obtainCode(cloud, agent, app);
      return async () => asOutcome(await redeem(cloud, attempt, code), 'refresh_token');
    },
  },
  {
    name: 'refresh → tokens',
    calls: ['dynamodb:UpdateItem', 'kms:Sign'],
    prepare: async ({ cloud, agent, app }) => {
      const token = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
      return async () => asOutcome(await refresh(cloud, app, token), 'refresh_token');
    },
  },
  {
    name: 'client credentials',
    calls: ['kms:Sign'],
    prepare:
      async ({ cloud, machine }) =>
      async () =>
        asOutcome(await clientCredentials(cloud, machine), 'access_token'),
  },
  {
    name: 'userinfo',
    calls: ['dynamodb:BatchGetItem'],
    prepare: async ({ cloud, agent, app }) => {
      const token = requireText(await obtainTokens(cloud, agent, app), 'access_token');
      return async () => asOutcome(await userinfo(cloud, token), 'email');
    },
  },
  {
    name: 'sign-up → mail',
    calls: ['dynamodb:BatchGetItem', 'dynamodb:TransactWriteItems', 'ses:SendEmail'],
    prepare: async ({ cloud }) => {
      const agent = createAgent(cloud.issuer);
      const page = await agent.get('/sign-up');
      const person = newPerson();
      return async () => {
        const answer = await signUp(agent, page, person);
        return { ...answer, isDone: new URL(answer.url).pathname === '/verify' };
      };
    },
  },
  {
    name: 'confirmed address → account',
    calls: ['dynamodb:UpdateItem', 'dynamodb:TransactWriteItems'],
    saysDone: 'used',
    prepare: async ({ cloud, app }) => {
      const agent = createAgent(cloud.issuer);
      const person = newPerson();
      const { answer } = await authorize(cloud, agent, app, { prompt: '' });
      const request = new URL(answer.url).searchParams.get('request') ?? '';
      const start = await agent.get(`/sign-up?request=${request}`);
      const page = await signUp(agent, start, person);
      const code = await readCode(cloud, person.email);
      return async () => {
        const confirmed = await agent.submit(page, '/verify', { code });
        return { ...confirmed, isDone: findCallback(confirmed)?.code !== undefined };
      };
    },
  },
  {
    name: 'recovery → mail',
    calls: ['dynamodb:BatchGetItem', 'dynamodb:TransactWriteItems', 'ses:SendEmail'],
    prepare: async ({ cloud }) => {
      const { person } = await plantSignedIn(cloud);
      const agent = createAgent(cloud.issuer);
      const page = await agent.get('/recover');
      return async () => {
        const answer = await agent.submit(page, '/recover', { email: person.email });
        return { ...answer, isDone: new URL(answer.url).pathname === '/recover/reset' };
      };
    },
  },
  {
    name: 'recovery → new password',
    calls: [
      'dynamodb:UpdateItem',
      'dynamodb:Query',
      'dynamodb:TransactWriteItems',
      'ses:SendEmail',
    ],
    saysDone: 'used',
    prepare: async ({ cloud }) => {
      const { person } = await plantSignedIn(cloud);
      const agent = createAgent(cloud.issuer);
      const start = await agent.get('/recover');
      const page = await agent.submit(start, '/recover', { email: person.email });
      const fields = {
        code: await readCode(cloud, person.email),
        password: `${person.password}, new`,
      };
      return async () => {
        const answer = await agent.submit(page, '/recover/reset', fields, { follow: false });
        return { ...answer, isDone: answer.leadsTo?.pathname === '/account' };
      };
    },
  },
  {
    name: 'password change',
    calls: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
      'dynamodb:TransactWriteItems',
      'ses:SendEmail',
    ],
    // Its browser's session has been replaced, and the reply with the new cookie was lost.
    saysDone: '/sign-in',
    prepare: async ({ cloud }) => {
      const { agent, person } = await plantSignedIn(cloud);
      const page = await agent.get('/account/password');
      const fields = { current: person.password, password: `${person.password}, new` };
      return async () => {
        const answer = await agent.submit(page, '/account/password', fields, { follow: false });
        const path = answer.leadsTo?.pathname;
        return { ...answer, body: path ?? answer.body, isDone: path === '/account' };
      };
    },
  },
  {
    name: 'account portal',
    calls: ['dynamodb:Query', 'dynamodb:BatchGetItem'],
    prepare:
      async ({ agent }) =>
      async () => {
        const answer = await agent.get('/account');
        const form = answer.document.querySelector('form[action="/account/sign-out"]');
        return { ...answer, isDone: form !== null };
      },
  },
  {
    name: 'sign-out',
    calls: ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:TransactWriteItems'],
    prepare: async ({ cloud, app }) => {
      const { agent } = await plantSignedIn(cloud);
      await obtainCode(cloud, agent, app, { scope: 'openid' });
      const page = await agent.get('/account');
      return async () => {
        const answer = await agent.submit(page, '/account/sign-out');
        return { ...answer, isDone: answer.status === 200 };
      };
    },
  },
  {
    name: 'logout by an app',
    calls: ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:TransactWriteItems'],
    prepare: async ({ cloud, app }) => {
      const { agent } = await plantSignedIn(cloud);
      await obtainCode(cloud, agent, app, { scope: 'openid' });
      const idToken = requireText(await obtainTokens(cloud, agent, app), 'id_token');
      return async () => {
        const answer = await endSession(agent, app, idToken);
        return { ...answer, isDone: answer.leadsTo?.href === app.postLogoutRedirectUri };
      };
    },
  },
];

/** Each flow with each of its calls. */
export const INTERRUPTIONS = INTERRUPTIBLE_FLOWS.flatMap((flow) =>
  flow.calls.map((call) => ({ flow, call, name: flow.name })),
);

/**
 * What a container that dies leaves behind is what was written, and those who asked read 500 whichever
 * call it was. So dying before or after a call that reads is dying after whatever was written last, or
 * before what is written next: those are cases of their own. Of a flow that writes nothing there is
 * one.
 */
export const CRASHES = {
  before: INTERRUPTIBLE_FLOWS.flatMap((flow) => {
    const writes = writesOf(flow);
    const calls = writes.length > 0 ? writes : flow.calls.slice(0, 1);
    return calls.map((call) => ({ flow, call, name: flow.name }));
  }),
  after: INTERRUPTIBLE_FLOWS.flatMap((flow) =>
    writesOf(flow).map((call) => ({ flow, call, name: flow.name })),
  ),
};

function writesOf({ calls }: InterruptibleFlow): ReadonlyArray<string> {
  return calls.filter((call) => !isRead(call.replace(':', ' ')));
}

function asOutcome(
  { status, headers, json }: Awaited<ReturnType<typeof redeem>>,
  member: string,
): Outcome {
  const isDone = status === 200 && typeof json[member] === 'string';
  return { status, headers, isDone, body: JSON.stringify(json) };
}
