// What proxies themselves say of a configuration.
import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { folderOf } from './judges';

/** Where a proxy's program is. */
export function proxyProgram(name: 'nginx' | 'haproxy'): string {
  return join(folderOf('proxies'), 'bin', name);
}

/** What nginx finds wrong in a configuration: `files` by their paths in the container, the main one first. */
export function nginx(files: Record<string, string>): string[] {
  const load = `load_module ${join(folderOf('proxies'), 'root/usr/lib/nginx/modules/ngx_stream_module.so')};`; // which the official image has built in
  return checkConfiguration('nginx', files, main => ['-t', '-q', '-e', 'stderr', '-g', load, '-c', main]);
}

/** What HAProxy finds wrong in a configuration: `files` by their paths in the container, the main one first. */
export function haproxy(files: Record<string, string>): string[] {
  return checkConfiguration('haproxy', files, main => ['-c', '-f', main]);
}

/** The files are in a folder of their own, and name each other there. */
function checkConfiguration(program: 'nginx' | 'haproxy', files: Record<string, string>, args: (main: string) => string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), `${program}-`));
  try {
    const paths = [...Object.keys(files), '/tmp/'].map(path => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    mkdirSync(join(folder, 'tmp'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text.replace(new RegExp(paths.join('|'), 'g'), found => `${folder}${found}`));
    }
    const { error, status, stderr } = spawnSync(proxyProgram(program), args(join(folder, Object.keys(files)[0])), { encoding: 'utf8', env: {} });
    if (error) throw error;
    const said = stderr.replaceAll(folder, '').split('\n').filter(line => line.trim());
    return status !== 0 && said.length === 0 ? [`${program} ended with ${status}`] : said;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
