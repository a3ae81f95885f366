import { createAgent } from '../test/harness/agent.ts';
import { requireCode } from '../test/harness/apps.ts';
import { authorize, openSignUp, signIn } from '../test/harness/journeys.ts';
import { type Flow, requireForm } from './flow.ts';
import { FLOWS } from './flows.ts';

/** With several cells there are those, too, of a browser that nobody has used here before. */
export const FLOWS_OF_CELLS: ReadonlyArray<Flow> = [
  ...FLOWS,
  {
    name: 'sign-in, home not known',
    // The look-up is counted and made in two regions; then it is the sign-in of who is known.
    budget: { calls: 7, depth: 4, kms: 0, abroad: 1 },
    budgets: {
      // The primary cell's own copy is the only one to ask; a hand-over is used up at home.
      throughPrimary: { calls: 7, depth: 5, kms: 0 },
      // Look-up in the primary cell, sign of life from home.
      throughThird: { calls: 9, depth: 6, kms: 0, abroad: 2 },
    },
    prepare: async ({ cloud, app, person }) => {
      const agent = createAgent(cloud);
      const { answer } = await authorize(cloud, agent, app);
      return async () => requireCode(await signIn(agent, answer, person));
    },
  },
  {
    name: 'sign-up page, home not known',
    budget: { calls: 0, depth: 0, kms: 0 },
    budgets: {
      throughPrimary: { calls: 1, depth: 1, kms: 0 },
      throughThird: { calls: 2, depth: 2, kms: 0, abroad: 1 },
    },
    prepare: async ({ cloud, app }) => {
      const agent = createAgent(cloud);
      const { answer } = await authorize(cloud, agent, app);
      return async () => requireForm(await openSignUp(agent, answer), '/sign-up');
    },
  },
];
