// A name server on this machine, whose one answer a test changes.
import { createSocket, Socket } from 'dgram';
import { AddressInfo } from 'net';

const HEADER_SIZE = 12;
/** A standard answer without an error. */
const ANSWER_FLAGS = [0x81, 0x80];
/** A record of the name that was asked for: an IPv4 address, which is true for a second. */
const RECORD = [0xc0, HEADER_SIZE, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4];

/** Answers each question by the same IPv4 addresses. */
export class NameServer {
  public static async start(...addresses: string[]): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
    return new NameServer(socket, addresses);
  }

  private constructor(private readonly socket: Socket, public addresses: string[]) {
    socket.on('message', (query, { port, address }) => socket.send(this.answer(query), port, address));
  }

  public get address(): string {
    return `127.0.0.1:${(this.socket.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.socket.close();
  }

  private answer(query: Buffer): Buffer {
    const question = query.subarray(HEADER_SIZE, query.indexOf(0, HEADER_SIZE) + 5);
    const records = this.addresses.map(address => Buffer.from([...RECORD, ...address.split('.').map(Number)]));
    return Buffer.concat([query.subarray(0, 2), Buffer.from([...ANSWER_FLAGS, 0, 1, 0, records.length, 0, 0, 0, 0]), question, ...records]);
  }
}
