/** How a backlog is read. */
export enum BacklogKind {
  /** As the number of messages that a queue tells to whoever asks for it by AMQP 0-9-1. */
  AMQP_QUEUE = 'amqp-queue',
  /** As the distance between the end of a topic and the positions of a consumer group, by the protocol of Kafka. */
  KAFKA_GROUP = 'kafka-group',
}

/** A consumer group of a topic. */
export interface KafkaGroup {
  /** Name of the topic. */
  readonly topic: string;
  /** Name of the group. */
  readonly group: string;
  /** Number of the topic's partitions: so many members have work. */
  readonly partitions: number;
  /** How whoever reads proves who it is, such as `SCRAM-SHA-512`. */
  readonly saslMechanism: string;
}

/** Messages that wait for those who receive them, and how their number is read with a receiver's own rights. */
export class Backlog {
  /** Messages in a queue that is asked for by AMQP 0-9-1; those that are being worked on are not counted. */
  public static amqpQueue(queueName: string): Backlog {
    return new Backlog(BacklogKind.AMQP_QUEUE, queueName);
  }

  /** Messages of a topic that a group has not acknowledged yet. */
  public static kafkaGroup(group: KafkaGroup): Backlog {
    return new Backlog(BacklogKind.KAFKA_GROUP, undefined, group);
  }

  private constructor(
    /** How it is read. */
    public readonly kind: BacklogKind,
    /** Name of the queue; of an AMQP queue. */
    public readonly queueName?: string,
    /** The group; of a topic of Kafka. */
    public readonly group?: KafkaGroup,
  ) {}
}
