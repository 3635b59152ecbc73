import * as v from 'valibot';
import type { CameraPose } from '../../shared/camera.js';
import { importRequest, runSettings } from '../../shared/contract/schemas.js';
import type { PathKind, RunSettings } from '../../shared/contract/studio.js';
import type { ImportRequest } from '../../shared/dataset.js';
import { natural } from '../../shared/ranges.js';
import { endsAsJson, schemas, type End, type LatentEnd } from './ends.js';

/** What was being explored in a run. */
export interface Explored {
  /** Item that was selected. */
  readonly item: number | null;
  /** What was inspected instead of it. */
  readonly place: LatentEnd | null;
  /** Latent dimensions that were moved, and where to. */
  readonly edits: readonly (readonly [number, number])[];
  readonly a: End | null;
  readonly b: End | null;
  readonly path: PathKind;
  /** Place of the morph's slider, 0 to 1. */
  readonly t: number;
  /** From where the cloud was looked at; null: from home. */
  readonly camera: CameraPose | null;
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

const finite = v.pipe(v.number(), v.finite());

const cameraPose: v.GenericSchema<unknown, CameraPose> = v.strictObject({
  target: v.tuple([finite, finite, finite]),
  azimuth: finite,
  polar: finite,
  distance: v.pipe(finite, v.gtValue(0)),
});

const explored: v.GenericSchema<unknown, Explored> = v.strictObject({
  item: v.nullable(natural),
  place: v.nullable(schemas.latentEnd),
  edits: v.array(v.tuple([natural, finite])),
  a: v.nullable(schemas.end),
  b: v.nullable(schemas.end),
  path: v.picklist(['lerp', 'slerp']),
  t: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  camera: v.nullable(cameraPose),
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
    if (place) sessionStorage.setItem(key, endsAsJson(place));
    else sessionStorage.removeItem(key);
  } catch { /* see above */ }
}
