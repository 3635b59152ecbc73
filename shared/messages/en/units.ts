import type { Format } from '../format.js';

/** Quantities with their units. */
export const units = {
  /** How long something takes or took: "12.5 s", "1 min 9 s", "2 h 5 min". */
  duration(f: Format, seconds: number): string {
    if (seconds < 10) return `${f.fixed(seconds, 1)} s`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${f.whole(whole)} s`;
    if (whole < 3600) return `${f.whole(Math.floor(whole / 60))} min ${f.whole(whole % 60)} s`;
    const minutes = Math.round(seconds / 60);
    return `${f.whole(Math.floor(minutes / 60))} h ${f.whole(minutes % 60)} min`;
  },
  /** The same as a person would say it, to follow "about". */
  roughly(f: Format, seconds: number): string {
    if (seconds < 50) return `${f.whole(Math.max(5, Math.ceil(seconds / 5) * 5))} seconds`;
    const minutes = Math.max(1, Math.round(seconds / 60));
    if (minutes < 90) return `${f.whole(minutes)} ${f.plural(minutes, { one: 'minute', other: 'minutes' })}`;
    const hours = Math.round(minutes / 30) / 2;
    return `${f.fixed(hours, Number.isInteger(hours) ? 0 : 1)} hours`;
  },
  grey: 'grey',
  rgb: 'RGB',
  /** Size and colour of the images of a dataset. */
  imageFormat: (f: Format, width: number, height: number, colour: string) => `${f.whole(width)} \u00d7 ${f.whole(height)} ${colour}`,
};
