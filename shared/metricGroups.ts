import type { Evaluation } from './measuring.js';

/** How a value is written: nats with one decimal, a count, a part of 1 as a percentage, a yes or no, or a number without a unit. */
export type MetricKind = 'nats' | 'bits' | 'count' | 'part' | 'flag' | 'number';

/** The single values of an evaluation in the groups that they are shown in. What stands by itself (dimensions, squared errors) has its own place. */
export const metricGroups = {
  bound: { elbo: 'nats', reconstruction: 'nats', kl: 'nats', iwae: 'nats', bitsPerDimension: 'bits', bestConstant: 'nats', collapsed: 'flag' },
  latents: { activeUnits: 'count', aggregateKl: 'nats', mutualInformation: 'nats', totalCorrelation: 'nats', mmd: 'number', trustworthiness: 'number', continuity: 'number' },
  generation: { holes: 'part', roundTrip: 'number', pixelPathLength: 'number' },
  classes: { neighbourAccuracy: 'part', probeAccuracy: 'part' },
  pixels: { constantMsePerPixel: 'number' },
} as const satisfies Record<string, Partial<Record<keyof Evaluation, MetricKind>>>;

export type MetricGroup = keyof typeof metricGroups;
export type MetricName = { [G in MetricGroup]: keyof (typeof metricGroups)[G] }[MetricGroup];
