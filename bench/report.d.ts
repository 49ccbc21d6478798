export function median(numbers: readonly number[]): number;
/** Prints a table as Markdown. */
export function printTable(head: readonly string[], lines: readonly (readonly string[])[]): void;
