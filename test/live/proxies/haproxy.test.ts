import { HaProxy } from 'cdk8s-conduit';
import { describeProxy } from './reverse-proxy';
import { proxiedShop } from '../proxied-shop';

jest.setTimeout(300_000);

describeProxy('HAProxy', engine => engine.application(proxiedShop(new HaProxy())));
