import {
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  RestoreTableToPointInTimeCommand,
  type RestoreTableToPointInTimeCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { KEY_ARN, key, NAMES, openDynamoDb, requestOf } from './dynamodb-fixtures.ts';

const DAY = 86_400;
/** How far behind the latest moment is that can be restored. */
const BEHIND = 300;
const COPY = `${NAMES.data}-restored`;

const db = await openDynamoDb('dynalite');
const { client, clock, service } = db;
afterAll(db.close);
beforeEach(() => service.reset());

function restore(input: Partial<RestoreTableToPointInTimeCommandInput>) {
  const names = { SourceTableName: NAMES.data, TargetTableName: COPY };
  return client.send(new RestoreTableToPointInTimeCommand({ ...names, ...input }));
}
const restoreTo = (seconds: number) => restore({ RestoreDateTime: new Date(seconds * 1000) });

/** What the copy holds: text by partition key. */
async function copied(): Promise<Record<string, string | undefined>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: COPY }));
  return Object.fromEntries(Items.map(({ pk, text }) => [pk?.S, text?.S]));
}

async function backupsOf(TableName: string) {
  const { ContinuousBackupsDescription } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.name : 'nothing was refused';
}

describe('a table restored to a moment', () => {
  it('holds what the table held then: items changed since, deleted since, and none that came since', async () => {
    await db.put('changed', { text: { S: 'before' } });
    await db.put('deleted', { text: { S: 'still' } });
    const then = clock.nowSeconds();
    clock.advance(60);
    const Key = key('changed');
    const values = { ':t': { S: 'after' } };
    await client.send(
      new UpdateItemCommand({
        TableName: NAMES.data,
        Key,
        UpdateExpression: 'SET #t = :t',
        ExpressionAttributeNames: { '#t': 'text' },
        ExpressionAttributeValues: values,
      }),
    );
    await client.send(new DeleteItemCommand({ TableName: NAMES.data, Key: key('deleted') }));
    await db.put('new', { text: { S: 'new' } });
    clock.advance(BEHIND);
    await restoreTo(then);
    expect(await copied()).toEqual({ changed: 'before', deleted: 'still' });
    expect(await db.get('deleted')).toBeUndefined();
  });

  it('holds what TTL has deleted since', async () => {
    await db.put('brief', { text: { S: 'x' }, expiresAt: { N: String(clock.nowSeconds() + 10) } });
    const then = clock.nowSeconds();
    clock.advance(BEHIND + 60);
    expect(await service.sweepExpired()).toBe(1);
    await restoreTo(then);
    expect(await copied()).toEqual({ brief: 'x' });
  });

  it('is a table by itself: no TTL, no stream, no recovery, no protection, the key of its source', async () => {
    clock.advance(BEHIND);
    const { TableDescription } = await restore({ UseLatestRestorableTime: true });
    expect(TableDescription).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { RestoreInProgress: true },
    });
    const { Table } = await client.send(new DescribeTableCommand({ TableName: COPY }));
    expect(Table).toMatchObject({
      TableName: COPY,
      TableStatus: 'ACTIVE',
      DeletionProtectionEnabled: false,
      SSEDescription: { KMSMasterKeyArn: KEY_ARN },
    });
    expect(Table?.LatestStreamArn).toBeUndefined();
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: COPY }),
    );
    expect(TimeToLiveDescription?.TimeToLiveStatus).toBe('DISABLED');
    expect(await backupsOf(COPY)).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
    expect(service.tables()).toContain(COPY);
  });

  it('takes another key when it is given one', async () => {
    clock.advance(BEHIND);
    const KMSMasterKeyId = KEY_ARN.replace('mrk-data', 'other');
    await restore({
      UseLatestRestorableTime: true,
      SSESpecificationOverride: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId },
    });
    const { Table } = await client.send(new DescribeTableCommand({ TableName: COPY }));
    expect(Table?.SSEDescription?.KMSMasterKeyArn).toBe(KMSMasterKeyId);
  });

  it('is deleted by name, unlike those of the template, and goes with a reset', async () => {
    clock.advance(BEHIND);
    await restore({ UseLatestRestorableTime: true });
    await client.send(new DeleteTableCommand({ TableName: COPY }));
    expect(service.tables()).not.toContain(COPY);
    expect(await refusal(client.send(new DescribeTableCommand({ TableName: COPY })))).toBe(
      'ResourceNotFoundException',
    );
    const declared = new DeleteTableCommand({ TableName: NAMES.data });
    expect(await refusal(client.send(declared))).toBe('ValidationException');
    await restore({ UseLatestRestorableTime: true });
    await service.reset();
    expect(service.tables()).not.toContain(COPY);
  });
});

describe('the window of recovery', () => {
  it('is as long as the template says, table by table, and ends five minutes ago', async () => {
    clock.advance(40 * DAY);
    const seconds = (date: Date | undefined) => (date?.getTime() ?? 0) / 1000 - clock.nowSeconds();
    const data = await backupsOf(NAMES.data);
    expect(data).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
    });
    expect(seconds(data?.EarliestRestorableDateTime)).toBe(-35 * DAY);
    expect(seconds(data?.LatestRestorableDateTime)).toBe(-BEHIND);
    const keys = await backupsOf(NAMES.keys);
    expect(seconds(keys?.EarliestRestorableDateTime)).toBe(-DAY);
  });

  it.each<[string, number]>([
    ['before it began', -35 * DAY - 1],
    ['now', 0],
    ['in time to come', DAY],
  ])('does not hold a moment %s', async (_, offset) => {
    clock.advance(40 * DAY);
    expect(await refusal(restoreTo(clock.nowSeconds() + offset))).toBe(
      'InvalidRestoreTimeException',
    );
  });

  it('does not reach back before the table was made', async () => {
    const made = clock.nowSeconds();
    clock.advance(DAY);
    expect(await refusal(restoreTo(made - 1))).toBe('InvalidRestoreTimeException');
    expect(await refusal(restoreTo(made))).toBe('nothing was refused');
  });

  it('keeps nothing of a person in the key table for longer than a day', async () => {
    const put = (TableName: string) => ({ TableName, Item: { ...key('USER#1'), dek: { S: 'x' } } });
    await service.handle(requestOf('PutItem', put(NAMES.keys)));
    const then = clock.nowSeconds();
    await service.handle(requestOf('DeleteItem', { TableName: NAMES.keys, Key: key('USER#1') }));
    clock.advance(DAY + 1);
    const restoring = {
      SourceTableName: NAMES.keys,
      TargetTableName: `${NAMES.keys}-restored`,
      RestoreDateTime: new Date(then * 1000),
    };
    expect(await refusal(restore(restoring))).toBe('InvalidRestoreTimeException');
    await restore({ ...restoring, RestoreDateTime: new Date((then + 1) * 1000) });
    expect(await service.items(restoring.TargetTableName)).toEqual([]);
  });
});

describe('a request to restore', () => {
  it.each<[string, Partial<RestoreTableToPointInTimeCommandInput>, string]>([
    ['a table that is not there', { SourceTableName: 'nowhere' }, 'TableNotFoundException'],
    ['over a table that is there', { TargetTableName: NAMES.keys }, 'TableAlreadyExistsException'],
    ['to no moment', { UseLatestRestorableTime: false }, 'ValidationException'],
    ['to two moments', { RestoreDateTime: new Date() }, 'ValidationException'],
    ['under a name that is none', { TargetTableName: 'no name' }, 'ValidationException'],
  ])('is refused: %s', async (_, input, code) => {
    clock.advance(BEHIND);
    expect(await refusal(restore({ UseLatestRestorableTime: true, ...input }))).toBe(code);
  });

  it('is refused for a copy, which has no recovery of its own', async () => {
    clock.advance(BEHIND);
    await restore({ UseLatestRestorableTime: true });
    const again = { SourceTableName: COPY, TargetTableName: 'again' };
    expect(await refusal(restore({ ...again, UseLatestRestorableTime: true }))).toBe(
      'PointInTimeRecoveryUnavailableException',
    );
  });

  it('asks for rights on both tables, and on the key', () => {
    const input = { SourceTableName: NAMES.data, TargetTableName: COPY };
    const queries = service
      .authorizations(requestOf('RestoreTableToPointInTime', input))
      .map(({ action, resource }) => `${action} ${resource.split(':').at(-1)}`);
    expect(queries).toEqual(
      expect.arrayContaining([
        `dynamodb:RestoreTableToPointInTime table/${NAMES.data}`,
        `dynamodb:RestoreTableToPointInTime table/${COPY}`,
        `dynamodb:BatchWriteItem table/${COPY}`,
        'kms:CreateGrant key/mrk-data',
        'kms:Decrypt key/mrk-data',
      ]),
    );
  });
});
