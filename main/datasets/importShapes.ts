import { join } from 'node:path';
import type { ImageFormat, ImportRequest } from '../../shared/dataset.js';
import { bytesPerImage } from '../../shared/dataset.js';
import type { DisposableStore } from '../../shared/lifecycle.js';
import { datasetFiles } from './datasetFiles.js';
import { chooseHeldOut } from './heldOut.js';
import type { Imported, Workplace } from './imported.js';
import type { Pace } from './pace.js';
import { drawShape, factorNames, shapeFactors, shapeNames } from './sources/shapes.js';
import { StoreWriter } from './StoreWriter.js';

const usualCount = 5000;
const usualSide = 32;

/** Generates the shapes sample: 5,000 pictures, or as many as the limit says, and their factors as columns. */
export async function importShapes(
  request: ImportRequest,
  place: Workplace,
  owned: DisposableStore,
  pace: Pace,
): Promise<Imported> {
  const count = request.limit ?? usualCount;
  const side = request.size === 'auto' ? usualSide : request.size;
  const format: ImageFormat = { width: side, height: side, channels: request.channels === 'auto' ? 3 : request.channels };
  const writer = owned.add(new StoreWriter(join(place.dataset, datasetFiles.images)));
  const image = new Uint8Array(bytesPerImage(format));
  const labels = new Int32Array(count);
  const columns = Object.fromEntries(factorNames.map((name) => [name, new Array<number>(count)]));
  for (let item = 0; item < count; item++) {
    const factors = shapeFactors(request.seed, item);
    drawShape(factors, format, image);
    writer.append(image);
    labels[item] = factors.shape;
    for (const name of factorNames) columns[name]![item] = Math.round(factors[name] * 1e6) / 1e6;
    await pace.step('writing', item + 1, count);
  }
  writer.finish();
  pace.finish('writing', count);
  return {
    format,
    ids: Array.from({ length: count }, (_, item) => `shapes/${String(item).padStart(5, '0')}`),
    labels,
    heldOut: chooseHeldOut(labels, request.seed),
    factors: columns,
    classes: shapeNames,
    skipped: [],
    leftOut: 0,
    notices: [],
  };
}
