import { expect, test } from 'vitest'
import { DisposableStack } from './disposables.ts'

test('ends run in reverse order, each once, also after one failed', async () => {
  const seen: string[] = []
  const stack = new DisposableStack()
  stack.use({ [Symbol.dispose]: () => void seen.push('first') })
  stack.defer(() => {
    seen.push('second')
    throw new Error('second failed')
  })
  stack.use({ [Symbol.asyncDispose]: async () => void seen.push('third') })
  await expect(stack[Symbol.asyncDispose]()).rejects.toThrow('second failed')
  await stack[Symbol.asyncDispose]()
  expect(seen).toEqual(['third', 'second', 'first'])
})
