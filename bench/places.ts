import type { Sight } from '../test/flows/seen-by.ts';
import type { Flow } from './flow.ts';
import type { Budget } from './measure.ts';

/** Where somebody's requests arrive, and what the cell there remembers of the others. */
export interface Place extends Sight {
  readonly name: string;
  /** True when no cell has asked another for a sign of life of late, as for most first requests. */
  readonly isCold: boolean;
  /** For tables: what is measured. */
  readonly description: string;
  budgetOf(flow: Flow): Budget;
}

/** Not the primary cell: what registration and look-ups cost between regions is to be seen. */
const HOME = 'us';

const budgetAtHome = ({ budget, budgets = {} }: Flow): Budget => budgets.atHome ?? budget;
const budgetNearby = (flow: Flow): Budget => flow.budgets?.throughPrimary ?? budgetAtHome(flow);
const budgetAfar = (flow: Flow): Budget => flow.budgets?.throughThird ?? budgetNearby(flow);

/** From the best case to the worst. */
export const PLACES: ReadonlyArray<Place> = [
  {
    name: 'at home',
    ...{ home: HOME, entry: HOME, isCold: false, budgetOf: budgetAtHome },
    description: 'At home: us (us-east-1); the primary cell is eu (eu-central-1).',
  },
  {
    name: 'through the primary cell',
    ...{ home: HOME, entry: 'eu', isCold: false, budgetOf: budgetNearby },
    description:
      'At home in us, entering through eu, the primary cell, which has just asked for us.',
  },
  {
    name: 'through a third cell',
    ...{ home: HOME, entry: 'ap', isCold: true, budgetOf: budgetAfar },
    description:
      'At home in us, entering through ap (ap-southeast-2), with the primary cell elsewhere and no ' +
      'sign of life remembered.',
  },
];
