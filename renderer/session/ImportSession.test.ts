import { describe, expect, it } from 'vitest';
import type { ImportProgress } from '../../shared/dataset.js';
import { FakeGateway } from '../gateway/FakeGateway.js';
import { ImportSession } from './ImportSession.svelte.js';

const decoding = (done: number): ImportProgress => ({ phase: 'decoding', done, total: 1000 });

describe('the time left of an import', () => {
  it('is told once the pace has been seen for a while, and falls as it is kept', () => {
    const session = new ImportSession(new FakeGateway().studio, 'leaves');
    session.hear(decoding(0), 0);
    expect(session.secondsLeft).toBeNull();
    session.hear(decoding(100), 1000);
    expect(session.secondsLeft).toBeNull();
    session.hear(decoding(200), 2000);
    expect(session.secondsLeft).toBeCloseTo(8);
    session.hear(decoding(900), 9000);
    expect(session.secondsLeft).toBeCloseTo(1);
  });

  it('begins anew with each phase, and says nothing while the total is not known', () => {
    const session = new ImportSession(new FakeGateway().studio, 'leaves');
    session.hear({ phase: 'listing', done: 0, total: 0 }, 0);
    session.hear({ phase: 'listing', done: 500, total: 0 }, 5000);
    expect(session.secondsLeft).toBeNull();
    session.hear(decoding(10), 5100);
    expect(session.secondsLeft).toBeNull();
  });
});
