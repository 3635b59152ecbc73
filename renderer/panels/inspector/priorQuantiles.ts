import { normalQuantile } from '../../../shared/latent/normal.js';

/** Where the marks of a slider stand: so many percent of the prior lie at or below the value. */
export const priorQuantiles = [5, 25, 50, 75, 95].map((percent) => ({ percent, value: normalQuantile(percent / 100) }));
