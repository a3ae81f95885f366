/** Tables that operators restored beside those of the template, and delete again. */
import { join } from 'node:path';
import { keepJsonFile, readJsonFile } from '../kept-file.ts';
import { AwsError } from '../types.ts';
import { describeTable, loadDeclared, refuseDeletion } from './descriptions.ts';
import type { Engine } from './engine.ts';
import { findString, type JsonObject, readObject } from './json-object.ts';
import { type Recovery, requireRestoreTime } from './recovery.ts';
import { keyArnOf, type Table } from './table.ts';

export interface RestoredTables {
  /** Tables of an earlier start. */
  readonly known: ReadonlyArray<Table>;
  keep(tables: ReadonlyArray<Table>): void;
  flush(): Promise<void>;
}

export async function keepRestoredTables(
  dataDirectory: string | undefined,
): Promise<RestoredTables> {
  if (dataDirectory === undefined) {
    return { known: [], keep: () => undefined, flush: async () => undefined };
  }
  const file = join(dataDirectory, 'restored-tables.json');
  const keeper = keepJsonFile<ReadonlyArray<Table>>(file);
  return {
    known: (await readJsonFile<ReadonlyArray<Table>>(file)) ?? [],
    keep: (tables) => keeper.keep(() => tables),
    flush: keeper.flush,
  };
}

export interface RestoringRegion {
  readonly region: string;
  readonly account: string;
  /** Declared and restored ones; grows and shrinks. */
  readonly tables: Array<Table>;
  readonly declared: ReadonlyArray<Table>;
  readonly engine: Engine;
  readonly recovery: Recovery;
  readonly kept: RestoredTables;
}

/**
 * `RestoreTableToPointInTime`: a new table with the keys and indexes of the source, without TTL,
 * stream, recovery and deletion protection, under the key given or the source's own.
 */
export async function restoreTable(where: RestoringRegion, input: JsonObject): Promise<JsonObject> {
  const { tables, engine, recovery } = where;
  const source = requireSource(tables, input);
  const name = requireTargetName(input);
  if (tables.some((one) => one.name === name)) {
    throw new AwsError('TableAlreadyExistsException', `Table already exists: ${name}`);
  }
  const toMs = requireRestoreTime(source.name, recovery.windowOf(source), input);
  const target = targetOf(where, source, name, input);
  const items = recovery.rewind(source, await engine.items(source.name), toMs);
  await engine.addTable(target, items);
  tables.push(target);
  keep(where);
  return {
    TableDescription: {
      ...describeTable(target),
      TableStatus: 'CREATING',
      RestoreSummary: {
        SourceTableArn: source.arn,
        RestoreDateTime: toMs / 1000,
        RestoreInProgress: true,
      },
    },
  };
}

/** `DeleteTable`, of restored tables: the others go with their template. */
export async function deleteTable(where: RestoringRegion, input: JsonObject): Promise<JsonObject> {
  const { tables, declared, engine } = where;
  const table = loadDeclared(tables, input);
  if (declared.includes(table)) return refuseDeletion(table);
  await engine.dropTable(table.name);
  tables.splice(tables.indexOf(table), 1);
  keep(where);
  return { TableDescription: { ...describeTable(table), TableStatus: 'DELETING' } };
}

/** Back to the tables of the template. */
export async function dropRestored(where: RestoringRegion): Promise<void> {
  for (const { name } of where.tables.splice(where.declared.length)) {
    await where.engine.dropTable(name);
  }
  keep(where);
}

function keep({ tables, declared, kept }: RestoringRegion): void {
  kept.keep(tables.slice(declared.length));
}

/** By name or ARN. */
export function findSource(tables: ReadonlyArray<Table>, input: JsonObject): Table | undefined {
  const name = findString(input, 'SourceTableName');
  const arn = findString(input, 'SourceTableArn');
  return tables.find((one) => (name === undefined ? one.arn === arn : one.name === name));
}

function requireSource(tables: ReadonlyArray<Table>, input: JsonObject): Table {
  const source = findSource(tables, input);
  if (source !== undefined) return source;
  const wanted = findString(input, 'SourceTableName') ?? findString(input, 'SourceTableArn');
  throw new AwsError('TableNotFoundException', `Table not found: ${wanted}`);
}

function requireTargetName(input: JsonObject): string {
  const name = findString(input, 'TargetTableName') ?? '';
  if (/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return name;
  throw new AwsError('ValidationException', 'TargetTableName must be 3 to 255 letters and digits');
}

function targetOf(
  { region, account }: RestoringRegion,
  source: Table,
  name: string,
  input: JsonObject,
): Table {
  const given = keyArnOf(readObject(input, 'SSESpecificationOverride'), region, account);
  return {
    ...source,
    name,
    arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
    ttlAttribute: undefined,
    stream: undefined,
    recoveryPeriodDays: undefined,
    deletionProtection: false,
    replicaRegions: [],
    kmsKeyArn: given ?? source.kmsKeyArn,
  };
}
