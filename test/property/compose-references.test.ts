import { ComposeProject, TestOutput } from 'cdk8s-conduit';
import { build } from './build';
import { forAllApplications, synthesize } from './synthesis';
import { networksOf, ownerOf } from '../../src/contracts/targets/compose-networks';
import { numberOf } from '../../src/contracts/targets/network-policy';

test('in the Compose file nothing refers to what is not there, and no path is mounted twice', () => {
  forAllApplications(description => {
    const { compose } = synthesize(description);
    expect(problemsOf(compose)).toEqual([]);
  });
});

test('services start in some order, and each waits for what can come', () => {
  forAllApplications(description => {
    const { compose } = synthesize(description);
    const services: Record<string, any> = compose.services;
    const problems: string[] = [];
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries<any>(depends_on)) {
        const holds = condition === 'service_healthy' ? services[other]?.healthcheck !== undefined :
          condition === 'service_completed_successfully' ? /^(no|on-failure(:\d+)?)$/.test(services[other]?.restart) : services[other] !== undefined;
        if (!holds) problems.push(`${name} waits for ${other}: ${condition}`);
      }
    }
    expect(problems).toEqual([]);
    expect(unstartable(services)).toEqual([]);
  });
});

test('subnets are disjoint, lie in the given range, and have room for all their containers', () => {
  forAllApplications(description => {
    // so small that places are often taken
    const compose = TestOutput.of(build(description), ComposeProject.target({ networkBlock: '10.32.0.0/19' })).document;
    const subnets = Object.entries<any>(compose.networks ?? {}).map(([name, { ipam }]) => {
      const [base, prefix] = ipam.config[0].subnet.split('/');
      return { name, first: numberOf(base), size: 2 ** (32 - Number(prefix)) };
    }).sort((a, b) => a.first - b.first);
    expect(subnets.filter(({ first }, index) => index > 0 && first < subnets[index - 1].first + subnets[index - 1].size)).toEqual([]);
    expect(subnets.filter(({ first, size }) => first % size !== 0)).toEqual([]);
    expect(subnets.filter(({ first, size }) => first < numberOf('10.32.0.0') || first + size > numberOf('10.32.32.0'))).toEqual([]);
    const containers = (network: string) => Object.entries<any>(compose.services)
      .filter(([service]) => ownerOf(compose, service) === service && networksOf(compose, service).includes(network))
      .reduce((sum, [, { deploy }]) => sum + (deploy?.replicas ?? 1), 0);
    // network, broadcast and gateway have addresses as well
    expect(subnets.filter(({ name, size }) => containers(name) > size - 3)).toEqual([]);
  });
});

test('secrets are files outside of the project or variables without a value', () => {
  forAllApplications(description => {
    const { compose } = synthesize(description);
    const manifest: any[] = compose['x-conduit']?.secrets ?? [];
    expect(Object.entries(compose.secrets ?? {})).toEqual(manifest.map(({ name, file }) => [name, { file }]));
    for (const { name, file } of manifest) expect(file).toMatch(new RegExp(`^../.*/secrets/${compose.name}/${name}$`));
    const variables = manifest.flatMap(({ variable }) => variable ?? []);
    expect(variables).toEqual([...new Set(variables)]);
    const interpolated = Object.values<any>(compose.services).flatMap(({ environment = {} }) => Object.values<string>(environment))
      .flatMap(value => /^\$\{(\w+)\?/.exec(value)?.[1] ?? []);
    expect([...new Set(interpolated)].sort()).toEqual([...variables].sort());
  });
});

function problemsOf(compose: any): string[] {
  const problems: string[] = [];
  const require = (holds: boolean, problem: string) => { if (!holds) problems.push(problem); };
  const used = { networks: new Set<string>(), volumes: new Set<string>() };
  for (const [name, service] of Object.entries<any>(compose.services)) {
    const owner = /^service:(.+)$/.exec(service.network_mode ?? '')?.[1];
    if (owner) {
      const joined = compose.services[owner];
      require(joined !== undefined && !/^service:/.test(joined.network_mode ?? ''), `${name}: joins ${owner}`);
      // of several replicas Compose would join the first, and all would join the same
      require(joined?.deploy?.replicas === undefined && service.deploy.replicas === undefined, `${name}: joins one of several`);
      // Compose refuses these beside another service's address
      for (const key of ['networks', 'hostname', 'ports', 'dns', 'extra_hosts']) require(service[key] === undefined, `${name}: has ${key} of its own`);
    }
    for (const network of Object.keys(service.networks ?? {})) {
      used.networks.add(network);
      require(compose.networks?.[network] !== undefined, `${name}: no network ${network}`);
    }
    for (const { source, volume } of service.volumes ?? []) {
      used.volumes.add(source);
      require(compose.volumes?.[source] !== undefined, `${name}: no volume ${source}`);
      if (name === 'conduit-setup') continue;
      // a new volume belongs to root, and a directory of it has to be there before it is mounted
      const directory = [source, volume?.subpath ?? ''];
      const words: string[] = compose.services['conduit-setup'].post_start[0].command;
      const prepared = words.some((word, index) => word === directory[0] && words[index + 1] === directory[1]);
      require(source === 'conduit-tools' || prepared, `${name}: nobody prepares ${directory.join('/')}`);
      require(service.depends_on?.['conduit-setup']?.condition === 'service_started', `${name}: does not wait for its volumes`);
    }
    for (const { source } of service.configs ?? []) require(compose.configs?.[source] !== undefined, `${name}: no config ${source}`);
    for (const secret of service.secrets ?? []) require(compose.secrets?.[secret] !== undefined, `${name}: no secret ${secret}`);
    const paths = [...service.volumes ?? [], ...service.configs ?? []].map(({ target }) => target).concat((service.tmpfs ?? []).map((each: string) => each.split(':')[0]));
    require(new Set(paths).size === paths.length, `${name}: a path twice in ${paths}`);
  }
  for (const network of Object.keys(compose.networks ?? {})) require(used.networks.has(network), `network ${network} unused`);
  for (const volume of Object.keys(compose.volumes ?? {})) require(used.volumes.has(volume), `volume ${volume} unused`);
  return problems;
}

/** Services that can never start, as they are on, or behind, a cycle. */
function unstartable(services: Record<string, any>): string[] {
  const waiting = new Map(Object.entries(services).map(([name, { depends_on = {}, network_mode = '' }]) =>
    [name, [...Object.keys(depends_on), .../^service:/.test(network_mode) ? [network_mode.slice('service:'.length)] : []]]));
  for (let started = true; started;) {
    started = false;
    for (const [name, others] of waiting) {
      if (others.some(other => waiting.has(other))) continue;
      waiting.delete(name);
      started = true;
    }
  }
  return [...waiting.keys()];
}
