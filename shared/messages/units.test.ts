import { describe, expect, it } from 'vitest';
import { units } from './en/units.js';
import { Format } from './format.js';

const f = new Format('en');

describe('durations', () => {
  it('carry into the next unit instead of reaching 60', () => {
    expect([9.99, 12.5, 59.4, 59.6, 69, 3599.6, 7500].map((seconds) => units.duration(f, seconds))).toEqual(['10.0 s', '13 s', '59 s', '1 min 0 s', '1 min 9 s', '1 h 0 min', '2 h 5 min']);
  });

  it('are spoken roughly', () => {
    expect([1, 48, 70, 720, 5300, 9000].map((seconds) => units.roughly(f, seconds))).toEqual(['5 seconds', '50 seconds', '1 minute', '12 minutes', '88 minutes', '2.5 hours']);
  });
});
