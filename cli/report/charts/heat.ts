import { number } from '../format.ts';

/** Steps of colour, from few to many. */
const MOST_STEPS = 5;

/** How many agents, at least, each step of colour stands for. */
export type HeatScale = readonly number[];

/** The largest of 1, 2, 5, 10, 20, 50 … that is not above a number. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const [leading = 1] = [5, 2, 1].filter((digit) => digit * power <= value);
  return leading * power;
}

/**
 * A common scale for all heatmaps: the first step is one agent alone, the others grow by a factor, because the commonest
 * proficiency is often held by a hundred times as many agents as the usual one.
 */
export function heatScale(most: number): HeatScale {
  const steps = [1];
  const factor = (most / 2) ** (1 / (MOST_STEPS - 1));
  for (let step = 0; step < MOST_STEPS - 1; step++) {
    const least = roundDown(Math.max(2, 2 * factor ** step));
    if (least <= most && least > (steps.at(-1) ?? 0)) steps.push(least);
  }
  return steps;
}

/** The step that a number of agents falls into, counted from 1; 0 for nobody. */
export const heatStep = (scale: HeatScale, agents: number): number =>
  scale.findLastIndex((least) => least <= agents) + 1;

/** What a step stands for: `1`, `2–4`, `50+`. */
export function stepLabel(scale: HeatScale, index: number): string {
  const least = scale[index] ?? 0;
  const next = scale[index + 1];
  // Two agents would have a step of their own.
  if (next === undefined) return least === 1 ? '1' : `${number(least)}+`;
  return next - 1 === least ? number(least) : `${number(least)}–${number(next - 1)}`;
}
