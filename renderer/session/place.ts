import * as v from 'valibot';
import { importRequest, runSettings } from '../../shared/contract/schemas.js';
import type { PathKind, RunSettings } from '../../shared/contract/studio.js';
import type { ImportRequest } from '../../shared/dataset.js';
import { natural } from '../../shared/ranges.js';

/** What was being explored in a run. */
export interface Explored {
  /** Item that was selected. */
  readonly item: number | null;
  readonly a: number | null;
  readonly b: number | null;
  readonly path: PathKind;
  /** Place of the morph's slider, 0 to 1. */
  readonly t: number;
}

/** What was looked at, for a reload: kept by the browser for this tab alone. */
export interface Place {
  /** Folder of the project. */
  readonly project: string;
  /** Folder of the run; null at the preflight. */
  readonly run: string | null;
  /** Settings of the next run, as a person has left them. */
  readonly settings: RunSettings | null;
  /** How the images can be read again; null when they cannot. */
  readonly request: ImportRequest | null;
  readonly explored: Explored | null;
}

const key = 'morphoscope.place';

const explored: v.GenericSchema<unknown, Explored> = v.strictObject({
  item: v.nullable(natural),
  a: v.nullable(natural),
  b: v.nullable(natural),
  path: v.picklist(['lerp', 'slerp']),
  t: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});

const schema: v.GenericSchema<unknown, Place> = v.strictObject({
  project: v.string(),
  run: v.nullable(v.string()),
  settings: v.nullable(runSettings),
  request: v.nullable(importRequest),
  explored: v.nullable(explored),
});

export function readPlace(): Place | null {
  try {
    const place = v.safeParse(schema, JSON.parse(sessionStorage.getItem(key) ?? 'null'));
    return place.success ? place.output : null;
  } catch {
    return null;
  }
}

export function writePlace(place: Place | null): void {
  // Without the store a reload begins at the first screen; nothing else is lost.
  try {
    if (place) sessionStorage.setItem(key, JSON.stringify(place));
    else sessionStorage.removeItem(key);
  } catch { /* see above */ }
}
