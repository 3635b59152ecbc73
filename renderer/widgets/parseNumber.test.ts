import { describe, expect, it } from 'vitest';
import { Format } from '../../shared/messages/format.js';
import { locales } from '../../shared/messages/locale.js';
import { parseNumber } from './parseNumber.js';

describe('parseNumber', () => {
  it('reads back what a format has written', () => {
    for (const locale of locales) {
      const format = new Format(locale);
      for (const value of [0, 7, 999, 1200, 12_400, 1_000_000]) expect(parseNumber(format.whole(value))).toBe(value);
      for (const value of [-2.5, 0.01, 0.25, 1234.56]) expect(parseNumber(format.fixed(value, 2))).toBe(value);
    }
  });

  it('takes a decimal comma and a unit', () => {
    expect(parseNumber('1,5')).toBe(1.5);
    expect(parseNumber(' 32 dimensions')).toBe(32);
    expect(parseNumber('1e-3')).toBe(0.001);
  });

  it('takes nothing for a number that is none', () => {
    for (const text of ['', 'many', '.', '1.2.3', '-']) expect(parseNumber(text)).toBeNull();
  });
});
