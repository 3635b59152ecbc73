import { bytesPerImage } from '../../shared/dataset.js';
import type { Failure } from '../../shared/failure.js';
import type { DecodedImages, FoundItem, ItemTable, RunSettings } from '../../shared/contract/studio.js';
import type { ModelSummary } from '../../shared/model.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { PackedDataset } from '../datasets/packedDataset.js';
import { summariseModel } from '../models/buildModel.js';
import { openProject } from '../projects/projectFolder.js';
import { chooseSettings, suggestSettings } from '../training/defaults.js';
import { findItems } from './findItems.js';
import { objectionToItems } from './objections.js';
import type { OpenDatasets } from './OpenDatasets.js';

/** Answers what is asked of a project's dataset: what its items are called and look like, which settings suit it and what they stand for. */
export class ItemService {
  constructor(private readonly datasets: OpenDatasets) {}

  /** See `StudioApi.items`. */
  items(project: string): Promise<Result<ItemTable, Failure>> {
    return this.#withDataset(project, ({ count, items }) => ok({ count, labels: items.labels, heldOut: items.heldOut }));
  }

  /** See `StudioApi.itemIds`. */
  ids(project: string, items: Uint32Array): Promise<Result<readonly string[], Failure>> {
    return this.#withDataset(project, (dataset) => {
      const objection = objectionToItems(items, dataset.count);
      return objection ? err(objection) : ok(Array.from(items, (item) => dataset.items.ids[item]!));
    });
  }

  /** See `StudioApi.findItems`. */
  find(project: string, text: string, limit: number): Promise<Result<readonly FoundItem[], Failure>> {
    return this.#withDataset(project, ({ items, summary }) => ok(findItems(items, summary.classes, text, limit)));
  }

  /** See `StudioApi.images`. */
  images(project: string, items: Uint32Array): Promise<Result<DecodedImages, Failure>> {
    return this.#withDataset(project, (dataset) => {
      const objection = objectionToItems(items, dataset.count);
      return objection ? err(objection) : ok(readImages(dataset, items));
    });
  }

  /** See `StudioApi.suggestSettings`. */
  suggestSettings(project: string): Promise<Result<RunSettings, Failure>> {
    return this.#withDataset(project, ({ summary }) => ok(suggestSettings(summary)));
  }

  /** See `StudioApi.describeModel`. */
  describeModel(project: string, settings: RunSettings): Promise<Result<ModelSummary, Failure>> {
    return this.#withDataset(project, ({ summary }) => {
      const spec = chooseSettings(summary, settings);
      return spec.ok ? ok(summariseModel(spec.value)) : spec;
    });
  }

  async #withDataset<T>(dir: string, use: (dataset: PackedDataset) => Result<T, Failure>): Promise<Result<T, Failure>> {
    const project = await openProject(dir);
    if (!project.ok) return project;
    const dataset = this.datasets.open(project.value.datasetDir);
    return dataset.ok ? use(dataset.value) : dataset;
  }
}

/** Images of items as they are stored. */
export function readImages(dataset: PackedDataset, items: ArrayLike<number>): DecodedImages {
  const size = bytesPerImage(dataset.format);
  const images = new Uint8Array(items.length * size);
  for (let i = 0; i < items.length; i++) dataset.read(items[i]!, images, i * size);
  return { format: dataset.format, count: items.length, images };
}
