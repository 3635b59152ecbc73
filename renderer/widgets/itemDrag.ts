/** What a drag of an item carries: its number, as text. Nothing outside the window understands it. */
const itemType = 'application/x-morphoscope-item';

export function startItemDrag(event: DragEvent, item: number): void {
  event.dataTransfer?.setData(itemType, String(item));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copy';
}

/** Whether an item is being dragged: before the drop nobody may know which. */
export function isItemDrag(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(itemType) ?? false;
}

/** The item that has been dropped; null when it is something else. */
export function droppedItem(event: DragEvent): number | null {
  const text = event.dataTransfer?.getData(itemType) ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
