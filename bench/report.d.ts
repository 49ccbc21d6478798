export function median(numbers: readonly number[]): number;
/** The median, and between what the values are. */
export function range(numbers: readonly number[], digits: number): string;
/** Prints a table as Markdown. */
export function printTable(head: readonly string[], lines: readonly (readonly string[])[]): void;
