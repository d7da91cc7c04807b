// The entry of runner processes in this package's tests: a runner without project data.
import { runRunner } from '../runner/run-runner.ts'

await runRunner({
  openData: () => Promise.reject(new Error('this test has no project data')),
})
