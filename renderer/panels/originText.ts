import type { Catalogue } from '../../shared/messages/catalogue.js';
import type { Format } from '../../shared/messages/format.js';
import type { Origin } from '../session/ends.js';

/** Says where a latent comes from, in the words of the Inspector's heading or in those of an end of the morph. */
export function originText(words: Catalogue['inspector']['headings'], f: Format, origin: Origin): string {
  switch (origin.kind) {
    case 'generated':
      return words.generated(f, origin.number);
    case 'centroid':
      return words.centroid(origin.of);
    case 'edited':
      return words.edited(f, origin.item);
    case 'place':
      return words.place;
  }
}
