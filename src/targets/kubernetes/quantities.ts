// The API server gives a quantity back in the largest unit of which it is a whole number. It is written like that, so that nothing seems to have changed.

/** Processors, to a thousandth; at least that. */
export function processorQuantity(processors: number): string {
  return quantity(Math.max(1, Math.round(processors * 1000)), 1000, ['m', '', 'k']);
}

/** Memory or disk space. */
export function sizeQuantity(mebibytes: number): string {
  return quantity(mebibytes, 1024, ['Mi', 'Gi', 'Ti', 'Pi', 'Ei']);
}

function quantity(amount: number, step: number, [unit, ...larger]: string[]): string {
  return larger.length > 0 && amount % step === 0 ? quantity(amount / step, step, larger) : `${amount}${unit}`;
}
