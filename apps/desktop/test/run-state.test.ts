import { expect, test } from 'vitest'
import { isLive, stateOfRun, type RunState } from '../src/renderer/app/project/run-state.ts'

function state(change: Partial<RunState['observed']>, live: RunState['live']): RunState {
  const observed = {
    state: 'running',
    source: live,
    branch: 'develop',
    since: '',
    runId: 'new',
    conditions: [],
    ...change,
  }
  return {
    projectId: 'p',
    desired: { run: true, source: live },
    observed,
    live,
    activeRelease: null,
  } as RunState
}

const one = { release: '1.0' }

test('the mark "running" is of what works, not of what only starts', () => {
  const switching = state({ state: 'starting', source: { release: '1.1' } }, one)
  expect([isLive(switching, one), isLive(switching, { release: '1.1' })]).toEqual([true, false])
  expect(isLive(state({}, { branch: '1.0' }), one)).toBe(false)
  expect(isLive(state({ state: 'crashed' }, null), one)).toBe(false)
  expect(isLive(undefined, one)).toBe(false)
})

test('of a run that has not ended, the history says what it does', () => {
  const switching = state({ state: 'starting' }, one)
  expect([stateOfRun(switching, 'new'), stateOfRun(switching, 'old')]).toEqual(['starting', 'running'])
  // Switched: the one before is drained.
  const switched = state({}, one)
  expect([stateOfRun(switched, 'new'), stateOfRun(switched, 'old')]).toEqual(['running', 'stopping'])
  // The one before ended by itself while the next one starts.
  expect(stateOfRun(state({ state: 'starting' }, null), 'old')).toBe('stopping')
})
