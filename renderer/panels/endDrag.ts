import * as v from 'valibot';
import { endsAsJson, schemas, type End } from '../session/ends.js';

/** What a drag carries: an end of a morph, as text. Nothing outside of this program understands it. */
const endType = 'application/x-morphoscope-end';

export function startDrag(event: DragEvent, end: End): void {
  event.dataTransfer?.setData(endType, endsAsJson(end));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copy';
}

export function startItemDrag(event: DragEvent, item: number): void {
  startDrag(event, { kind: 'item', item });
}

/** Whether an end is being dragged: before the drop nobody may know which. */
export function isEndDrag(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(endType) ?? false;
}

/** What has been dropped; null when it is something else. It may be of another window, and of another run. */
export function droppedEnd(event: DragEvent): End | null {
  try {
    const end = v.safeParse(schemas.end, JSON.parse(event.dataTransfer?.getData(endType) ?? ''));
    return end.success ? end.output : null;
  } catch {
    return null;
  }
}
