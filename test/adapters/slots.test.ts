import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlots } from '../../functions/adapters/dynamodb/slots.ts';
import { SLOT_LEASE_SECONDS } from '../../functions/core/slots.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

let local: LocalDynamo;

beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.close());

const slotsOf = (machine: 'export' | 'erasure', count: number) =>
  createSlots({ dynamo: local.dynamo, recordsTable: local.table, machine, count });

it('of many requests at once no more than there are turns are admitted', async () => {
  const slots = slotsOf('export', 3);
  const tries = Array.from({ length: 20 }, (_, i) => slots.take(`request-${i}`, NOW));
  const admitted = (await Promise.all(tries)).filter(Boolean);
  expect(admitted.length).toBeGreaterThan(0);
  expect(admitted.length).toBeLessThanOrEqual(3);
});

it('a request that is admitted twice holds one turn, and giving back is repeatable', async () => {
  const slots = slotsOf('erasure', 1);
  expect(await slots.take('one', NOW)).toBe(true);
  expect(await slots.take('one', addSeconds(NOW, 5))).toBe(true);
  expect(await slots.take('two', NOW)).toBe(false);
  await slots.release('one');
  await slots.release('one');
  expect(await slots.take('two', NOW)).toBe(true);
  await slots.release('one');
  expect(await slots.take('three', NOW)).toBe(false);
});

it('a turn whose holder died is free again after its lease', async () => {
  const slots = slotsOf('export', 2);
  const later = addSeconds(NOW, 10 * SLOT_LEASE_SECONDS);
  expect(await slots.take('dead', later)).toBe(true);
  expect(await slots.take('dead too', later)).toBe(true);
  expect(await slots.take('alive', later)).toBe(false);
  expect(await slots.take('alive', addSeconds(later, SLOT_LEASE_SECONDS))).toBe(true);
});
