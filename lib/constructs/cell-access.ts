import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { areSeveral, type Cell, otherCells, type Topology } from '../config.ts';
import { DIRECTORY_TABLE, functionArn } from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import { itemAccess } from './item-access.ts';
import { type Abroad, primaryDirectory } from './residency-guard.ts';

interface Neighbours {
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

/** Where a surface that claims, looks up or hands on goes outside its region. */
export function abroadOf(
  scope: Construct,
  { cell, topology }: Neighbours,
  surfaces: ReadonlyArray<CalledSurface>,
): Abroad {
  const directory = isPrimary({ cell, topology }) ? [] : [primaryDirectory(scope, topology)];
  return {
    resources: [...directory, ...functionsElsewhere(scope, { cell, topology }, surfaces)],
  };
}

/** Who lives where, as the primary region knows it before the own replica does. */
export function readPrimary(
  scope: Construct,
  neighbours: Neighbours,
  access: {
    readonly keys: ReadonlyArray<string>;
    readonly actions: ReadonlyArray<'GetItem' | 'BatchGetItem'>;
  },
): ReadonlyArray<PolicyStatement> {
  if (isPrimary(neighbours)) return [];
  const region = regionOf(neighbours.topology.primary);
  const sid = 'FindHomesInPrimary';
  return [itemAccess(scope, { sid, table: DIRECTORY_TABLE, region, ...access })];
}

function isPrimary({ cell, topology }: Neighbours): boolean {
  return cell.name === topology.primary.name;
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
