/** Marks the element of a region, for F6. */
export const regionAttribute = 'data-region';

/** Moves the focus to the region after the one that has it: into its main widget where it has one, else onto the region itself. */
export function nextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>(`[${regionAttribute}]`)];
  const present = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(present + 1) % regions.length];
  (next?.querySelector<HTMLElement>('[role="application"]') ?? next)?.focus();
}
