// The file that docs/tracing.md gives for OpenTelemetry, in two threads: a worker's spans are children of the main thread's.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript-5.7';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Told {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent?: string;
  readonly ended: number;
}

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'millrace-otel-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules', 'millrace'), 'junction');
  symlinkSync(
    join(root, 'node_modules', '@opentelemetry'),
    join(project, 'node_modules', '@opentelemetry'),
    'junction',
  );
  const document = readFileSync(join(root, 'docs', 'tracing.md'), 'utf8');
  const [, source] = /```ts file=telemetry\.ts\n(.*?)```/s.exec(document)!;
  const { outputText } = ts.transpileModule(source!, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(join(project, 'telemetry.mjs'), outputText);
  cpSync(new URL('fixtures/recorder.mjs', import.meta.url), join(project, 'recorder.mjs'));
  writeFileSync(
    join(project, 'worker.mjs'),
    `
    import { workerData } from 'node:worker_threads';
    import { context, trace } from '@opentelemetry/api';
    import { attach, traceparent } from 'millrace';
    import { spans } from './recorder.mjs';
    import { contextOf } from './telemetry.mjs';
    const { jobs, questions, told } = attach(workerData);
    const work = (what) => context.with(contextOf(traceparent.getStore()), () => trace.getTracer('').startSpan(what).end());
    const served = questions.serve(async (question) => { await undefined; work('answer'); return question; });
    for await (const job of jobs) work('do ' + job);
    await served;
    told.trySend(spans);
    `,
  );
  writeFileSync(
    join(project, 'main.mjs'),
    `
    import { context, trace } from '@opentelemetry/api';
    import { bounded, rpc, spawn } from 'millrace';
    import { spans } from './recorder.mjs';
    import './telemetry.mjs';
    const [tx, jobs] = bounded(8, { codec: 'text', label: 'jobs', context: true });
    const [caller, questions] = rpc(8, { label: 'questions', context: true });
    const [told, theirs] = bounded(1, { codec: 'json' });
    spawn(new URL('worker.mjs', import.meta.url), { jobs, questions, told });
    const request = trace.getTracer('').startSpan('request');
    await context.with(trace.setSpan(context.active(), request), async () => {
      await tx.send('resize');
      await caller.call('when');
    });
    request.end();
    tx.close();
    caller.close();
    console.log(JSON.stringify([spans, await theirs.recv()]));
    `,
  );
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('what a worker does for a request is in the trace of the request', () => {
  const output = execFileSync(process.execPath, ['main.mjs'], { cwd: project, encoding: 'utf8' });
  const [here, there] = JSON.parse(output) as [Told[], Told[]];
  const all = [...here, ...there];
  const named = (name: string) => all.find((span) => span.name === name)!;
  const parents = (name: string): string[] => {
    const parent = all.find(({ spanId }) => spanId === named(name).parent);
    return parent === undefined ? [] : [parent.name, ...parents(parent.name)];
  };
  expect(all.map(({ name }) => name).sort()).toEqual([
    'answer',
    'do resize',
    'receive jobs',
    'receive questions',
    'request',
    'send jobs',
    'send questions',
  ]);
  expect(new Set(all.map(({ traceId }) => traceId)).size).toBe(1);
  expect(parents('receive jobs')).toEqual(['send jobs', 'request']);
  expect(parents('receive questions')).toEqual(['send questions', 'request']);
  expect(parents('do resize')).toEqual(['send jobs', 'request']);
  expect(parents('answer')).toEqual(['send questions', 'request']);
  expect(named('send jobs').kind).toBe(3);
  expect(named('receive jobs').kind).toBe(4);
  expect(all.map(({ ended }) => ended)).toEqual(all.map(() => 1));
});
