import type { CameraPose } from '../../shared/camera.js';
import { classSlots } from '../../shared/latent/classColours.js';
import { CloudScene } from '../scene/CloudScene.js';
import '../theme/tokens.css';
import '../theme/base.css';
import { syntheticCloud } from './syntheticCloud.js';

/** For tests and benchmarks: what the page draws and what it cost. */
export interface CloudPage {
  readonly scene: CloudScene;
  readonly drawn: number;
  /** Frames drawn since the page was opened, and the milliseconds of JavaScript that each of the last took. */
  frames: number;
  readonly milliseconds: number[];
  /** What has happened to the graphics context. */
  readonly context: ('lost' | 'restored')[];
  /** Where the camera has last come to rest; null at home. */
  readonly camera: CameraPose | null;
  /** Moves on to another stage of forming. */
  form(formed: number): void;
}

declare global {
  interface Window {
    cloudPage: CloudPage;
  }
}

const parameters = new URLSearchParams(location.search);
document.documentElement.dataset['theme'] = parameters.get('theme') ?? 'dark';

const page = { drawn: 0, frames: 0, milliseconds: [] as number[], context: [] as ('lost' | 'restored')[], camera: null as CameraPose | null };
// All that the page does in a frame is done in its callback, so that this is the whole of a frame's JavaScript.
const request = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) =>
  request((now) => {
    const before = performance.now();
    callback(now);
    page.milliseconds.push(performance.now() - before);
  });

const canvas = document.querySelector('canvas')!;
const cloud = syntheticCloud(Number(parameters.get('count') ?? 4000), Number(parameters.get('seed') ?? 1), Number(parameters.get('classes') ?? 10));
// Tests look at the flight of points wherever they run.
const fliesInSoftware = true;
const scene = new CloudScene(
  canvas,
  {
    onDraw: () => page.frames++,
    onPoints: (drawn) => (page.drawn = drawn),
    onContext: (state) => page.context.push(state),
    onCamera: (pose) => (page.camera = pose),
  },
  fliesInSoftware,
);
scene.setFrame(cloud.frame(1));
scene.setClasses(cloud.labels, classSlots(cloud.counts));
window.cloudPage = Object.assign(page, { scene, form: (formed: number) => scene.setFrame(cloud.frame(formed)) });
