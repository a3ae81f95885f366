/** What is stored as DynamoDB has it, where binary values are told from text. */
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Item } from '../../functions/adapters/dynamodb/account-items.ts';
import type { TestCloud } from '../harness/cloud.ts';

/** Every item of the first cell's data table, as its administrator reads it. */
export async function scanData(cloud: TestCloud): Promise<ReadonlyArray<Item>> {
  const { endpoint, ...credentials } = cloud.cloud.seed().aws;
  const client = new DynamoDBClient({ endpoint, region: cloud.region, credentials });
  const TableName = `domicile-data-${cloud.cloud.cells[0]?.name}`;
  const items: Array<Item> = [];
  for await (const page of paginateScan({ client }, { TableName }))
    items.push(...(page.Items ?? []));
  client.destroy();
  return items;
}

/** Down to what is neither map nor list, each by its path: `labelKey.public`. */
export function leavesOf(
  path: string,
  value: AttributeValue,
): ReadonlyArray<readonly [path: string, leaf: AttributeValue]> {
  if (value.M !== undefined) {
    return Object.entries(value.M).flatMap(([name, inner]) => leavesOf(`${path}.${name}`, inner));
  }
  if (value.L !== undefined) return value.L.flatMap((inner) => leavesOf(path, inner));
  return [[path, value]];
}

const COMPACT_JWE = /^([\w-]+)\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;
const Header = z.object({ alg: z.literal('ECDH-ES') });

/** Bytes, as the data key's cipher writes, or a JWE for the person's label key. */
export function isSealedForPerson({ B: bytes, S: text = '' }: AttributeValue): boolean {
  if (bytes !== undefined) return bytes.length > 0;
  const [, header] = COMPACT_JWE.exec(text) ?? [];
  return header !== undefined && Header.safeParse(readJson(header)).success;
}

function readJson(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
