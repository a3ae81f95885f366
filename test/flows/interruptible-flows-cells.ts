import { createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  findCallback,
  introspect,
  type JsonAnswer,
  pushRequest,
  refresh,
  registerApp,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { newPerson, obtainTokens, readCode, signUp } from '../harness/journeys.ts';
import { createResident, openSignUpAt, type Resident, requireUrl } from './residents.ts';

/** What every flow finds ready: an app, and somebody at home in either cell. */
export interface CellsStage {
  readonly cloud: TestCloud;
  readonly app: App;
  /** The primary cell. */
  readonly inEu: Resident;
  readonly inUs: Resident;
}

export async function setCellsStage(cloud: TestCloud): Promise<CellsStage> {
  const app = await registerApp(cloud);
  await cloud.flushReplication();
  return {
    cloud,
    app,
    inEu: await createResident(cloud, 'eu'),
    inUs: await createResident(cloud, 'us'),
  };
}

/** How one run of the act ended. */
interface Outcome {
  readonly status: number;
  readonly headers: Headers;
  readonly isDone: boolean;
  readonly body: string;
}

/** A call that may be interrupted. */
export interface InterruptibleCall {
  /** `service:operation`. */
  readonly call: string;
  /** Where it is answered. */
  readonly cell: 'eu' | 'us';
  /** True when the flow goes on while it fails: something else knows the same, or catches up. */
  readonly isSpare?: true;
  /** True when it is made once and never again: the way is long, or what was called may have acted. */
  readonly isSingle?: true;
}

/** A request that takes part in two cells, as often as somebody sends it. */
export interface FlowBetweenCells {
  readonly name: string;
  readonly calls: ReadonlyArray<InterruptibleCall>;
  prepare(stage: CellsStage): Promise<() => Promise<Outcome>>;
  /** Said to who repeats what was done already; without it, repeating always succeeds. */
  readonly saysDone?: RegExp;
}

const HOP = { call: 'lambda:Invoke', cell: 'us', isSingle: true } as const;

export const FLOWS_BETWEEN_CELLS: ReadonlyArray<FlowBetweenCells> = [
  {
    name: 'address → hand-over',
    calls: [
      { call: 'dynamodb:UpdateItem', cell: 'us' },
      { call: 'dynamodb:BatchGetItem', cell: 'us', isSpare: true },
      { call: 'dynamodb:BatchGetItem', cell: 'eu', isSpare: true },
    ],
    prepare: async ({ cloud, inEu }) => {
      const agent = createAgent(cloud);
      const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
      const fields = { email: inEu.person.email };
      return async () => {
        const answer = await agent.submit(page, '/sign-in/identifier', fields, { follow: false });
        return { ...answer, isDone: answer.leadsTo?.pathname === '/hand-over' };
      };
    },
  },
  {
    name: 'hand-over → form at home',
    calls: [{ call: 'dynamodb:PutItem', cell: 'eu' }],
    // Its single use was made; the page says so and leads to sign-in.
    saysDone: /Please start again/,
    prepare: async ({ cloud, inEu }) => {
      const agent = createAgent(cloud);
      const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
      const fields = { email: inEu.person.email };
      const options = { follow: false };
      const { leadsTo } = await agent.submit(page, '/sign-in/identifier', fields, options);
      if (leadsTo === undefined) throw new Error('nothing is handed over');
      return async () => {
        const answer = await agent.get(leadsTo, options);
        return { ...answer, isDone: answer.leadsTo?.pathname === '/sign-in' };
      };
    },
  },
  {
    name: 'confirmed address → claim → account',
    calls: [
      { call: 'dynamodb:UpdateItem', cell: 'us' },
      { call: 'dynamodb:TransactWriteItems', cell: 'eu' },
      { call: 'dynamodb:TransactWriteItems', cell: 'us' },
      { call: 'dynamodb:UpdateItem', cell: 'eu', isSpare: true },
    ],
    saysDone: /already been used/,
    prepare: async ({ cloud }) => {
      const agent = createAgent(cloud);
      const person = newPerson();
      const form = await openSignUpAt(cloud, agent, 'us');
      const page = await signUp(agent, form, person);
      const code = await readCode(cloud, person.email);
      return async () => {
        const answer = await agent.submit(page, '/verify', { code }, { follow: false });
        return { ...answer, isDone: answer.leadsTo?.pathname === '/account' };
      };
    },
  },
  {
    name: 'refresh, handed on',
    calls: [HOP, { call: 'dynamodb:UpdateItem', cell: 'us' }, { call: 'kms:Sign', cell: 'us' }],
    prepare: async ({ cloud, app, inUs }) => {
      const token = requireText(await obtainTokens(cloud, inUs.agent, app), 'refresh_token');
      const entry = { issuer: requireUrl(cloud, 'eu') };
      return async () => asOutcome(await refresh(entry, app, token), 'refresh_token');
    },
  },
  {
    name: 'userinfo, handed on',
    calls: [
      HOP,
      { call: 'dynamodb:BatchGetItem', cell: 'eu' },
      { call: 'dynamodb:BatchGetItem', cell: 'us' },
    ],
    prepare: async ({ cloud, app, inUs }) => {
      const token = requireText(await obtainTokens(cloud, inUs.agent, app), 'access_token');
      const entry = { issuer: requireUrl(cloud, 'eu') };
      return async () => asOutcome(await userinfo(entry, token), 'email');
    },
  },
  {
    name: 'introspection, handed on',
    calls: [
      HOP,
      { call: 'dynamodb:BatchGetItem', cell: 'eu' },
      { call: 'dynamodb:BatchGetItem', cell: 'us' },
    ],
    prepare: async ({ cloud, app, inUs }) => {
      const token = requireText(await obtainTokens(cloud, inUs.agent, app), 'access_token');
      const entry = { issuer: requireUrl(cloud, 'eu') };
      return async () => {
        const { status, headers, json } = await introspect(entry, app, token);
        return { status, headers, body: JSON.stringify(json), isDone: json['active'] === true };
      };
    },
  },
  {
    name: 'request pushed elsewhere → code',
    calls: [
      { call: 'dynamodb:GetItem', cell: 'eu' },
      HOP,
      { call: 'dynamodb:UpdateItem', cell: 'us' },
      { call: 'dynamodb:PutItem', cell: 'eu' },
    ],
    // Where it crashed after its single use, or an answer was lost: the app has to push it again.
    saysDone: /request does not work/,
    prepare: async ({ cloud, app, inEu }) => {
      const attempt = attemptAuthorization(cloud, app);
      const pushed = await pushRequest({ issuer: requireUrl(cloud, 'us') }, attempt);
      const url = new URL(`/oauth2/authorize${pushed.search}`, cloud.issuer);
      return async () => {
        const answer = await inEu.agent.get(url);
        return { ...answer, isDone: findCallback(answer)?.code !== undefined };
      };
    },
  },
];

/** Each flow with each of its calls. */
export const INTERRUPTIONS_BETWEEN_CELLS = FLOWS_BETWEEN_CELLS.flatMap((flow) =>
  flow.calls.map((interrupted) => ({
    ...{ flow, interrupted, name: flow.name },
    what: `${interrupted.call} in ${interrupted.cell}`,
  })),
);

function asOutcome({ status, headers, json }: JsonAnswer, member: string): Outcome {
  const isDone = status === 200 && typeof json[member] === 'string';
  return { status, headers, isDone, body: JSON.stringify(json) };
}
