import type { Catalogue } from '../../../shared/messages/catalogue.js';
import type { Format } from '../../../shared/messages/format.js';
import type { LessonFinding } from '../../session/describeLesson.js';

/** What a part of the lesson shows, in one sentence. */
export function findingText({ says }: Catalogue['learn'], f: Format, finding: LessonFinding): string {
  switch (finding.kind) {
    case 'early':
    case 'broken':
      return says[finding.kind];
    case 'gaps':
    case 'loose':
    case 'noGaps':
      return says[finding.kind](f, finding.holes, finding.variance);
    case 'collapsed':
    case 'closing':
    case 'collapsedToo':
      return says[finding.kind](f, finding.kl);
    case 'balanced':
    case 'settling':
      return says[finding.kind](f, finding.holes, finding.kl);
  }
}
