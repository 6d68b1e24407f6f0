import { poll, waitForDone, type Operation } from 'rx-lro';
import { jobClient, type JobAnswer } from 'rx-lro/job';
import { of, type Observable } from 'rxjs';
import { expectTypeOf, test } from 'vitest';

interface Build {
  readonly isOver: boolean;
  readonly artifact: string;
}

declare const build: Build;

test('what toOperation gives is what arrives', () => {
  const builds = jobClient({
    get: async () => build,
    toOperation: ({ isOver, artifact }) => ({
      done: isOver,
      response: artifact,
      metadata: { progressPercent: 7 },
    }),
  });
  expectTypeOf(waitForDone(builds, '7')).resolves.toEqualTypeOf<string>();
  expectTypeOf(poll(builds, '7')).toExtend<
    Observable<Operation<string, { progressPercent: number }>>
  >();
  expectTypeOf(builds.operation).parameter(0).toEqualTypeOf<Build>();
});

test('an Observable says what a job is as well', () => {
  const builds = jobClient({
    get: () => of(build),
    toOperation: ({ isOver }) => ({ done: isOver }),
  });
  expectTypeOf(builds.operation).parameter(0).toEqualTypeOf<Build>();
});

test('without a promise, what is given is the job, be it a text or a list', () => {
  const jobOf = <Job>(get: (id: string) => JobAnswer<Job>): Job =>
    jobClient({ get, toOperation: () => ({ done: true }) }) && (undefined as Job);
  expectTypeOf(jobOf(() => build)).toEqualTypeOf<Build>();
  expectTypeOf(jobOf(() => [build])).toEqualTypeOf<Build[]>();
  expectTypeOf(jobOf((id) => id)).toEqualTypeOf<string>();
  expectTypeOf(jobOf(async () => [build])).toEqualTypeOf<Build[]>();
  expectTypeOf(jobOf(() => of([build]))).toEqualTypeOf<Build[]>();
  jobClient({
    get: () => [build],
    toOperation: ([first]) => ({ done: first?.isOver === true, response: first?.artifact }),
  });
});

test('a state without `done` is refused', () => {
  // @ts-expect-error It must say whether it is over.
  jobClient({ get: async () => build, toOperation: ({ artifact }) => ({ response: artifact }) });
});
