/**
 * From where a cloud is looked at. Lengths are in radii of the cloud, whose middle is the origin: the same view at any time of a training
 * (renderer/scene).
 */
export interface CameraPose {
  /** The point that the camera turns about. */
  readonly target: readonly [x: number, y: number, z: number];
  /** Of the camera about that point: from the z axis towards the x axis, radians. */
  readonly azimuth: number;
  /** From the y axis downwards, radians. */
  readonly polar: number;
  /** From that point, above 0. */
  readonly distance: number;
}
