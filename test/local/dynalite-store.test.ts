/** Declarations of tables, which are read once and handed to everybody. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTable } from '../../local/dynamodb/dynalite-actions.ts';
import { openStore } from '../../local/dynamodb/dynalite-tables.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';

const TABLE = {
  TableName: 'people',
  TableStatus: 'ACTIVE',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
};

let store: Dynalite.Store;
beforeEach(async () => {
  store = await openStore({ region: REGION, account: ACCOUNT, dataDirectory: undefined });
});
afterEach(() => store.db.close());

function declare(record: object): Promise<void> {
  return new Promise((resolve, reject) => {
    store.tableDb.put(TABLE.TableName, record, (error) => (error ? reject(error) : resolve()));
  });
}

describe("a table's declaration", () => {
  it.each(['CREATING', 'DELETING'])('is not found while the table is %s', async (TableStatus) => {
    await declare({ ...TABLE, TableStatus });
    await expect(loadTable(store, TABLE.TableName)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await declare(TABLE);
    expect(await loadTable(store, TABLE.TableName)).toEqual(TABLE);
  });

  it('is the newest one', async () => {
    await declare({ ...TABLE, KeySchema: [] });
    await loadTable(store, TABLE.TableName);
    await declare(TABLE);
    expect(await loadTable(store, TABLE.TableName)).toEqual(TABLE);
  });

  it('is changed by nobody who was given it', async () => {
    await declare(TABLE);
    const given = await loadTable(store, TABLE.TableName);
    const change = () => Object.assign(Object(given).KeySchema[0], { KeyType: 'RANGE' });
    expect(change).toThrow(TypeError);
    expect(await loadTable(store, TABLE.TableName)).toEqual(TABLE);
  });
});
