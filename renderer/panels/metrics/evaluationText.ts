import type { Evaluation } from '../../../shared/measuring.js';
import type { Catalogue } from '../../../shared/messages/catalogue.js';
import type { Format } from '../../../shared/messages/format.js';
import { metricGroups, type MetricKind, type MetricName } from '../../../shared/metricGroups.js';
import { inWords } from '../../../shared/sentence.js';

/** The names and kinds of a group's values in the order in which they are shown. */
export function metricsOf(group: keyof typeof metricGroups): readonly (readonly [MetricName, MetricKind])[] {
  return Object.entries(metricGroups[group]) as readonly (readonly [MetricName, MetricKind])[];
}

/** A value with its unit, in the window's language; a dash where it is not defined. */
export function metricText(m: Catalogue, f: Format, evaluation: Evaluation, name: MetricName, kind: MetricKind): string {
  const value = evaluation[name];
  if (value === null) return m.metrics.none;
  if (typeof value === 'boolean') return value ? m.metrics.yes : m.metrics.no;
  switch (kind) {
    case 'nats':
      return `${f.fixed(value, 2)} ${m.metrics.units.nats}`;
    case 'bits':
      return `${f.fixed(value, 3)} ${m.metrics.units.bits}`;
    case 'count':
    case 'flag':
      return f.whole(value);
    case 'part':
      return f.percent(value);
    case 'number':
      return f.fixed(value, 3);
  }
}

/** An evaluation to be pasted into a text: a value a line, the notes at the end. */
export function evaluationText(m: Catalogue, f: Format, evaluation: Evaluation): string {
  const groups = (Object.keys(metricGroups) as (keyof typeof metricGroups)[]).flatMap((group) =>
    metricsOf(group).map(([name, kind]) => `${m.metrics.names[name]}: ${metricText(m, f, evaluation, name, kind)}`),
  );
  const { part, images, step, msePerPixel, trainingMsePerPixel, notes } = evaluation;
  const errors = [
    ...(part === 'heldOut' ? [`${m.metrics.groups.pixels}, ${m.metrics.heldOut}: ${f.fixed(msePerPixel, 4)}`] : []),
    `${m.metrics.groups.pixels}, ${m.metrics.training}: ${f.fixed(trainingMsePerPixel, 4)}`,
  ];
  return [m.metrics.measuredOn(f, images, part === 'heldOut', step), ...groups, ...errors, ...notes.map((note) => inWords(note, m.said, f))].join('\n');
}

/** The same for a program: what the command line writes with --json, its notes in English. */
export function evaluationJson(evaluation: Evaluation): string {
  return JSON.stringify({ ...evaluation, notes: evaluation.notes.map(({ message }) => message) });
}
