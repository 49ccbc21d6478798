import { readdirSync } from 'fs';
import { chart, project } from './05-ecommerce/main';

const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
console.log(`
wrote ${readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter(path => /\.(ya?ml)$/.test(path)).map(path => `${outdir}/${path}`).sort().join(' and ')}

on a laptop, with Docker Engine 27.1 or newer:
  npx cdk8s-conduit secrets ${outdir}/compose
  docker compose -f ${outdir}/compose/compose.yml up -d --build
  docker compose -f ${outdir}/compose/compose.yml exec frontend python order.py book pen
  docker compose -f ${outdir}/compose/compose.yml logs inventory shipping notification

on a Kubernetes cluster, with the images built and pushed:
  run the kubectl lines that 'npx cdk8s-conduit secrets ${outdir}/compose' prints
  kubectl apply --server-side -f ${outdir}/shop.k8s.yaml
${chart.exposed.map(({ command }) => `  ${command}\n`).join('')}
then look here:
${project.exposed.map(({ name, url }) => `  ${name}: ${url}`).join('\n')}`);
