import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { areSeveral, type Cell, otherCells, type Topology } from '../config.ts';
import { functionArn } from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import type { Abroad } from './residency-guard.ts';

/** A cell, and all that there are beside it. */
export interface Neighbours {
  readonly cell: Cell;
  readonly topology: Topology;
}

/** The only way from one cell into another: these functions, called by IAM's leave. */
export function callCells(
  scope: Construct,
  { cell, topology }: Neighbours,
  surfaces: ReadonlyArray<CalledSurface>,
): ReadonlyArray<PolicyStatement> {
  if (!areSeveral(topology)) return [];
  return [
    new PolicyStatement({
      sid: 'CallOtherCells',
      effect: Effect.ALLOW,
      actions: ['lambda:InvokeFunction'],
      resources: [...functionsElsewhere(scope, { cell, topology }, surfaces)],
    }),
  ];
}

/** What a surface that calls other cells reaches outside its region; by default nothing else. */
export function abroadOf(
  scope: Construct,
  neighbours: Neighbours,
  surfaces: ReadonlyArray<CalledSurface>,
  others: ReadonlyArray<string> = [],
): Abroad {
  return { resources: [...others, ...functionsElsewhere(scope, neighbours, surfaces)] };
}

function functionsElsewhere(
  scope: Construct,
  { cell, topology }: Neighbours,
  surfaces: ReadonlyArray<CalledSurface>,
): ReadonlyArray<string> {
  return otherCells(topology, cell).flatMap((other) =>
    surfaces.map((surface) => functionArn(scope, surface, regionOf(other))),
  );
}
