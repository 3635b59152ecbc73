/** Radius of a point, CSS pixels. */
const radius = 1.75;
const opacity = 0.9;
/** Of the axes, which are only there to tell where the middle is. */
const axisOpacity = 0.6;
/** Part of the half side that the reach takes: the rest is margin. */
const filled = 0.94;
/** Least distance of two texts, CSS pixels. */
const textRoom = 13;
const fontSize = 10;

export interface LatentPlot {
  /** Size of the canvas, CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Latent units from the middle to the nearer edge. */
  readonly reach: number;
  /** Writes the reach at the end of an axis. */
  readonly reachText: string;
  /** count x 2; null before there are any. */
  readonly means: Float32Array | null;
  /** The colour of each point, as a canvas takes it. */
  readonly colours: readonly string[];
  /** Reads a token of the theme. */
  readonly token: (name: string) => string;
  readonly fontFamily: string;
}

/** Draws points of a latent space of two dimensions over the axes and the prior's circles of one and two standard deviations. */
export function drawLatents(context: CanvasRenderingContext2D, { width, height, reach, reachText, means, colours, token, fontFamily }: LatentPlot): void {
  const scale = (filled * Math.min(width, height)) / 2 / reach;
  const [x0, y0] = [width / 2, height / 2];
  context.clearRect(0, 0, width, height);
  context.globalAlpha = axisOpacity;
  context.fillStyle = token('--line');
  context.fillRect(0, Math.round(y0), width, 1);
  context.fillRect(Math.round(x0), 0, 1, height);

  if (means) {
    context.globalAlpha = opacity;
    for (let i = 0; i < colours.length; i++) {
      context.fillStyle = colours[i]!;
      context.beginPath();
      context.arc(x0 + means[2 * i]! * scale, y0 - means[2 * i + 1]! * scale, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;

  context.strokeStyle = token('--accent');
  context.lineWidth = 1;
  for (const deviations of [1, 2]) {
    context.beginPath();
    context.arc(x0, y0, deviations * scale, 0, 2 * Math.PI);
    context.setLineDash(deviations === 1 ? [] : [4, 3]);
    context.stroke();
  }
  context.setLineDash([]);
  // Texts keep the points that they lie on at a distance.
  const write = (text: string, colour: string, x: number, y: number): void => {
    context.strokeText(text, x, y);
    context.fillStyle = token(colour);
    context.fillText(text, x, y);
  };
  context.strokeStyle = token('--bg-canvas');
  context.lineWidth = 3;
  context.font = `${fontSize}px ${fontFamily}`;
  context.textAlign = 'center';
  if (scale >= textRoom) write('1\u03c3', '--accent', x0, y0 - scale - 4);
  write('2\u03c3', '--accent', x0, y0 - 2 * scale - 4);
  context.textAlign = 'right';
  write(reachText, '--ink-3', x0 + reach * scale, y0 - 4);
}
