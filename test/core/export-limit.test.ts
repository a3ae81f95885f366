import { expect, it } from 'vitest';
import { countedSince, findNextTurn } from '../../functions/core/exports/daily-limit.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from './client-fixtures.ts';

const HOUR = 3600;
const ago = (hours: number) => addSeconds(NOW, -hours * HOUR);

it('two exports within a day do not stand in the way of a third', () => {
  expect(findNextTurn([])).toBeUndefined();
  expect(findNextTurn([ago(1), ago(2)])).toBeUndefined();
});

it('the fourth has to wait until the third last is a day old', () => {
  expect(findNextTurn([ago(1), ago(5), ago(2)])).toBe(addSeconds(NOW, 19 * HOUR));
  expect(findNextTurn([ago(1), ago(2), ago(3), ago(4)])).toBe(addSeconds(NOW, 21 * HOUR));
});

it('what is older than a day is not counted', () => {
  expect(countedSince(NOW)).toBe(ago(24));
});
