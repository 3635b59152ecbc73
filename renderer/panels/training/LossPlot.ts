import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { DisposableStore, type Disposable } from '../../../shared/lifecycle.js';
import type { LossView } from './lossView.js';

/** Columns of the plot's data, in the order in which they are drawn. */
const series = { x: 0, kl: 1, total: 2, low: 3, high: 4, heldOut: 5 } as const;

const fontSize = 10;
/** CSS pixels. */
const yAxisWidth = 28;
const xAxisHeight = 18;
const leastTickSpace = { x: 44, y: 36 };

export interface LossPlotOptions {
  /** Writes a number at an axis. */
  readonly write: (value: number, axis: 'x' | 'y') => string;
  /** The pointer is over this place of the x axis; null when it has left. */
  readonly onHover: (epochs: number | null) => void;
}

/** Draws the loss by uPlot: KL and reconstruction as stacked areas, the spread of the steps, what was held out, and where the run is now. */
export class LossPlot implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #plot: uPlot;
  readonly #options: LossPlotOptions;
  #styles: CSSStyleDeclaration;
  #view: LossView;

  constructor(target: HTMLElement, view: LossView, options: LossPlotOptions) {
    this.#styles = getComputedStyle(target);
    this.#view = view;
    this.#options = options;
    this.#plot = new uPlot(this.#describe(), aligned(view), target);
    this.#owned.defer(() => this.#plot.destroy());
  }

  /** Draws this now, in the colours of the present theme. Sizes in CSS pixels. */
  show(view: LossView, width: number, height: number): void {
    this.#view = view;
    if (width !== this.#plot.width || height !== this.#plot.height) this.#plot.setSize({ width, height });
    this.#plot.setData(aligned(view));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #describe(): uPlot.Options {
    const { write, onHover } = this.#options;
    const colour = (token: string, percent = 100) => (): string => this.#colour(token, percent);
    const font = `${fontSize}px ${this.#styles.fontFamily}`;
    const axis = { font, stroke: colour('--ink-3'), ticks: { show: false }, gap: 5 };
    const line = { points: { show: false }, spanGaps: true };
    return {
      width: 100,
      height: 100,
      padding: [6, 11, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false, range: () => [...this.#view.xRange] }, y: { range: () => [...this.#view.yRange] } },
      axes: [
        { ...axis, size: xAxisHeight, space: leastTickSpace.x, grid: { show: false }, values: (_, splits) => splits.map((value) => write(value, 'x')) },
        { ...axis, size: yAxisWidth, space: leastTickSpace.y, grid: { stroke: colour('--line'), width: 1 }, values: (_, splits) => splits.map((value) => write(value, 'y')) },
      ],
      series: [
        {},
        { ...line, stroke: colour('--series-kl'), width: 1, fill: colour('--series-kl', 55) },
        { ...line, stroke: colour('--ink'), width: 1.3 },
        { ...line, width: 0 },
        { ...line, width: 0 },
        { ...line, stroke: colour('--ink-2'), width: 1, dash: [2.5, 2.5] },
      ],
      bands: [
        { series: [series.total, series.kl], fill: colour('--series-recon', 40) },
        { series: [series.high, series.low], fill: colour('--ink', 16) },
      ],
      hooks: {
        setCursor: [(plot) => onHover(plot.cursor.left === undefined || plot.cursor.left < 0 ? null : plot.posToVal(plot.cursor.left, 'x'))],
        draw: [(plot) => this.#drawPlayhead(plot)],
      },
    };
  }

  #drawPlayhead({ ctx, bbox, valToPos }: uPlot): void {
    if (this.#view.now <= 0) return;
    ctx.fillStyle = this.#colour('--accent', 100);
    ctx.fillRect(Math.round(valToPos(this.#view.now, 'x', true)), bbox.top, devicePixelRatio, bbox.height);
  }

  #colour(token: string, percent: number): string {
    const colour = this.#styles.getPropertyValue(token).trim();
    return percent === 100 ? colour : `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
  }
}

/** The columns and the held-out epochs on one x axis, as uPlot takes them. Without a lower edge there are no areas, only the line. */
function aligned({ x, kl, isStacked, total, low, high, heldOutX, heldOut }: LossView): uPlot.AlignedData {
  return uPlot.join([
    [x, isStacked ? kl : Array.from(x, () => null), total, low, high],
    [heldOutX, heldOut],
  ]);
}
