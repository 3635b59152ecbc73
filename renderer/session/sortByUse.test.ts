import { expect, test } from 'vitest';
import { sortByUse } from './sortByUse.js';

test('dimensions come by their KL, most first, equal ones and unknown ones in their order', () => {
  expect(sortByUse(4, [0, 2, 0, 3])).toEqual([3, 1, 0, 2]);
  expect(sortByUse(3, null)).toEqual([0, 1, 2]);
});
