/**
 * Messages that wait for those who receive them, and how their number is read with a receiver's own rights.
 * The words are open: a broker says them, and whoever reads that protocol understands them.
 */
export interface Backlog {
  /** Protocol by which the number is read, such as `amqp`. */
  readonly protocol: string;
  /** What is read, and what whoever reads it has to know, such as the name of the queue. */
  readonly values: Record<string, string>;
  /**
   * Number of parts in which it is shared out: with more replicas than that, some would have nothing to do.
   * @default - it is shared out message by message
   */
  readonly partitions?: number;
}
