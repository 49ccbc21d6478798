// The page in a browser that is none: its tables, and what its script does.
import { Application, BrokeredQueue, ComposeProject, ConfigFile, Endpoint, ITarget, KubernetesChart, RabbitMq, Task, Topology, Workload } from 'cdk8s-conduit';

const { parseHTML } = jest.requireActual('linkedom'); // describes its types as those of another kind of module

const IMAGE = 'registry.example/acme/app:1.0';

interface Page {
  readonly document: any;
  readonly all: (selector: string) => any[];
  readonly one: (selector: string) => any;
  /** Lets something happen to an element. */
  readonly fire: (selector: string, type: string, more?: object) => void;
}

/** Opens a page, with as much of a browser around it as its script asks for. */
function open(html: string, prefersDark = false): Page {
  const { document, window } = parseHTML(html);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  for (const svg of all('svg')) {
    const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    svg.viewBox = { baseVal: { width, height } };
  }
  const canvas = document.querySelector('.canvas');
  Object.assign(canvas, { clientWidth: 402, scrollTo: () => undefined, scrollBy: () => undefined });
  const views = document.querySelector('#views');
  if (views) Object.defineProperty(views, 'value', { value: '0', writable: true });
  const [, script] = /<script>\n([\s\S]*)<\/script>/.exec(html)!;
  new Function('document', 'matchMedia', 'addEventListener', script)(document, () => ({ matches: prefersDark }), () => undefined);
  return {
    document,
    all,
    one: selector => document.querySelector(selector),
    fire: (selector, type, more = {}) => document.querySelector(selector).dispatchEvent(Object.assign(new window.Event(type, { bubbles: true }), more)),
  };
}

function shopApplication(): Application {
  const shop = new Application('shop');
  const orders = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  const web = new Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
  const packer = new Workload(shop, 'packer', { image: IMAGE });
  orders.grantSend(web);
  orders.grantReceive(packer);
  packer.connectTo(Endpoint.external('db.example.com', 5432, { addresses: ['192.0.2.0/24'] }), { prefix: 'DB' });
  packer.main.mountConfigFile(new ConfigFile(shop, 'settings', { path: '/etc/settings', content: 'secret of the house' }));
  web.publish();
  return shop;
}

const pageOf = (application: Application, targets?: ITarget[]) => new Topology(application, { targets }).files[`${application.name}.html`];
const rowsOf = ({ all }: Page, section: string) => all(`#${section} tbody tr`).map(row => [...row.querySelectorAll('td')].map((cell: any) => cell.textContent));

describe('the page', () => {
  let page: Page;
  beforeAll(() => { page = open(pageOf(shopApplication())); });

  test('lists every connection, with the paths of both ends', () => {
    expect(rowsOf(page, 'connections')).toEqual([
      ['this machine', 'connect', '', 'web', '8080/TCP', 'http://web:8080', 'no', 'outside', 'shop/web'],
      ['packer', 'receive', 'orders', 'broker', '5672/TCP', 'amqp://broker:5672', 'yes', 'shop/packer', 'shop/broker/Default'],
      ['packer', 'connect', '', 'db.example.com', '5432/TCP', 'tcp://db.example.com:5432', 'no', 'shop/packer', 'outside'],
      ['web', 'send', 'orders', 'broker', '5672/TCP', 'amqp://broker:5672', 'yes', 'shop/web', 'shop/broker/Default'],
    ]);
  });

  test('lists all that is exposed, how one gets there on each target, and what gets out', () => {
    expect(rowsOf(page, 'exposed')).toEqual([
      ['this machine', 'this machine', 'connect', 'web', '8080/TCP', 'shop/web'],
      ['Kubernetes', 'this machine', 'web', 'http', expect.any(String), 'kubectl port-forward service/web 8080:8080'],
      ['Compose', 'this machine', 'web', 'http', 'http://localhost:8080', ''],
      ['Swarm', 'this machine', 'web', 'http', 'http://localhost:8080', expect.stringMatching(/^docker create .* && docker network connect .* && docker start -a shop_web_http$/)],
      ['packer', 'connect', 'db.example.com', '5432/TCP', '192.0.2.0/24', 'shop/packer'],
    ]);
  });

  test('lists every construct with its path, and the text of no file', () => {
    const rows = rowsOf(page, 'constructs');
    expect(rows).toContainEqual(['settings', 'config file', '/etc/settings', 'shop/settings']);
    expect(rows.find(([name]) => name === 'packer')).toEqual(['packer', 'workload', expect.stringContaining(`main: ${IMAGE}; config files: settings; secrets: orders-packer-receive; starts after: broker`), 'shop/packer']);
    expect(rows.map(([, , , path]) => path)).toEqual(expect.arrayContaining(['shop/web', 'shop/broker/Default', 'shop/orders/web-send']));
    expect(page.document.documentElement.textContent).not.toContain('secret of the house');
  });

  test('tells how truly each target does what is declared', () => {
    expect(page.all('#fidelity h3').map(({ textContent }) => textContent)).toEqual(['Kubernetes', 'Compose', 'Swarm', 'Topology']);
    const { reason } = ComposeProject.target().deviations.find(({ feature }) => feature === 'direction and port of a connection')!;
    expect(rowsOf(page, 'fidelity')).toContainEqual(['shop/packer', 'emulated', 'direction and port of a connection', reason]);
  });

  test('needs nothing beside it', () => {
    const html = pageOf(shopApplication());
    expect(html).not.toMatch(/<(link|img|script src)|url\((?!#)|@import|https?:\/\/(?!web:|www\.w3\.org\/2000\/svg|localhost|broker)/);
  });
});

test('why a target refuses the application stands on the page, which is drawn all the same', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: IMAGE }).waitFor(new Task(shop, 'migrate', { image: IMAGE }));
  const page = open(pageOf(shop, [KubernetesChart.target()]));
  expect(page.one('#fidelity').textContent).toContain('shop/web: waiting for a task that has no');
  expect(page.all('.node')).toHaveLength(2);
});

test('where nothing is connected, the page says so', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: IMAGE });
  const page = open(pageOf(shop, []));
  expect(page.one('#connections').textContent).toContain('There is none.');
  expect(page.one('#exposed').textContent).toMatch(/Nobody outside of the application reaches it\.\s*To the outside\s*Nothing leaves the application\./);
});

describe('the script', () => {
  const dimmed = ({ all }: Page) => all('figure:not([hidden]) .node').filter(node => node.classList.contains('dim')).map(({ dataset }) => dataset.name).sort();

  test('lets stand out what is looked for, with its lines and what is at their ends, and hides other rows', () => {
    const page = open(pageOf(shopApplication(), []));
    expect(dimmed(page)).toEqual([]);
    page.one('#search').value = 'DB.example';
    page.fire('#search', 'input');
    expect(dimmed(page)).toEqual(['broker', 'this machine', 'web']);
    expect(page.all('.line').filter(line => !line.classList.contains('dim')).map(({ dataset }) => `${dataset.from} ${dataset.to}`)).toEqual(['packer db.example.com']);
    expect(page.all('#connections tbody tr').filter(row => !row.hidden)).toHaveLength(1);
    page.one('#search').value = '';
    page.fire('#search', 'input');
    expect(dimmed(page)).toEqual([]);
  });

  test('looks for a box that is clicked, and for all again when it is clicked again', () => {
    const page = open(pageOf(shopApplication(), []));
    page.fire('.node[data-name=packer] .title', 'click');
    expect([page.one('#search').value, dimmed(page)]).toEqual(['packer', ['this machine', 'web']]);
    page.fire('.node[data-name=packer] .title', 'click');
    expect([page.one('#search').value, dimmed(page)]).toEqual(['', []]);
  });

  test('makes pictures larger and smaller, and fits them into the page', () => {
    const page = open(pageOf(shopApplication(), []));
    const width = () => Number(page.one('svg').getAttribute('width'));
    const { width: own } = page.one('svg').viewBox.baseVal;
    expect(width()).toBeCloseTo(0.55 * own); // does not fit, but can be read
    page.fire('#in', 'click');
    expect(width()).toBeCloseTo(0.55 * 1.25 * own);
    page.fire('#out', 'click');
    expect(width()).toBeCloseTo(0.55 * own);
    page.fire('.canvas', 'wheel', { ctrlKey: true, deltaY: -1, preventDefault: () => undefined });
    expect(width()).toBeCloseTo(0.55 * 1.1 * own);
    page.fire('.canvas', 'wheel', { deltaY: -1 });
    expect(width()).toBeCloseTo(0.55 * 1.1 * own);
    page.fire('#fit', 'click');
    expect(width()).toBeCloseTo(400);
  });

  test.each([[false, ['dark', 'light']], [true, ['light', 'dark']]])('changes from what the reader has, dark: %s, to the other colours and back', (prefersDark, expected) => {
    const page = open(pageOf(shopApplication(), []), prefersDark);
    const themes = [1, 2].map(() => {
      page.fire('#theme', 'click');
      return page.document.documentElement.dataset.theme;
    });
    expect(themes).toEqual(expected);
  });

  test('shows the picture of a place that is chosen, or clicked in the overview', () => {
    const shop = new Application('shop');
    const servers = ['api', 'store'].map(id => new Workload(shop, id, { image: IMAGE, ports: [{ name: 'http', number: 80 }] }));
    for (let index = 0; index < 45; index++) new Workload(shop, `client-${index}`, { image: IMAGE }).connectTo(servers[index % 2].endpoint());
    const page = open(pageOf(shop, []));
    const shown = () => page.all('figure').findIndex(figure => !figure.hidden);
    expect(page.all('#views option').map(({ textContent }) => textContent)).toEqual(['Overview', 'api', 'store']);
    expect(shown()).toBe(0);
    page.fire('.node[data-name=store]', 'click');
    expect(shown()).toBe(2);
    page.one('#views').value = '1';
    page.fire('#views', 'change');
    expect(shown()).toBe(1);
  });
});
