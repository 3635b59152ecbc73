/** Places in a picture are in pixels from its upper left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A point as it falls on the picture. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  /** Nearness, 0 the farthest point of the cloud, 1 the nearest. */
  readonly near: number;
  /** How much larger than at the middle of the cloud it looks. */
  readonly scale: number;
}

/** Smallest and largest coordinate of a frame along each axis. */
export interface Bounds {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

export type Camera = (x: number, y: number, z: number) => Placed;

const yaw = -0.5;
const pitch = 0.3;
/** Distance of the eye from the middle, in radii of the cloud: a calm perspective. */
const distance = 4;

/** Bounds of the finite points of `frame` (count x 3); null when there is none. */
export function boundsOf(frame: Float32Array): Bounds | null {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < frame.length; at += 3) {
    if (!isFinitePoint(frame, at)) continue;
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, frame[at + axis]!);
      high[axis] = Math.max(high[axis]!, frame[at + axis]!);
    }
  }
  return low[0] <= high[0] ? { low, high } : null;
}

export function isFinitePoint(frame: Float32Array, at: number): boolean {
  return Number.isFinite(frame[at]! + frame[at + 1]! + frame[at + 2]!);
}

/** Looks straight at the first two axes, which have one scale and fill `box`. */
export function flatCamera({ low, high }: Bounds, box: Box): Camera {
  const scale = Math.min(box.width / (high[0] - low[0] || 1), box.height / (high[1] - low[1] || 1));
  const x0 = box.left + box.width / 2 - (scale * (low[0] + high[0])) / 2;
  const y0 = box.top + box.height / 2 + (scale * (low[1] + high[1])) / 2;
  return (x, y) => ({ x: x0 + scale * x, y: y0 - scale * y, near: 1, scale: 1 });
}

/** Looks at the cloud from a little above and beside; axis 2 is up. What `frame` holds fills `box`. */
export function perspectiveCamera(frame: Float32Array, { low, high }: Bounds, box: Box): Camera {
  const centre = low.map((value, axis) => (value + high[axis]!) / 2);
  const radius = Math.hypot(...low.map((value, axis) => (high[axis]! - value) / 2)) || 1;
  const view = (x: number, y: number, z: number): { x: number; y: number; near: number; scale: number } => {
    const [dx, dy, dz] = [(x - centre[0]!) / radius, (y - centre[1]!) / radius, (z - centre[2]!) / radius];
    const turned = Math.sin(yaw) * dx + Math.cos(yaw) * dz;
    const depth = Math.sin(pitch) * dy + Math.cos(pitch) * turned;
    const scale = distance / (distance - depth);
    return {
      x: scale * (Math.cos(yaw) * dx - Math.sin(yaw) * dz),
      y: -scale * (Math.cos(pitch) * dy - Math.sin(pitch) * turned),
      near: depth,
      scale,
    };
  };
  const extent = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity, far: Infinity, near: -Infinity };
  for (let at = 0; at < frame.length; at += 3) {
    if (!isFinitePoint(frame, at)) continue;
    const point = view(frame[at]!, frame[at + 1]!, frame[at + 2]!);
    extent.left = Math.min(extent.left, point.x);
    extent.right = Math.max(extent.right, point.x);
    extent.top = Math.min(extent.top, point.y);
    extent.bottom = Math.max(extent.bottom, point.y);
    extent.far = Math.min(extent.far, point.near);
    extent.near = Math.max(extent.near, point.near);
  }
  const zoom = Math.min(box.width / (extent.right - extent.left || 1), box.height / (extent.bottom - extent.top || 1));
  return (x, y, z) => {
    const point = view(x, y, z);
    return {
      x: box.left + box.width / 2 + zoom * (point.x - (extent.left + extent.right) / 2),
      y: box.top + box.height / 2 + zoom * (point.y - (extent.top + extent.bottom) / 2),
      near: (point.near - extent.far) / (extent.near - extent.far || 1),
      scale: point.scale,
    };
  };
}
