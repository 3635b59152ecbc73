import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CloudPointer } from './CloudPointer.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A cloud with one item, number 7, at (100, 100). */
function cloudWithOneItem() {
  let hovered: number | null = null;
  const said: string[] = [];
  const pointer = new CloudPointer({
    pick: (x, y, reach) => (Math.hypot(x - 100, y - 100) <= reach ? 7 : null),
    isNearHovered: (x, y, reach) => hovered !== null && Math.hypot(x - 100, y - 100) <= reach,
    hover: (item) => {
      if (item !== hovered) said.push(`hover ${item}`);
      hovered = item;
    },
    click: (item, x, y) => said.push(`click ${item} ${x},${y}`),
    doubleClick: (item) => said.push(`double ${item}`),
  });
  return { pointer, said };
}

const event = (x: number, y: number, more: Partial<PointerEvent> = {}): PointerEvent =>
  ({ offsetX: x, offsetY: y, buttons: 0, button: 0, isPrimary: true, pointerType: 'mouse', ...more }) as PointerEvent;

test('an item is hovered after a moment of stillness over it, not in passing', () => {
  const { pointer, said } = cloudWithOneItem();
  for (let x = 80; x <= 120; x += 4) {
    pointer.move(event(x, 100));
    vi.advanceTimersByTime(50);
  }
  expect(said).toEqual([]);
  pointer.move(event(101, 100));
  vi.advanceTimersByTime(125);
  expect(said).toEqual(['hover 7']);
});

test('a hovered item stays while the pointer goes to its card and is let go farther away', () => {
  const { pointer, said } = cloudWithOneItem();
  pointer.move(event(100, 100));
  vi.advanceTimersByTime(125);
  pointer.move(event(114, 100));
  vi.advanceTimersByTime(100);
  expect(said).toEqual(['hover 7']);
  pointer.move(event(140, 100));
  expect(said).toEqual(['hover 7', 'hover null']);
});

test('a press that moves is a drag: it clicks nothing and hides the card', () => {
  const { pointer, said } = cloudWithOneItem();
  pointer.move(event(100, 100));
  vi.advanceTimersByTime(125);
  pointer.down(event(100, 100));
  pointer.move(event(103, 100, { buttons: 1 }));
  expect(said).toEqual(['hover 7']);
  pointer.move(event(110, 100, { buttons: 1 }));
  pointer.up(event(110, 100));
  expect(said).toEqual(['hover 7', 'hover null']);
});

test('a click says what was clicked and where; a finger reaches farther than a mouse', () => {
  const { pointer, said } = cloudWithOneItem();
  for (const type of ['mouse', 'touch']) {
    pointer.down(event(112, 100, { pointerType: type }));
    pointer.up(event(112, 100, { pointerType: type }));
  }
  expect(said).toEqual(['click null 112,100', 'click 7 112,100']);
});

test('other buttons and second fingers click nothing', () => {
  const { pointer, said } = cloudWithOneItem();
  pointer.down(event(100, 100, { button: 2 }));
  pointer.up(event(100, 100, { button: 2 }));
  pointer.down(event(100, 100, { isPrimary: false }));
  pointer.up(event(100, 100, { isPrimary: false }));
  expect(said).toEqual([]);
});

test('a button let go outside the window does not go on dragging', () => {
  const { pointer, said } = cloudWithOneItem();
  pointer.down(event(10, 10));
  pointer.move(event(100, 100));
  vi.advanceTimersByTime(125);
  expect(said).toEqual(['hover 7']);
});

test('nothing is waited for once the pointer has left', () => {
  const { pointer } = cloudWithOneItem();
  pointer.move(event(100, 100));
  pointer.cancel();
  expect(vi.getTimerCount()).toBe(0);
});
