import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CalledSurface } from '../../functions/core/ports/cell-calls.ts';
import { areSeveral, type Cell, otherCells, type Topology } from '../config.ts';
import { DIRECTORY_COPIES, DIRECTORY_TABLE, functionArn, tableArn } from '../names.ts';
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

/** What a surface that calls other cells reaches outside its region; by default nothing else. */
export function abroadOf(
  scope: Construct,
  neighbours: Neighbours,
  surfaces: ReadonlyArray<CalledSurface>,
  others: ReadonlyArray<string> = [],
): Abroad {
  return { resources: [...others, ...functionsElsewhere(scope, neighbours, surfaces)] };
}

/** For whoever claims identifiers or looks people up: the directory, unless it is at home here. */
export function directoryAbroad(scope: Construct, neighbours: Neighbours): ReadonlyArray<string> {
  return isPrimary(neighbours) ? [] : [primaryDirectory(scope, neighbours.topology)];
}

/** For the replay of erasures: copies of the directory, restored beside it. */
export function directoryCopiesAbroad(
  scope: Construct,
  neighbours: Neighbours,
): ReadonlyArray<string> {
  if (isPrimary(neighbours)) return [];
  return [tableArn(scope, DIRECTORY_COPIES, regionOf(neighbours.topology.primary))];
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
