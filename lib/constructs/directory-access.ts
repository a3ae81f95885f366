import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { areSeveral } from '../config.ts';
import { DIRECTORY_COPIES, DIRECTORY_TABLE, tableArn } from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import type { Neighbours } from './cell-access.ts';
import { itemAccess } from './item-access.ts';
import { primaryDirectory } from './residency-guard.ts';

type KeyedRead = 'GetItem' | 'BatchGetItem';

/** Registrations of apps, as the own replica has them. */
export function readClients(
  scope: Construct,
  actions: ReadonlyArray<KeyedRead> = ['GetItem'],
): PolicyStatement {
  const table = DIRECTORY_TABLE;
  return itemAccess(scope, { sid: 'ReadClients', table, keys: 'CLIENT#*', actions });
}

/** Which keys sign, and what is verified with them. */
export function readSigningKeys(scope: Construct): PolicyStatement {
  return itemAccess(scope, {
    sid: 'ReadSigningKeys',
    table: DIRECTORY_TABLE,
    keys: 'SIGNING-KEYS',
    actions: ['Query'],
  });
}

/**
 * With several cells, whoever is not found here may live elsewhere: the own replica tells, and the
 * primary region knows it before.
 */
export function findHomesOfSubs(
  scope: Construct,
  neighbours: Neighbours,
  {
    here,
    inPrimary,
  }: {
    readonly here: ReadonlyArray<KeyedRead>;
    readonly inPrimary: {
      readonly keys: ReadonlyArray<string>;
      readonly actions: ReadonlyArray<KeyedRead>;
    };
  },
): ReadonlyArray<PolicyStatement> {
  if (!areSeveral(neighbours.topology)) return [];
  const own = { sid: 'FindHomesOfSubs', table: DIRECTORY_TABLE, keys: 'SUB#*', actions: here };
  if (isPrimary(neighbours)) return [itemAccess(scope, own)];
  const region = regionOf(neighbours.topology.primary);
  const primary = { sid: 'FindHomesInPrimary', table: DIRECTORY_TABLE, region, ...inPrimary };
  return [itemAccess(scope, own), itemAccess(scope, primary)];
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

function isPrimary({ cell, topology }: Neighbours): boolean {
  return cell.name === topology.primary.name;
}
