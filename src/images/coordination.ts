import { Size } from 'cdk8s';
import { HealthCheck } from '../model/health-check';
import type { ImageFacts } from '../model/image-facts';

/** What other servers find each other by. */
export const COORDINATION: ImageFacts[] = [
  {
    name: 'zookeeper',
    sinceVersion: 3,
    uid: 1000,
    gid: 1000,
    ports: [{ name: 'zookeeper', number: 2181 }],
    health: HealthCheck.command(['zkServer.sh', 'status']),
    writablePaths: ['/conf', '/logs', '/tmp'],
    dataPaths: ['/data', '/datalog'],
    memory: Size.mebibytes(512),
    source: 'https://github.com/31z4/zookeeper-docker/blob/4e8ac7d9e24ea39ac42a28218c91d819aa650f97/3.9.6/Dockerfile',
    date: '2026-11-28',
  },
];
