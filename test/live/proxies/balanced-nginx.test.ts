import { describeBalancer } from './load-balancer';

jest.setTimeout(300_000);

describeBalancer('nginx (examples/13-proxies-behind-load-balancer)', engine => engine.example('13-proxies-behind-load-balancer'));
